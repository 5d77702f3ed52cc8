"""Sessions as vendors' clients send them, whole and in every disguise; no network.

`make scenarios` plays the same ones by SIPp, with audio.
"""

from datetime import UTC, datetime
from typing import TypeVar

import pytest

from archive.call.events import CallIdKnown, Event, StreamPartyKnown, Tolerated, decode_event
from archive.call.facts import SIDE_GUESSED, describe
from archive.call.legs import changes_in
from archive.call.numbers import user_part
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.siprec.stage import START_US, Stage
from tests.support.siprec.vendors import OK, play, staged
from tests.vendors.expected import CUSTOMER, EXPECTED
from tests.vendors.mutations import mutated
from tests.vendors.script import NAMES, Script, read, seeded, wire

Kind = TypeVar("Kind", bound=Event)
SEEDS = 60


def whole(name: str, *, reloaded: bool = False) -> tuple[Script, Stage]:
    """The whole session, as it is written."""
    script, stage = read(name, seeded(1)), staged(EXPECTED[name], reloaded=reloaded)
    for number, message in enumerate(script.messages):
        play(stage, message, number)
    return script, stage


def of(kind: type[Kind], stage: Stage) -> list[Kind]:
    """The events of one kind in the recording of the call, in order."""
    return [event for event in told(stage) if isinstance(event, kind)]


def told(stage: Stage) -> list[Event]:
    """All events of the recording of the call; one that waited for it may be before."""
    return [decode_event(event.payload) for event in stage.session.recordings[-1].events]


def test_every_session_of_the_corpus_says_where_it_is_from_and_what_must_become_of_it() -> None:
    """A shape without a source is somebody's fancy."""
    assert set(NAMES) == set(EXPECTED)
    assert all(len(read(name, seeded(1)).source) > 80 for name in NAMES)


@pytest.mark.parametrize("reloaded", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_vendors_session_is_understood(name: str, *, reloaded: bool) -> None:
    """Who speaks where, who came and went, what the call is called, what was odd."""
    (script, stage), expected = whole(name, reloaded=reloaded), EXPECTED[name]
    facts = describe(enumerate(told(stage)), first_us=START_US, last_us=START_US)

    assert [answer.status for answer in stage.answers()] == [OK] * _invites(script)
    assert _lines(stage) == [expected.customer, expected.agent]
    assert {*facts.notes.flags} == expected.flags - {SIDE_GUESSED}
    assert {e.code for e in of(Tolerated, stage)} == expected.tolerances
    ids = {(e.kind, e.value) for e in of(CallIdKnown, stage)}
    assert ids == expected.ids_of(script)
    assert tuple(_participants(stage, script)) == expected.participants


def _invites(script: Script) -> int:
    return sum(message.method == "INVITE" for message in script.messages)


def _lines(stage: Stage) -> list[int | None]:
    """The m-lines of the customer and of the agent, as the last word of each stream has it."""
    last = {e.stream: e for e in of(StreamPartyKnown, stage)}
    own = stage.session.recordings[-1].recording
    streams = [each for each in stage.session.streams if each.recording == own]
    positions = {each.stream: each.position for each in streams}
    told = {event.side: positions[event.stream] for event in last.values()}
    return [told.get("customer"), told.get("agent")]


def _participants(stage: Stage, script: Script) -> list[tuple[str, str, str]]:
    numbers = [text for key, text in script.values.items() if key.startswith("number:")]
    return [
        (e.what, CUSTOMER if user_part(e.aor) in numbers else user_part(e.aor), _moment(e.told_us))
        for e in changes_in(told(stage))
    ]


def _moment(told_us: int | None) -> str:
    if not told_us:
        return ""
    return datetime.fromtimestamp(told_us // 1_000_000, UTC).isoformat()


@pytest.mark.parametrize("name", NAMES)
def test_whatever_becomes_of_a_first_message_the_audio_is_kept(name: str) -> None:
    """As long as one m-line, an address and the headers of RFC 3261 §8.1.1 are there."""
    expected = EXPECTED[name]
    for seed in range(SEEDS):
        random = seeded(seed)
        message = mutated(read(name, random).messages[0], random)
        stage = play(staged(expected), message, 0)

        assert stage.answers()[-1].status == OK, (seed, message)
        assert stage.session.streams, (seed, message)


@pytest.mark.parametrize(
    "name", [name for name in NAMES if len(read(name, seeded(1)).messages) > 1]
)
def test_whatever_becomes_of_a_later_message_the_recording_goes_on(name: str) -> None:
    """It is answered, never with 500, and what can still be heard is."""
    for seed in range(SEEDS):
        random = seeded(seed)
        first, *later = read(name, random).messages
        stage = play(staged(EXPECTED[name]), first, 0)
        for number, message in enumerate(later, 1):
            play(stage, mutated(message, random), number)
            assert _last_status(stage) < 500, (seed, message)
            assert stage.session.streams, (seed, message)
        assert stage.session.ended is None


def _last_status(stage: Stage) -> int:
    """Of the last response that was sent."""
    responses = [m for m in stage.messages() if not isinstance(m, Request)]
    return responses[-1].status


def test_a_mutated_message_is_another_one() -> None:
    """The disguises are not all the same, and none loses what it must keep."""
    script = read("rfc7865", seeded(1))
    found = {wire(mutated(script.messages[0], seeded(seed))) for seed in range(SEEDS)}

    assert len(found) > SEEDS * 0.8
    assert all(split_message(each).fault is None for each in found)
