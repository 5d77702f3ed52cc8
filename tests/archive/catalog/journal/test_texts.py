"""Texts of the journal in the register: found by when they were written, and ended."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Entry, append
from archive.catalog.journal.texts import (
    FIRST,
    destroy_texts,
    is_written_behind,
    kept_texts,
    last_place,
    recordings_about,
)
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import adopt, adoption, new_catalog, recording_id
from tests.told import all_told


def told(at_us: int, reason: str = "case:1", target: str = "") -> Entry:
    """An entry with a text, unless the reason is a code."""
    return Entry(
        tenant=DEFAULT_TENANT, at_us=at_us, actor="yamada", action="read", target=target,
        reason=reason,
    )  # fmt: skip


def written(folder: Path, *at_us: int) -> tuple[Engine, list[int]]:
    """A catalog, and the places of entries of these times."""
    engine = new_catalog(folder)
    with writing(engine) as connection:
        return engine, [append(connection, told(each)) for each in at_us]


def test_texts_are_found_by_stretches_and_in_pages(tmp_path: Path) -> None:
    """Two revisions may leave a gap between what they let go."""
    engine, places = written(tmp_path, 10, 20, 20, 30, 40, 50)
    stretches = [(0, 11), (20, 50)]
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        first = kept_texts(connection, tenant, stretches, FIRST, 2)
        behind = (first[-1].at_us, first[-1].entry)
        rest = kept_texts(connection, tenant, stretches, behind, 9)

    assert [each.entry for each in (*first, *rest)] == places[:5]


def test_what_is_gone_is_not_found_and_its_entry_says_since_when(tmp_path: Path) -> None:
    """Emptiness would say that nobody had typed anything."""
    engine, places = written(tmp_path, 10, 20)
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        destroy_texts(connection, places[:1], 99)
        destroy_texts(connection, places[:1], 100)
        left = kept_texts(connection, tenant, [(0, 50)], FIRST, 9)
        gone, kept = all_told(connection)

    assert [each.entry for each in left] == places[1:]
    assert (gone.texts_gone_us, gone.entry.reason) == (99, "")
    assert (kept.texts_gone_us, kept.entry.reason) == (None, "case:1")


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM journal_text",
        "UPDATE journal_text SET text = 'another'",
        "UPDATE journal_text SET gone_us = 1",
        "UPDATE journal_text SET gone_us = NULL",
        "UPDATE journal_text SET gone_us = 1, text = NULL, salt = NULL, at_us = 2",
    ],
)
def test_both_databases_refuse_another_text(tmp_path: Path, change: str) -> None:
    """A text goes once and whole, whoever writes."""
    engine, places = written(tmp_path, 10, 20)
    with writing(engine) as connection:
        destroy_texts(connection, places[:1], 99)

    with pytest.raises(DBAPIError, match="texts of the journal"), writing(engine) as connection:
        connection.exec_driver_sql(change)

    with reading(engine) as connection:
        assert [each.texts_gone_us for each in all_told(connection)] == [99, None]


def test_what_an_entry_is_about_is_a_recording_or_all_of_a_call(tmp_path: Path) -> None:
    """A hold names recordings; who read the call saw them all."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2))
    own = str(recording_id(1))
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        known = set(connection.scalars(recording.select().with_only_columns(recording.c.id)))
        found = recordings_about(connection, tenant, [own, "ff" * 16, "agents", "x" * 32])

    assert {each.raw for each in found[own]} <= known
    assert recording_id(1) in found[own]
    assert set(found) == {own, "ff" * 16}


def test_the_last_of_the_journal_is_known(tmp_path: Path) -> None:
    """By which the slack is gone through, and a clock that is behind is seen."""
    engine, places = written(tmp_path, 30, 20)
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        assert last_place(connection, tenant, "read") == places[0]
        assert last_place(connection, tenant, "texts_destroyed") == 0
        assert is_written_behind(connection, tenant, 29)
        assert not is_written_behind(connection, tenant, 30)
