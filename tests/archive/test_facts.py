"""What a recording's events say about the call."""

from itertools import permutations

import pytest

from archive.events import (
    CallEnded,
    EndReason,
    Event,
    Flagged,
    Side,
    SideBecause,
    StreamPartyKnown,
    StreamRemoved,
    decode_event,
)
from archive.facts import describe, direction_of
from tests.archive.catalog.examples import (
    AGENT,
    CUSTOMER,
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    inbound,
    numbered,
    opened,
    party,
    stream,
)

LAST_US = STARTED_US + 9 * MINUTE_US


def sides(*listed: Side, because: SideBecause = "internal_domain") -> list[StreamPartyKnown]:
    return [
        party(number, f"sip:{number}@x", side, because=because)
        for number, side in enumerate(listed)
    ]


def test_a_call_is_told_from_its_events() -> None:
    """Everything that the index holds of an ordinary call."""
    facts = describe(numbered(inbound()), first_us=STARTED_US + 1, last_us=LAST_US - 1)

    assert (facts.source, facts.mode) == ("sbc-tokyo", "siprec")
    assert (facts.started_us, facts.ended_us) == (STARTED_US, LAST_US)
    assert facts.direction == "inbound"
    assert facts.flags == ()
    customer, agent = facts.legs
    assert (customer.side, customer.number.e164) == ("customer", "+81312347788")
    assert (agent.side, agent.number.raw, agent.number.e164) == ("agent", "2001", "")
    assert {(leg.from_us, leg.until_us) for leg in facts.legs} == {(STARTED_US, LAST_US)}


def test_a_side_is_guessed_until_somebody_says_who_it_is() -> None:
    """A client may name its callee only when he has answered."""
    guessed = sides("customer", "agent", because="first_stream")
    at = [*inbound(), *guessed]
    assert describe(numbered(at), first_us=0, last_us=0).flags == ("side_guessed",)
    known = [*at, *sides("customer", "agent")]
    assert describe(numbered(known), first_us=0, last_us=0).flags == ()
    # As the first version wrote it, when the first stream came.
    flagged = decode_event(b'{"type":"flagged","at_us":1,"flag":"side_guessed","detail":""}')
    assert describe(numbered([*known, flagged]), first_us=0, last_us=0).flags == ()


@pytest.mark.parametrize(
    ("parties", "direction"),
    [
        (sides("customer", "agent"), "inbound"),
        (sides("agent", "customer"), "outbound"),
        (sides("agent", "agent"), "internal"),
        (sides("agent"), "outbound"),
        (sides("unknown", "agent"), "unknown"),
        (sides("customer", "agent", because="first_stream"), "unknown"),
        ([], "unknown"),
    ],
)
def test_the_first_party_listed_is_the_caller(
    parties: list[StreamPartyKnown], direction: str
) -> None:
    """A side that was guessed from the order of streams says nothing of who called whom."""
    assert direction_of(parties) == direction


def test_the_order_and_the_repetition_of_events_do_not_matter() -> None:
    """Parts come in any order and repeat what their readers need."""
    events = numbered(inbound())
    whole = describe(events, first_us=STARTED_US, last_us=LAST_US)

    for shuffled in permutations(events[:5]):
        told = describe([*shuffled, *events], first_us=STARTED_US, last_us=LAST_US)
        assert told == whole


def test_another_party_on_a_stream_is_another_leg() -> None:
    """After a transfer another agent speaks: both are found, each in her time."""
    later = STARTED_US + 3 * MINUTE_US
    events = [
        *inbound()[:-1],
        party(1, "sip:2002@pbx.example", "agent", at_us=later),
        CallEnded(at_us=LAST_US, reason="bye"),
    ]

    facts = describe(numbered(events), first_us=STARTED_US, last_us=LAST_US)

    agents = [(leg.number.raw, leg.from_us, leg.until_us) for leg in facts.legs if leg.stream == 1]
    assert agents == [("2001", STARTED_US, later), ("2002", later, LAST_US)]


def test_what_is_learnt_later_about_a_party_holds_for_its_whole_stay() -> None:
    """A metadata update corrects a name; nobody has come or gone."""
    later = party(1, AGENT, "agent", names=("田中",), at_us=STARTED_US + SECOND_US)

    facts = describe(numbered([*inbound(), later]), first_us=STARTED_US, last_us=LAST_US)

    (agent,) = [leg for leg in facts.legs if leg.side == "agent"]
    assert (agent.from_us, agent.names) == (STARTED_US, (("田中", ""),))


def test_a_removed_stream_ends_its_leg() -> None:
    """Who hung up first was not there until the end."""
    gone = STARTED_US + MINUTE_US
    events = (*inbound(), StreamRemoved(at_us=gone, stream=0))

    facts = describe(numbered(events), first_us=STARTED_US, last_us=LAST_US)

    assert [leg.until_us for leg in facts.legs if leg.stream == 0] == [gone]


@pytest.mark.parametrize(
    ("reason", "ended_us"),
    [("bye", LAST_US), ("media_timeout", STARTED_US + MINUTE_US), ("probe_failed", LAST_US)],
)
def test_a_silence_that_was_waited_out_is_no_part_of_the_call(
    reason: EndReason, ended_us: int
) -> None:
    """Without a BYE the call ended with its media, not five minutes later."""
    events = [*inbound()[:-1], CallEnded(at_us=LAST_US, reason=reason)]

    facts = describe(numbered(events), first_us=STARTED_US, last_us=STARTED_US + MINUTE_US)

    assert facts.ended_us == ended_us


def test_a_recording_without_metadata_is_still_a_recording() -> None:
    """Broken metadata costs the names, not the call."""
    events: list[Event] = [
        opened(),
        stream(0),
        Flagged(at_us=STARTED_US, flag="metadata_broken"),
        Flagged(at_us=STARTED_US, flag="metadata_broken"),
    ]

    facts = describe(numbered(events), first_us=STARTED_US, last_us=LAST_US)

    assert facts.flags == ("metadata_broken",)
    assert facts.direction == "unknown"
    assert [(leg.side, leg.number.raw) for leg in facts.legs] == [("unknown", "")]


def test_a_part_that_lost_its_beginning_is_told_by_its_packets() -> None:
    """A damaged first part must not hide the second."""
    facts = describe([(7, party(0, CUSTOMER, "customer"))], first_us=STARTED_US, last_us=LAST_US)

    assert (facts.started_us, facts.ended_us) == (STARTED_US, LAST_US)
    assert facts.source == ""
