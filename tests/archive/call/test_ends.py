"""A call is over with what ended it, or with the last sign that it gave."""

import pytest

from archive.call.ends import end_of, ended_us, is_unseen, last_told_us
from archive.call.events import (
    CallEnded,
    EndReason,
    Event,
    Flagged,
    RecordingPaused,
    RecordingResumed,
    StreamChanged,
)

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
