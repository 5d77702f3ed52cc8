"""When a recording was over: with what ended it, or with the last that was observed of the call.

Pure, of events alone. Knows nothing of packets, the catalog or time lines.
"""

from collections.abc import Iterable
from typing import Final

from archive.call.events import (
    CallEnded,
    Event,
    Flagged,
    Mentioned,
    MetadataReceived,
    NoticeReported,
    PartOpened,
    RecordingResumed,
    SipMessage,
    Tolerated,
)

# Ends that nobody saw: silence was waited out, or a question was not answered.
UNSEEN: Final = frozenset({"media_timeout", "hold_timeout", "probe_failed", "recovered"})
# What we say ourselves, also long after the call; the index and time maps have no messages.
_OURS: Final = (
    CallEnded, Flagged, Mentioned, MetadataReceived, NoticeReported, PartOpened, SipMessage,
    Tolerated,
)  # fmt: skip


def end_of(events: Iterable[Event]) -> CallEnded | None:
    """The end of a recording, None of one that has none."""
    ends = [event for event in events if isinstance(event, CallEnded)]
    return ends[-1] if ends else None


def is_unseen(end: CallEnded) -> bool:
    """Was the call over at some moment before its recording was?"""
    return end.reason in UNSEEN


def last_told_us(events: Iterable[Event]) -> int:
    """When the call last gave a sign of itself beside its packets; 0 where it never did."""
    return max((event.at_us for event in events if _is_sign(event)), default=0)


def ended_us(events: Iterable[Event], last_us: int) -> int:
    """When the call was over; `last_us` is the arrival of its last packet.

    A silence that was waited out is no part of the call.
    """
    told = list(events)
    end = end_of(told)
    if end is None:
        return last_us
    return max(last_us, last_told_us(told)) if is_unseen(end) else end.at_us


def _is_sign(event: Event) -> bool:
    match event:
        case RecordingResumed(because="call_ended"):
            return False
        case _:
            return not isinstance(event, _OURS)
