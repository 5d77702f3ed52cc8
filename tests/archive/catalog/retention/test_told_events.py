"""What was told that begins periods, in the register."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update

from archive.catalog.database.engine import reading, writing
from archive.catalog.retention.told_events import days_told, not_yet_told, stored_events, tellings
from archive.catalog.tables.catalog import retention_event
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, TenantId
from archive.lifecycle.retention_events import CONTRACT_END, EventKey, ToldEvent
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, REFUSED, author, new_catalog
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.told_events import tell
from tests.support.verification.register import TRIGGERS
from tests.told import all_told

KEY = EventKey(CONTRACT_END, "k-17")
FIRST = ToldEvent.of(CONTRACT_END, "K-17", "2026-03-31")
RIGHT = ToldEvent.of(CONTRACT_END, "k-17", "2026-03-30")
TAKEN_BACK = ToldEvent.of(CONTRACT_END, "k-17", "none")


def days(engine: Engine, *keys: EventKey, tenant: TenantId = DEFAULT_TENANT) -> list[date]:
    """What counts of these."""
    with reading(engine) as connection:
        return list(days_told(connection, tenant_row(connection, tenant), keys).values())


def test_the_last_word_of_a_key_counts_and_every_word_is_kept(tmp_path: Path) -> None:
    """A wrong day is corrected by another row; who told what stays true."""
    engine = new_catalog(tmp_path)
    seen = [days(engine, KEY)]
    for each in (FIRST, RIGHT, TAKEN_BACK):
        tell(engine, each)
        seen.append(days(engine, KEY))
    with reading(engine) as connection:
        kept = stored_events(connection, DEFAULT_TENANT)

    assert seen == [[], [date(2026, 3, 31)], [date(2026, 3, 30)], []]
    assert [(each.event, each.is_last) for each in kept] == [
        (TAKEN_BACK, True), (RIGHT, False), (FIRST, False),
    ]  # fmt: skip
    assert {(each.author, each.told_us, each.one_person) for each in kept} == {
        (author().access.actor, NOW_US, True)
    }


def test_a_key_of_another_kind_or_tenant_is_another_key(tmp_path: Path) -> None:
    """An agent who is called as a contract has not left when that ends."""
    engine = new_catalog(tmp_path)
    tell(engine, FIRST)
    tell(engine, RIGHT, tenant=OTHER_TENANT)

    assert days(engine, EventKey("agent_left", "k-17")) == []
    assert days(engine, KEY) == [FIRST.day]
    assert days(engine, KEY, tenant=OTHER_TENANT) == [RIGHT.day]


def test_what_says_nothing_new_is_not_told_again(tmp_path: Path) -> None:
    """A table may be sent each night."""
    engine = new_catalog(tmp_path)
    other = ToldEvent.of("agent_left", "A1", "none")
    tell(engine, FIRST)
    with reading(engine) as connection:
        left = not_yet_told(connection, DEFAULT_TENANT, [FIRST, other])
        corrected = not_yet_told(connection, DEFAULT_TENANT, [RIGHT])

    assert left == ()
    assert corrected == (RIGHT,)


def test_the_journal_says_how_many_were_told_and_no_key(tmp_path: Path) -> None:
    """It outlives every contract; the rows have its place."""
    engine = new_catalog(tmp_path)
    tell(engine, FIRST)
    with reading(engine) as connection:
        entry = all_told(connection)[-1].entry

    assert (entry.action, entry.target) == ("events_told", "events")
    assert FIRST.key not in str(entry.detail)
    assert {**entry.detail, "rows": ""} == {
        "sha256": "00" * 32, "count": 1, "one_person": 1, "rows": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value"), [("day", "2020-01-01"), ("day", None), ("key", "x"), ("kind", "x")]
)
def test_what_a_telling_said_is_known_by_its_entry(
    tmp_path: Path, column: str, value: str | None
) -> None:
    """Of each telling by itself, and whoever changes it."""
    engine = new_catalog(tmp_path)
    tell(engine, FIRST, ToldEvent.of("agent_left", "A1", "2026-04-01"))
    tell(engine, ToldEvent.of("agent_left", "A2", "2026-05-01"))
    with reading(engine) as connection:
        told = [each.entry.detail["rows"] for each in all_told(connection)[-2:]]
        found = [each.digest for each in tellings(connection)]
    with writing(engine) as connection:
        for (drop,) in connection.exec_driver_sql(TRIGGERS[engine.dialect.name]).all():
            connection.exec_driver_sql(drop)
        own = update(retention_event).where(retention_event.c.row == 2)
        connection.execute(own.values({column: value}))
    with reading(engine) as connection:
        changed = [each.digest for each in tellings(connection)]

    assert found == told
    assert (changed[0] != told[0], changed[1] == told[1]) == (True, True)


def test_what_was_told_is_read_page_by_page_and_by_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be as many as there are contracts."""
    monkeypatch.setattr("archive.catalog.retention.told_events.MAX_PAGE", 2)
    engine = new_catalog(tmp_path)
    tell(engine, *(ToldEvent.of("agent_left", f"A{at}", "2026-04-01") for at in range(3)))
    with reading(engine) as connection:
        first = stored_events(connection, DEFAULT_TENANT)
        second = stored_events(connection, DEFAULT_TENANT, before=first[-1].row)
        (one,) = stored_events(connection, DEFAULT_TENANT, key=" a1 ")

    assert [each.event.key for each in (*first, *second)] == ["A2", "A1", "A0"]
    assert one.event.key == "A1"


@pytest.mark.parametrize(
    "change", [lambda: delete(retention_event), lambda: update(retention_event).values(day=None)]
)
def test_the_database_itself_keeps_what_was_told(
    tmp_path: Path, change: Callable[[], object]
) -> None:
    """Why something went must be true years later."""
    engine = new_catalog(tmp_path)
    tell(engine, FIRST)

    with pytest.raises(REFUSED, match="only added"), writing(engine) as connection:
        connection.execute(change())  # type: ignore[call-overload]  # a statement


def test_a_rebuild_keeps_what_was_told(tmp_path: Path) -> None:
    """It is in no recording."""
    engine = new_catalog(tmp_path)
    tell(engine, FIRST)
    rebuild(engine, [])

    assert days(engine, KEY) == [FIRST.day]
