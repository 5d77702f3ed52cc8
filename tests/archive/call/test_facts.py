"""What a recording's events say about the call."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from archive.call.events import (
    CallEnded,
    EndReason,
    Event,
    Flagged,
    RouteTaken,
    Tolerated,
    decode_event,
)
from archive.call.facts import describe
from archive.call.marks import CallMarks
from tests.archive.catalog.examples import (
    AGENT,
    CUSTOMER,
    MINUTE_US,
    STARTED_US,
    inbound,
    inline,
    notice_played,
    notice_reported,
    numbered,
    opened,
    party,
    stream,
)

LAST_US = STARTED_US + 9 * MINUTE_US


def test_a_call_is_told_from_its_events() -> None:
    """Everything that the index holds of an ordinary call."""
    facts = describe(numbered(inbound()), first_us=STARTED_US + 1, last_us=LAST_US - 1)

    assert (facts.source, facts.mode) == ("sbc-tokyo", "siprec")
    assert (facts.started_us, facts.ended_us) == (STARTED_US, LAST_US)
    assert facts.notes.flags == ()
    customer, agent = facts.people.legs
    assert [(leg.decided.side, leg.decided.because) for leg in (customer, agent)] == [
        ("customer", "internal_domain"),
        ("agent", "internal_domain"),
    ]
    assert customer.addresses[0].number.e164 == "+81312347788"
    assert (agent.addresses[0].number.raw, agent.addresses[0].number.e164) == ("2001", "")
    assert {(leg.from_us, leg.until_us) for leg in (customer, agent)} == {(STARTED_US, LAST_US)}


def test_a_former_flag_of_a_guess_is_not_believed() -> None:
    """The first version wrote it when the first stream came; who it is was told later."""
    flagged = decode_event(b'{"type":"flagged","at_us":1,"flag":"side_guessed","detail":""}')
    facts = describe(numbered([*inbound(), flagged]), first_us=0, last_us=0)

    assert facts.notes.flags == ()


@pytest.mark.parametrize(
    "sign",
    [
        Tolerated(at_us=STARTED_US, code="TOL-012", detail="m-line 0"),
        replace(party(0, CUSTOMER, "unknown"), also=(f"participant of {AGENT}",)),
    ],
)
def test_a_stream_of_several_is_flagged_as_mixed(sign: Event) -> None:
    """Who listens must know that the voices cannot be told apart."""
    facts = describe(numbered([*inbound(), sign]), first_us=0, last_us=0)

    assert facts.notes.flags == ("mixed",)


def test_the_order_and_the_repetition_of_events_do_not_matter() -> None:
    """Parts come in any order and repeat what their readers need."""
    events = numbered(inbound())
    whole = describe(events, first_us=STARTED_US, last_us=LAST_US)

    for shuffled in permutations(events[:5]):
        told = describe([*shuffled, *events], first_us=STARTED_US, last_us=LAST_US)
        assert told == whole


@pytest.mark.parametrize(
    ("reason", "ended_us"),
    [
        ("bye", LAST_US),
        ("media_timeout", STARTED_US + MINUTE_US),
        ("probe_failed", STARTED_US + MINUTE_US),
    ],
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

    assert facts.notes.flags == ("metadata_broken",)
    assert [(leg.decided.side, leg.addresses) for leg in facts.people.legs] == [("unknown", ())]


def test_a_part_that_lost_its_beginning_is_told_by_its_packets() -> None:
    """A damaged first part must not hide the second."""
    facts = describe([(7, party(0, CUSTOMER, "customer"))], first_us=STARTED_US, last_us=LAST_US)

    assert (facts.started_us, facts.ended_us) == (STARTED_US, LAST_US)
    assert facts.source == ""


@pytest.mark.parametrize(
    ("told", "outcome", "flags"),
    [
        ((), "none", ()),
        ((notice_played(), notice_reported(0)), "complete", ()),
        (
            (
                notice_played(),
                Flagged(at_us=STARTED_US, flag="notice_missing"),
                notice_reported(0),
            ),
            "failed",
            ("notice_missing",),
        ),
        ((notice_played(),), "unproved", ()),
        ((notice_played(), notice_reported(100)), "unheard", ("notice_unheard",)),
        (
            (notice_played(), notice_played("callee"), notice_reported(100), notice_reported(0)),
            "unheard",
            ("notice_unheard",),
        ),
    ],
)
def test_what_became_of_a_notice_marks_the_recording(
    told: tuple[Event, ...], outcome: str, flags: tuple[str, ...]
) -> None:
    """Found by it; and who listens knows that a party was told nothing that it could hear."""
    facts = describe(numbered(inline(*told)), first_us=STARTED_US, last_us=LAST_US)

    assert (facts.notes.marks, facts.notes.flags) == ((("notice", outcome),), flags)


def test_a_recording_session_has_no_notice_of_ours_to_be_found_by() -> None:
    """Whether its parties were told is the client's business."""
    facts = describe(numbered(inbound()), first_us=STARTED_US, last_us=LAST_US)

    assert facts.notes.marks == ()


def marks_of(*told: Event, source: CallMarks) -> list[tuple[str, str]]:
    """The marks of a call of a source, without what became of its notice."""
    began = replace(opened(), marks=source)
    facts = describe(numbered((began, *told)), first_us=STARTED_US, last_us=LAST_US)
    return [mark for mark in facts.notes.marks if mark[0] != "notice"]


SOURCE = CallMarks(queue="trunk", purposes=("quality",), controller="A K.K.", tags=("all",))


def test_a_source_marks_its_calls() -> None:
    """A recording session has no route, and is of a queue all the same."""
    assert marks_of(source=SOURCE) == [*SOURCE.told()]


def test_the_word_of_a_route_counts_before_that_of_the_source() -> None:
    """Where both say something; of tags there may be any number."""
    taken = RouteTaken(
        at_us=STARTED_US, route="in", target="pbx", mode="yes", queue="support",
        purpose="dispute", more_purposes=("training",), tags=("vip",),
    )  # fmt: skip

    assert marks_of(taken, source=SOURCE) == [
        ("route", "in"), ("queue", "support"), ("purpose", "dispute"), ("purpose", "training"),
        ("controller", "A K.K."), ("tag", "all"), ("tag", "vip"),
    ]  # fmt: skip


def test_events_of_earlier_versions_say_what_they_said() -> None:
    """A call that began without marks, a route with one purpose."""
    taken = decode_event(
        b'{"type":"route_taken","at_us":1,"route":"in","target":"pbx","mode":"yes",'
        b'"queue":"support","purpose":"orders","controller":"","tags":["gold"]}'
    )

    assert marks_of(taken, source=CallMarks()) == [
        ("route", "in"), ("queue", "support"), ("purpose", "orders"), ("tag", "gold")
    ]  # fmt: skip
