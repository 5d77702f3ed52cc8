"""The journal is read from end to end, whatever stands in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from archive.catalog.checks.journal_walk import entries_of, last_given_seq, marks
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Entry, append
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import new_catalog


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = new_catalog(tmp_path)
    with writing(made) as connection:
        for number in range(3):
            append(
                connection,
                Entry(
                    tenant=DEFAULT_TENANT,
                    at_us=number,
                    actor="tanaka",
                    action="approved" if number else "read",
                    target="proposal:1",
                    detail={"kind": "x"},
                ),
            )
    yield made
    made.dispose()


def test_every_entry_has_its_mark(engine: Engine) -> None:
    """In the order of writing."""
    assert [(each.seq, each.at_us, each.action) for each in marks(engine)] == [
        (1, 0, "read"),
        (2, 1, "approved"),
        (3, 2, "approved"),
    ]


def test_entries_are_read_by_their_actions(engine: Engine) -> None:
    """With what they tell."""
    with reading(engine) as connection:
        found = list(entries_of(connection, {"approved"}))

    assert [(each.seq, each.target, each.detail) for each in found] == [
        (2, "proposal:1", {"kind": "x"}),
        (3, "proposal:1", {"kind": "x"}),
    ]


def test_an_entry_that_cannot_be_read_is_passed_over(engine: Engine) -> None:
    """It is named by itself."""
    with writing(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO journal (seq, tenant, at_us, actor, action, target, reason, detail)"
                " SELECT 4, tenant, -1, actor, action, target, reason, '[]' FROM journal"
                " WHERE seq = 3"
            )
        )

    with reading(engine) as connection:
        assert [each.seq for each in entries_of(connection, {"approved"})] == [2, 3]
    assert [each.seq for each in marks(engine)] == [1, 2, 3, 4]


def test_an_embedded_catalog_knows_the_last_place_that_it_gave(engine: Engine) -> None:
    """A server gives none: each entry takes the next."""
    with reading(engine) as connection:
        assert last_given_seq(connection) == (3 if engine.dialect.name == "sqlite" else 0)
