"""Masked intervals, told by events."""

from archive.call.events import RecordingPaused, RecordingResumed
from archive.call.pauses import Masked, masked_in


def test_each_pause_is_an_interval_with_who_and_why() -> None:
    """In their order, however the events lie."""
    events = [
        RecordingPaused(at_us=50, serial=1, by="b"),
        RecordingResumed(at_us=20, serial=0, by="a", because="asked"),
        RecordingPaused(at_us=10, serial=0, by="a", reason="card"),
    ]

    assert masked_in(events, 90) == (
        Masked(from_us=10, until_us=20, by="a", reason="card", because="asked"),
        Masked(from_us=50, until_us=90, by="b", reason="", because=""),
    )


def test_an_interval_never_ends_before_it_begins() -> None:
    """A clock was set back meanwhile."""
    events = [
        RecordingPaused(at_us=50, serial=0, by=""),
        RecordingResumed(at_us=20, serial=0, by="", because="limit"),
    ]

    (masked,) = masked_in(events, 90)
    assert (masked.from_us, masked.until_us) == (50, 50)
