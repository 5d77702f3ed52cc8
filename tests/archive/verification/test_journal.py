"""The journal has no empty place, and no entry that is older than an earlier one."""

from pathlib import Path

from sqlalchemy import Engine

from archive.catalog.checks.journal_walk import Mark
from archive.catalog.database.engine import trying, writing
from archive.catalog.journal.entries import Action, Entry, append
from archive.ids import DEFAULT_TENANT
from archive.verification.faults import Fault, Finding
from archive.verification.journal import LATE_US, gaps, journal_findings, out_of_order
from tests.archive.catalog.examples import new_catalog

HOUR_US = 3_600_000_000
NOW_US = 1_800_000_000_000_000


def mark(seq: int, at_us: int, action: Action = "read") -> Mark:
    return Mark(seq, at_us, action)


def gone(places: str) -> Finding:
    return Finding(f"journal {places}", Fault.ENTRY_GONE)


def write(engine: Engine, *actions: Action, at_us: int = NOW_US) -> None:
    """An entry of each action, one after another."""
    for action in actions:
        with writing(engine) as connection:
            entry = Entry(
                tenant=DEFAULT_TENANT, at_us=at_us, actor="tanaka", action=action, target=""
            )
            append(connection, entry)


def test_a_journal_as_it_is_written_is_whole(tmp_path: Path) -> None:
    """Also where a transaction was given up in between."""
    engine = new_catalog(tmp_path)
    write(engine, "read", "read")
    with trying(engine) as connection:
        given_up = Entry(tenant=DEFAULT_TENANT, at_us=NOW_US, actor="x", action="read", target="")
        append(connection, given_up)
    write(engine, "read")

    assert list(journal_findings(engine)) == []
    engine.dispose()


def test_entries_that_are_gone_leave_empty_places(tmp_path: Path) -> None:
    """In an embedded catalog the last ones too: no place is given twice."""
    engine = new_catalog(tmp_path)
    write(engine, *["read"] * 6)
    drop = {
        "sqlite": "DROP TRIGGER journal_keeps_its_rows",
        "postgresql": "DROP TRIGGER journal_keeps_its_rows ON journal",
    }
    with writing(engine) as connection:
        connection.exec_driver_sql(drop[engine.dialect.name])
        connection.exec_driver_sql("DELETE FROM journal WHERE seq IN (1, 3, 4, 6)")

    at_the_end = [gone("6")] if engine.dialect.name == "sqlite" else []
    assert list(journal_findings(engine)) == [gone("1"), gone("3–4"), *at_the_end]
    engine.dispose()


def test_every_place_that_is_empty_is_a_gap() -> None:
    """Also where nothing is left."""
    assert list(gaps([mark(2, 0), mark(5, 0)], 0)) == [gone("1"), gone("3–4")]
    assert list(gaps([], 3)) == [gone("1–3")]


def test_an_entry_before_an_earlier_one_is_out_of_its_time() -> None:
    """But not one that was committed some minutes late."""
    late = [mark(1, NOW_US), mark(2, NOW_US - LATE_US), mark(3, NOW_US + 1)]
    forged = [mark(1, NOW_US), mark(2, NOW_US - LATE_US - 1), mark(3, NOW_US)]

    assert list(out_of_order(late)) == []
    assert list(out_of_order(forged)) == [Finding("journal 2", Fault.ENTRY_OUT_OF_TIME, "read")]


def test_a_clock_that_was_set_back_is_told_by_an_entry() -> None:
    """Some entries are written before anybody notices; another jump is another one."""
    set_back = [
        mark(1, NOW_US),
        mark(2, NOW_US - HOUR_US),
        mark(3, NOW_US - HOUR_US + 1),
        mark(4, NOW_US - HOUR_US + 2, "clock_set"),
        mark(5, NOW_US - HOUR_US + 3),
    ]

    assert list(out_of_order(set_back)) == []
    again = [*set_back, mark(6, NOW_US - 2 * HOUR_US)]
    assert [each.part for each in out_of_order(again)] == ["journal 6"]
    two = [*set_back[:2], mark(3, NOW_US - 2 * HOUR_US), mark(4, NOW_US, "clock_set")]
    assert [each.part for each in out_of_order(two)] == ["journal 2"]
