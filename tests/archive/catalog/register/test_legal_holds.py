"""Legal holds in the register: placed, active, ended, never deleted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, update
from sqlalchemy.exc import DBAPIError

from archive.catalog.database.engine import reading, writing
from archive.catalog.register.legal_holds import (
    UnknownHold,
    cancel,
    hold_numbered,
    holds_over,
    holds_placing,
    open_hold,
    release,
    stored_holds,
)
from archive.catalog.tables.catalog import hold, hold_recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, HoldId
from archive.lifecycle.legal_holds import HoldOver
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, author, new_catalog, recording_id
from tests.archive.catalog.rebuilding import rebuild
from tests.support.hold_scenes import GRACE_US, TERMS, held
from tests.told import all_told

OWN = HoldId(b"h" * 16)


def test_a_hold_is_read_as_it_was_placed(tmp_path: Path) -> None:
    """It begins as one that is being placed, and the journal says for which matter."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        placed = open_hold(connection, author(), OWN, TERMS)
        tenant = tenant_row(connection, DEFAULT_TENANT)

        assert stored_holds(connection, tenant) == holds_placing(connection, tenant) == (placed,)
        assert stored_holds(connection, tenant + 1) == ()
        told = all_told(connection)[-1].entry

    assert (placed.id, placed.terms, placed.state, placed.end) == (OWN, TERMS, "placing", None)
    assert (placed.author, placed.placed_us) == ("yamada", NOW_US)
    assert (told.action, told.target) == ("hold_placed", f"hold:{OWN}")
    assert told.detail["matter"] == TERMS.matter


def test_a_released_hold_stands_until_its_grace_is_over_and_a_cancelled_one_does_not(
    tmp_path: Path,
) -> None:
    """When grace is over is judged by who knows what time it is."""
    engine = new_catalog(tmp_path)
    own = recording_id(1)
    active = held(engine, own)
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        before = list(holds_over(connection, tenant, [own]))
        release(connection, author(), active, NOW_US + GRACE_US, one_person=False)
        after = list(holds_over(connection, tenant, [own]))
        released = hold_numbered(connection, tenant, active.number)
        with pytest.raises(HoldOver, match="released"):
            release(connection, author(), released, NOW_US + GRACE_US, one_person=False)
        placing = open_hold(connection, author(), OWN, TERMS)
        cancel(connection, author(), placing, one_person=True)
        cancelled = hold_numbered(connection, tenant, placing.number)
        with pytest.raises(HoldOver, match="cancelled"):
            cancel(connection, author(), cancelled, one_person=True)

    assert [each.until_us for each in before] == [None]
    assert [each.until_us for each in after] == [NOW_US + GRACE_US]
    assert cancelled.end is not None
    assert cancelled.end.one_person
    with reading(engine) as connection:
        told = [each.entry.action for each in all_told(connection)]
        assert told == [
            "hold_placed", "hold_activated", "hold_released", "hold_placed", "hold_cancelled",
        ]  # fmt: skip


def test_what_was_too_late_to_hold_is_not_held(tmp_path: Path) -> None:
    """And what another tenant holds stands over nothing of ours."""
    engine = new_catalog(tmp_path)
    gone, kept = recording_id(1), recording_id(2)
    held(engine, gone, state="destroyed")
    held(engine, kept, state="meant")
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)

        assert [each.recording for each in holds_over(connection, tenant, [gone, kept])] == [kept]
        assert list(holds_over(connection, tenant + 1, [kept])) == []
        with pytest.raises(UnknownHold):
            hold_numbered(connection, tenant_row(connection, OTHER_TENANT), 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.execute(delete(hold)),
        lambda c: c.execute(delete(hold_recording)),
        lambda c: c.execute(update(hold).values(matter="another")),
        lambda c: c.execute(update(hold).values(placed_us=1)),
    ],
)
def test_the_database_refuses_to_lose_a_hold(
    tmp_path: Path, change: Callable[[Connection], object]
) -> None:
    """What was held, by whom and since when must be true years later."""
    engine = new_catalog(tmp_path)
    held(engine, recording_id(1))

    with pytest.raises(DBAPIError, match="holds are"), writing(engine) as connection:
        change(connection)


def test_a_rebuild_of_the_index_keeps_every_hold(tmp_path: Path) -> None:
    """They name recordings by ids, which a rebuild does not change."""
    engine = new_catalog(tmp_path)
    held(engine, recording_id(1))
    rebuild(engine, [])

    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        assert len(list(holds_over(connection, tenant, [recording_id(1)]))) == 1
