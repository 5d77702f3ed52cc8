"""Calls that seem to go with one, out of a catalog, and only within the reach of who asks."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.access.reach import ReachRule, Within
from archive.call.corrections import BySide, NumberCorrected
from archive.catalog.access.grants import Ask, ReadGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search import linked_calls as module
from archive.catalog.search.linked_calls import LinkedCalls, linked_calls
from archive.ids import ConversationId
from tests.archive.catalog.examples import (
    MINUTE_US,
    STARTED_US,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
    recording_id,
)
from tests.support.catalog.amendment import amend
from tests.support.catalog.linking import (
    HOUR_US,
    outbound,
    put_a_call_back,
    put_what_is_none,
    queued,
)

EVERYWHERE = access().within


def linked(
    engine: Engine, number: int, started_us: int, within: Within = EVERYWHERE
) -> LinkedCalls:
    """The links of the call number `number`."""
    own = recording_id(number, started_us)
    asked = replace(access(), within=within)
    granted = grant(engine, ReadGrant, Ask(access=asked, target=ConversationId(own.raw)))
    with reading(engine) as connection:
        return linked_calls(connection, [own], granted)


def told(found: LinkedCalls) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.because, each.place, each.shared) for each in found.found.links]


@pytest.mark.both
def test_who_was_cut_off_and_called_back_has_one_story_from_each_of_the_calls(
    tmp_path: Path,
) -> None:
    """What was not meant lies among them: other customers, other agents, withheld numbers."""
    engine = new_catalog(tmp_path)
    put_a_call_back(engine)
    put_what_is_none(engine)
    same = ("queue", "extension")

    assert told(linked(engine, 1, STARTED_US)) == [
        ("called_again", "after", same),
        ("called_back", "after", same),
    ]
    assert told(linked(engine, 2, STARTED_US + 10 * MINUTE_US)) == [
        ("called_again", "before", same),
        ("called_back", "after", same),
    ]
    assert told(linked(engine, 3, STARTED_US + 2 * HOUR_US)) == [
        ("called_back", "before", same),
        ("called_back", "before", same),
    ]
    assert told(linked(engine, 5, STARTED_US + 3 * HOUR_US)) == []


@pytest.mark.both
def test_a_withheld_number_links_nothing(tmp_path: Path) -> None:
    """Two who withhold their numbers are two."""
    engine = new_catalog(tmp_path)
    put_what_is_none(engine)

    assert told(linked(engine, 6, STARTED_US + 4 * HOUR_US)) == []
    assert told(linked(engine, 7, STARTED_US + 5 * HOUR_US)) == []


@pytest.mark.both
def test_beyond_the_reach_there_is_no_call(tmp_path: Path) -> None:
    """Who may see one queue is told what a catalog with nothing else would tell."""
    (tmp_path / "half").mkdir()
    whole, half = new_catalog(tmp_path), new_catalog(tmp_path / "half")
    support = Within(reach=(ReachRule(queues=frozenset({"support"})),))
    for engine in (whole, half):
        put_a_call_back(engine)
    adopt(
        whole,
        adoption(8, queued(inbound(STARTED_US + 11 * MINUTE_US), "sales")),
        adoption(9, queued(outbound(STARTED_US + HOUR_US), "sales")),
    )

    assert len(told(linked(whole, 1, STARTED_US))) == 4
    assert linked(whole, 1, STARTED_US, support) == linked(half, 1, STARTED_US, support)
    assert linked(whole, 1, STARTED_US, support) == linked(half, 1, STARTED_US)


def test_the_limit_counts_what_is_within_the_reach_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a switchboard's other calls would push out his own, and tell of themselves."""
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 3)
    engine = new_catalog(tmp_path)
    put_a_call_back(engine)
    support = Within(reach=(ReachRule(queues=frozenset({"support"})),))
    before = linked(engine, 3, STARTED_US + 2 * HOUR_US, support)
    near = [queued(outbound(STARTED_US + (121 + n) * MINUTE_US), "sales") for n in range(4)]
    adopt(engine, *(adoption(20 + n, each) for n, each in enumerate(near)))

    assert linked(engine, 3, STARTED_US + 2 * HOUR_US, support) == before
    assert linked(engine, 3, STARTED_US + 2 * HOUR_US).found.is_more


def test_recordings_of_one_call_by_an_id_are_no_link(tmp_path: Path) -> None:
    """They are one conversation already, and are told as one."""
    engine = new_catalog(tmp_path)
    later_us = STARTED_US + 10 * MINUTE_US
    adopt(
        engine,
        adoption(1, (*inbound(), of_group("g"))),
        adoption(2, (*inbound(later_us), of_group("g", later_us))),
    )

    assert told(linked(engine, 1, STARTED_US)) == []


def test_a_corrected_number_links_by_what_is_in_force(tmp_path: Path) -> None:
    """The former one is found, and decides nothing."""
    engine = new_catalog(tmp_path)
    put_a_call_back(engine)
    change = NumberCorrected(whom=BySide(side="customer"), number="+81398765432")
    amend(engine, change, own=recording_id(3, STARTED_US + 2 * HOUR_US))

    assert [each[0] for each in told(linked(engine, 1, STARTED_US))] == ["called_again"]
    assert told(linked(engine, 3, STARTED_US + 2 * HOUR_US)) == []


def test_of_a_call_that_is_half_beyond_the_reach_the_other_half_tells_nothing(
    tmp_path: Path,
) -> None:
    """Whom she was put through to in another queue does not say that it was the same agent."""
    engine = new_catalog(tmp_path)
    later_us = STARTED_US + HOUR_US
    answered = outbound(later_us, agent="sip:2002@pbx.example")
    adopt(
        engine,
        adoption(1, queued(inbound(), "support")),
        adoption(2, (*queued(answered, "support"), of_group("g", later_us))),
        adoption(3, (*queued(outbound(later_us), "sales"), of_group("g", later_us))),
    )
    support = Within(reach=(ReachRule(queues=frozenset({"support"})),))

    assert [each[2] for each in told(linked(engine, 1, STARTED_US))] == [("queue", "extension")]
    assert [each[2] for each in told(linked(engine, 1, STARTED_US, support))] == [("queue",)]
