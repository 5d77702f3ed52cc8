"""A call is over with what ended it, or with the last sign that it gave."""

from typing import Literal, get_args, get_origin

import msgspec
import pytest

from archive.call.adoption import StreamSound
from archive.call.ends import end_of, ended_us, is_unseen, last_heard_us, last_told_us
from archive.call.events import (
    CallEnded,
    CallIdKnown,
    CallOpened,
    CommunicationSessionKnown,
    EndReason,
    Event,
    Flagged,
    MediaUnrecorded,
    ParticipantChanged,
    RecordingPaused,
    RecordingPreferred,
    RecordingRefused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
    StreamAdded,
    StreamChanged,
    StreamKeyed,
    StreamPartyKnown,
    StreamRemoved,
)
from tests.archive.reading.scenes import played

PACKET_US, HELD_US, END_US = 20_000_000, 25_000_000, 320_000_000
HELD = StreamChanged(at_us=HELD_US, stream=0, formats=(), direction="inactive")


def end(reason: EndReason) -> CallEnded:
    return CallEnded(at_us=END_US, reason=reason)


@pytest.mark.parametrize(
    ("reason", "over_us"),
    [
        ("bye", END_US),
        ("session_ended", END_US),
        ("stopped", END_US),
        ("node_stopped", END_US),
        ("max_length", END_US),
        ("media_timeout", PACKET_US),
        ("hold_timeout", PACKET_US),
        ("probe_failed", PACKET_US),
        ("recovered", PACKET_US),
    ],
)
def test_what_nobody_saw_ends_with_the_last_packet(reason: EndReason, over_us: int) -> None:
    """Who hangs up ends a call at that moment, and so do we; a timeout says nothing of when."""
    flag = Flagged(at_us=END_US, flag="no_bye")

    assert ended_us([flag, end(reason)], PACKET_US) == over_us
    assert is_unseen(end(reason)) is (over_us != END_US)


def test_a_sign_of_the_call_counts_as_much_as_a_packet() -> None:
    """Who puts a call on hold is still there."""
    assert ended_us([HELD, end("hold_timeout")], PACKET_US) == HELD_US


def test_what_we_write_at_the_end_is_no_sign_of_the_call() -> None:
    """A pause that lasts when the silence is over ends with it."""
    pause = RecordingPaused(at_us=HELD_US, serial=0, by="u")
    over = RecordingResumed(at_us=END_US, serial=0, by="", because="call_ended")
    events: list[Event] = [pause, over, end("media_timeout")]

    assert last_told_us(events) == HELD_US


def test_a_recording_without_an_end_lasts_until_its_last_packet() -> None:
    """It is still being written, or was cut off."""
    assert end_of([HELD]) is None
    assert ended_us([HELD], PACKET_US) == PACKET_US


def said(kind: type) -> Event:
    """An event of a kind, of END_US, whatever it says otherwise."""
    needed = [each for each in msgspec.structs.fields(kind) if each.required]
    values = {each.name: _value(each.type) for each in needed}
    if kind is CallIdKnown:
        values["kind"] = "ucid"
    return kind(**values)  # type: ignore[no-any-return]


def _value(of: object) -> object:
    if get_origin(of) is Literal:
        return get_args(of)[0]
    return END_US if of is int else () if get_origin(of) is tuple else "x"


# What a peer of ours says; whatever we note of it, play or find out is none of these.
SIGNS = {
    CallOpened, StreamAdded, StreamChanged, StreamKeyed, StreamRemoved, StreamPartyKnown,
    ParticipantChanged, CommunicationSessionKnown, CallIdKnown, RecordingPaused, RecordingResumed,
    RecordingStarted, RecordingStopped, RecordingRefused, RecordingPreferred, MediaUnrecorded,
}  # fmt: skip


@pytest.mark.parametrize("kind", get_args(Event))
def test_what_a_peer_says_is_a_sign_of_the_call_and_nothing_that_we_do(kind: type) -> None:
    """That we came to hear somebody made calls of 2 s last 10; a new event has to choose."""
    assert (last_told_us([said(kind)]) == END_US) is (kind in SIGNS)


@pytest.mark.parametrize(
    "ours",
    [
        StreamAdded(
            at_us=END_US, stream=2, label="", local_port=1, formats=(), direction="sendonly"
        ),
        StreamChanged(at_us=END_US, stream=2, formats=(), direction="sendonly"),
        played(2, "caller", at_us=END_US)[1],
        CallIdKnown(at_us=END_US, kind="joined_call", value="x"),
        RecordingResumed(at_us=END_US, serial=0, by="", because="limit"),
    ],
)
def test_what_the_node_itself_does_is_no_sign(ours: Event) -> None:
    """Nor is a pause that has lasted as long as it may."""
    assert last_told_us([ours]) == 0


def test_what_the_node_plays_lengthens_no_call() -> None:
    """Ringback goes on to who has left; where nobody read whose packets are whose, they count."""
    told = [played(2, "caller")[0]]
    sounds = [StreamSound(0, "PCMU", ((0, 7),)), StreamSound(2, "PCMU", ((0, 90),))]

    assert last_heard_us(sounds, told, 90) == 7
    assert (last_heard_us(None, told, 90), last_heard_us(sounds, [], 90)) == (90, 90)
