"""What a legal hold has of recordings."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.access.query import AgentClue
from archive.access.reach import WHOLE_TENANT, ReachRule, Within
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.holds.held_recordings import (
    Counts,
    HeldPage,
    Noting,
    ToldOf,
    counts_of,
    held_recordings,
    hold_next,
)
from archive.catalog.register.legal_holds import open_hold
from archive.catalog.tables.catalog import hold_recording
from archive.ids import DEFAULT_TENANT, HoldId
from tests.archive.catalog.examples import (
    MINUTE_US,
    NOW_US,
    STARTED_US,
    adopt,
    adoption,
    author,
    inbound,
    new_catalog,
    of_group,
    recording_id,
)
from tests.archive.catalog.plans import listening, planner
from tests.archive.hold_clients import MemoryClient
from tests.support.catalog.held_recordings import OWN, begun, by_query, of
from tests.support.hold_scenes import TERMS

DAY_US = 24 * 60 * MINUTE_US


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Four calls: two are of one conversation, one lasted for two days, one is of another day."""
    made = new_catalog(tmp_path)
    later = STARTED_US + 3 * DAY_US
    adopt(
        made,
        adoption(1, (*inbound(), of_group("g"))),
        adoption(2, (*inbound(agent="sip:2002@pbx.example"), of_group("g"))),
        adoption(3, inbound(STARTED_US - 2 * DAY_US, 3 * DAY_US)),
        adoption(4, inbound(later)),
    )
    return made


def test_a_search_holds_what_it_finds_and_no_page_ends_it(engine: Engine) -> None:
    """Also a call that began days before the window; and noted twice it is held once."""
    with writing(engine) as connection:
        noting = begun(connection, by_query())
        noting.query(connection)
        noting.query(connection)

        assert sorted(of(connection, noting.hold)) == ["1 meant", "2 meant", "3 meant"]


def test_a_search_holds_nothing_outside_of_the_reach_of_who_placed_it(engine: Engine) -> None:
    """A hold is no way to learn of recordings that one does not reach."""
    reach = (ReachRule(queues=frozenset({"support"})),)
    with writing(engine) as connection:
        noting = begun(connection, by_query(reach=reach))
        noting.query(connection)

        assert of(connection, noting.hold) == []


def test_with_a_recording_the_others_of_its_conversation_are_held(engine: Engine) -> None:
    """Half of a call is not evidence."""
    with writing(engine) as connection:
        noting = begun(connection, by_query(AgentClue("2002")))
        noting.recordings(connection, [recording_id(2)])
        noting.conversations(connection)

        assert of(connection, noting.hold) == ["1 meant", "2 meant"]


def test_what_is_not_there_any_more_is_told_with_its_day(engine: Engine) -> None:
    """Where it may be told; else it is as unknown as what never was."""
    gone, never = recording_id(8), recording_id(9)
    with writing(engine) as connection:
        noting = begun(connection, TERMS)
        place_tombstone(
            connection, noting.tenant, Tombstone(recording=gone, destroyed_us=77, journal=1)
        )
        noting.gone(connection, [gone, never], ToldOf.DESTROYED)
        other = Noting(
            noting.tenant,
            open_hold(connection, author(), HoldId(b"i" * 16), TERMS),
            NOW_US,
            "placed",
        )
        other.gone(connection, [gone], ToldOf.NOTHING)
        found = held_recordings(
            connection, noting.tenant, noting.hold, HeldPage(state="destroyed"), WHOLE_TENANT
        )

        assert of(connection, noting.hold) == ["8 destroyed", "9 unknown"]
        assert [each.destroyed_us for each in found] == [77]
        assert of(connection, other.hold) == ["8 unknown"]


def test_keys_are_held_and_what_came_too_late_says_so(engine: Engine) -> None:
    """Of a recording one key that is gone is enough; one that no keystore knows is unknown."""
    key_client = MemoryClient()
    late, lost = (
        adoption(2).key_id,
        adoption(3, inbound(STARTED_US - 2 * DAY_US)).key_id,
    )
    key_client.destroyed.add(late)
    key_client.unknown.add(lost)
    with writing(engine) as connection:
        noting = begun(connection, by_query())
        key_client.place_hold(OWN, DEFAULT_TENANT)
        noting.query(connection)
        count = hold_next(connection, noting.tenant, noting.hold, key_client)

        assert count == 3
        assert hold_next(connection, noting.tenant, noting.hold, key_client) == 0
        assert sorted(of(connection, noting.hold)) == ["1 held", "2 destroyed", "3 unknown"]
        assert counts_of(connection, noting.tenant, noting.hold) == Counts(
            held=1, destroyed=1, unknown=1
        )
    assert key_client.held[OWN] == {adoption(1).key_id}


def test_what_was_destroyed_between_search_and_key_is_told_by_its_tombstone(
    engine: Engine,
) -> None:
    """Its rows may be gone by then: no key leads to it any more."""
    key_client = MemoryClient()
    key_client.place_hold(OWN, DEFAULT_TENANT)
    gone = recording_id(8)
    with writing(engine) as connection:
        noting = begun(connection, TERMS)
        noting.gone(connection, [gone], ToldOf.NOTHING)
        connection.execute(hold_recording.update().values(state="meant"))
        place_tombstone(
            connection, noting.tenant, Tombstone(recording=gone, destroyed_us=77, journal=1)
        )
        hold_next(connection, noting.tenant, noting.hold, key_client)
        (found,) = held_recordings(connection, noting.tenant, noting.hold, HeldPage(), WHOLE_TENANT)

    assert (found.state, found.destroyed_us) == ("destroyed", 77)


def test_a_page_goes_on_behind_the_last_and_keeps_within_the_reach(engine: Engine) -> None:
    """Ids of what somebody does not reach are not shown to him, either."""
    nobody = Within(reach=(ReachRule(queues=frozenset({"support"})),))
    with writing(engine) as connection:
        noting = begun(connection, by_query())
        noting.query(connection)
        first = HeldPage(limit=2)
        seen = held_recordings(connection, noting.tenant, noting.hold, first, WHOLE_TENANT)
        rest = replace(first, after=seen[-1].recording)

        assert len(seen) == 2
        assert len(of(connection, noting.hold, rest)) == 1
        assert held_recordings(connection, noting.tenant, noting.hold, first, nobody) == ()


@pytest.mark.sqlite
def test_what_is_meant_is_found_by_its_own_index(tmp_path: Path, engine: Engine) -> None:
    """Among a million that are held; each part that comes asks."""
    with writing(engine) as connection:
        noting = begun(connection, TERMS)
    with listening(engine) as asked, reading(engine) as connection:
        hold_next(connection, noting.tenant, noting.hold, MemoryClient())
    with planner(tmp_path / "catalog.db") as database:
        (steps,) = (statement.plan(database) for statement in asked)

    assert any("ix_hold_recording_meant" in step for step in steps)
