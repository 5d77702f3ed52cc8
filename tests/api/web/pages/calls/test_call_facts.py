"""What the page of a call makes of its recordings."""

from pathlib import Path

import msgspec

from api.calls.call_summaries import PartyLabel
from api.calls.shown_courses import ShownCourse
from api.web.pages.calls.call_facts import CallFacts, facts_of
from archive.call.events import CallEnded, Event, ParticipantChanged, StreamPartyKnown
from archive.catalog.access.grants import Ask, ReadGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.call_course import read_course
from archive.ids import ConversationId
from tests.archive.catalog.examples import (
    AGENT,
    CUSTOMER,
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
    opened,
    party,
    recording_id,
    stream,
)


def facts(folder: Path, *recordings: tuple[Event, ...]) -> CallFacts:
    """Of a call of these recordings."""
    engine = new_catalog(folder)
    adopt(engine, *(adoption(n, told) for n, told in enumerate(recordings, start=1)))
    call = ConversationId(recording_id(1, recordings[0][0].at_us).raw)
    granted = grant(engine, ReadGrant, Ask(access=access(), target=call))
    with reading(engine) as connection:
        found = read_course(connection, call, granted)
    engine.dispose()
    return facts_of([ShownCourse.of(each) for each in found], TOKYO)


def joined(who: str, at_us: int = STARTED_US) -> ParticipantChanged:
    return ParticipantChanged(at_us=at_us, what="joined", participant=f"participant of {who}")


def test_recordings_of_one_call_are_one_call(tmp_path: Path) -> None:
    """Its length, its end, what happened in each, on one line from its begin on."""
    later_us = STARTED_US + 10 * MINUTE_US
    first = (*inbound()[:-1], of_group("g"), joined(CUSTOMER), inbound()[-1])
    second = (*inbound(later_us)[:-1], of_group("g", later_us), joined(AGENT, later_us))
    end = CallEnded(at_us=later_us + MINUTE_US, reason="max_length")
    told = facts(tmp_path, first, (*second, end))

    assert len(told.views) == 2
    assert told.line.duration_ms == 11 * 60_000
    assert told.ends == ("bye", "max_length")
    assert [told.place_ms(each.from_us) for each in told.highlights] == [0, 600_000]
    assert [told.names[each.who] for each in told.highlights] == ["+81312347788", "2001"]


def test_who_called_stands_first(tmp_path: Path) -> None:
    """An arrow that points the wrong way tells another story."""
    outbound = (
        msgspec.structs.replace(opened(), from_uri=AGENT),
        stream(0),
        stream(1),
        party(0, AGENT, "agent", names=("田中",)),
        party(1, CUSTOMER, "customer", names=("佐藤",)),
        CallEnded(at_us=STARTED_US + SECOND_US, reason="bye"),
    )
    told = facts(tmp_path, outbound)

    assert told.line.direction == "outbound"
    agent = PartyLabel("田中", numbers=("2001",))
    assert told.called == ([agent], [PartyLabel("佐藤", numbers=("+81312347788",))])


def test_what_nobody_knows_is_empty_and_not_made_up(tmp_path: Path) -> None:
    """The page then says that it is not known."""
    told = facts(tmp_path, (opened(), CallEnded(at_us=STARTED_US + SECOND_US, reason="bye")))

    assert (told.called, told.highlights, dict(told.names)) == (None, (), {})


def test_where_nobody_says_who_called_there_is_no_arrow(tmp_path: Path) -> None:
    """Both sides are known, and an arrow would be made up."""
    untold = msgspec.structs.replace(opened(), from_uri="")
    told = facts(tmp_path, (untold, *inbound()[1:]))

    assert told.line.direction == "unknown"
    assert told.called is None


def test_who_called_is_told_where_nobody_knows_whose_sides_they_are(tmp_path: Path) -> None:
    """The sides are guesses, so that the direction is not known; the arrow is."""
    guessed = tuple(
        msgspec.structs.replace(each, because="first_stream")
        if isinstance(each, StreamPartyKnown)
        else each
        for each in inbound(agent="sip:0698765432@x")
    )
    told = facts(tmp_path, guessed)

    assert told.line.direction == "unknown"
    assert told.called == ([PartyLabel("+81312347788")], [PartyLabel("+81698765432")])
