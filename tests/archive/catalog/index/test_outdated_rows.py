"""What is made anew first, and what cannot be made anew."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select, update

from archive.catalog.database.engine import reading, writing
from archive.catalog.index import agents, outdated_rows
from archive.catalog.index.outdated_rows import put_aside
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.derived_forms import ASIDE, FORM
from archive.catalog.tables.stored_events import bodies_of
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)
from tests.support.catalog.packed import change_events

LATER = b'{"type":"of_a_later_version","at_us":1}'


def of_before(engine: Engine) -> None:
    """As an upgrade leaves them."""
    with writing(engine) as connection:
        connection.execute(update(recording).values(derived=0))


def forms(engine: Engine) -> list[int]:
    """By which form the rows were made, in the order of the recordings."""
    with reading(engine) as connection:
        return list(connection.scalars(select(recording.c.derived).order_by(recording.c.row)))


def spoilt(engine: Engine, body: bytes = LATER) -> None:
    """The first recording has an event that nobody here knows."""
    with writing(engine) as connection:
        change_events(connection, lambda told: {**told, 0: body}, row=1)


@pytest.mark.parametrize("body", [LATER, b"no JSON"])
def test_what_cannot_be_read_is_put_aside_by_name_and_the_others_go_on(
    tmp_path: Path, body: bytes
) -> None:
    """Who went back to an earlier version has events of the later one; each round ended there."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(n, inbound(STARTED_US + n)) for n in (1, 2)))
    spoilt(engine, body)
    of_before(engine)
    writer = CatalogWriter(engine, lambda: NOW_US)

    assert [writer.derive(1), writer.derive(1), writer.derive(1)] == [1, 1, 0]
    assert forms(engine)[1] == FORM
    with reading(engine) as connection:
        assert put_aside(connection) == [recording_id(1, STARTED_US + 1)]


def test_what_was_put_aside_is_tried_again_at_the_next_start(tmp_path: Path) -> None:
    """Which is another version's, perhaps."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    with reading(engine) as connection:
        body = bodies_of(connection, 1, 1)[0]
    spoilt(engine)
    of_before(engine)
    writer = CatalogWriter(engine, lambda: NOW_US)
    writer.derive(1)
    spoilt(engine, body)
    writer.try_again()

    assert [writer.derive(9), writer.derive(9)] == [1, 0]
    assert forms(engine) == [FORM]


def test_a_part_comes_in_although_what_is_there_cannot_be_read(tmp_path: Path) -> None:
    """It is in the archive; its row must be in the index."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(part=0, is_last=False))
    spoilt(engine)
    adopt(engine, adoption(part=1))

    with reading(engine) as connection:
        assert put_aside(connection) == [recording_id()]


def test_an_import_decides_the_calls_that_it_touches_before_those_of_an_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who imports a table looks at its calls next; the others wait for the keeper."""
    engine = new_catalog(tmp_path)
    elsewhere = inbound(STARTED_US, agent="sip:9999@pbx.example")
    adopt(engine, adoption(1, elsewhere), adoption(2, elsewhere), adoption(3))
    of_before(engine)
    monkeypatch.setattr(agents, "DECIDED_AT_ONCE", 1)
    agents.import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    assert forms(engine) == [0, 0, FORM]


def test_what_is_refused_in_any_way_is_put_aside_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One recording that the database, or a mistake of ours, refuses ended each round."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(n, inbound(STARTED_US + n)) for n in (1, 2)))
    of_before(engine)
    derive = outdated_rows.derive_recording

    def refusing(connection: Connection, tenant: int, row: int) -> None:
        if row == 1:
            connection.execute(update(recording).values(source=None))
        derive(connection, tenant, row)

    monkeypatch.setattr(outdated_rows, "derive_recording", refusing)
    CatalogWriter(engine, lambda: NOW_US).derive(10)

    assert forms(engine) == [ASIDE, FORM]
