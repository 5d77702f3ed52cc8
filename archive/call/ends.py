"""When a recording was over: with what ended it, or with the last that was observed of the call.

Pure. Knows nothing of the catalog or of time lines.
"""

from collections.abc import Iterable
from typing import Final, assert_never

from archive.call.adoption import StreamSound
from archive.call.events import (
    Attempted,
    CallEnded,
    CallIdKnown,
    CallOpened,
    CallRefused,
    CommunicationSessionKnown,
    Event,
    Flagged,
    MediaUnrecorded,
    Mentioned,
    MetadataReceived,
    NoticePlayed,
    NoticeReported,
    ParticipantChanged,
    PartiesJoined,
    PartiesParted,
    PartOpened,
    RecordingBegan,
    RecordingPaused,
    RecordingPreferred,
    RecordingRefused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
    RouteTaken,
    SipMessage,
    StreamAdded,
    StreamChanged,
    StreamHeard,
    StreamKeyed,
    StreamLatched,
    StreamPartyKnown,
    StreamRemoved,
    Tolerated,
)

# Ends that nobody saw: silence was waited out, or a question was not answered.
UNSEEN: Final = frozenset({"media_timeout", "hold_timeout", "probe_failed", "recovered"})


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


def played_in(events: Iterable[Event]) -> set[int]:
    """The streams of what the node itself plays: what it sends is no sign of anybody."""
    added = (each for each in events if isinstance(each, StreamAdded))
    return {each.stream for each in added if each.direction == "sendonly"}


def last_heard_us(
    sounds: Iterable[StreamSound] | None, events: Iterable[Event], last_us: int
) -> int:
    """When a party was last heard; the last packet at `last_us` where the node has played none.

    It counts, too, where nobody has read which packets are whose (`sounds` None).
    """
    played = played_in(events)
    if sounds is None or not played:
        return last_us
    heard = (each for each in sounds if each.stream not in played)
    return max((end for each in heard for _, end in each.stretches), default=0)


def _is_sign(event: Event) -> bool:
    """Whether a peer said it; what we note, play and find out we say also long after the call."""
    match event:
        case RecordingResumed(because=because):
            return because == "asked"
        case RecordingPaused(by=by) | RecordingStarted(by=by) | RecordingStopped(by=by):
            return by != ""
        case (
            StreamAdded(direction="sendonly")
            | StreamChanged(direction="sendonly")
            | StreamPartyKnown(side="node")
            | CallIdKnown(kind="joined_call")
            | Attempted()
            | CallEnded()
            | CallRefused()
            | Flagged()
            | Mentioned()
            | MetadataReceived()
            | NoticePlayed()
            | NoticeReported()
            | PartOpened()
            | PartiesJoined()
            | PartiesParted()
            | RecordingBegan()
            | RouteTaken()
            | SipMessage()
            | StreamHeard()
            | StreamLatched()
            | Tolerated()
        ):
            return False
        case (
            CallOpened()
            | StreamAdded()
            | StreamChanged()
            | StreamRemoved()
            | StreamKeyed()
            | StreamPartyKnown()
            | ParticipantChanged()
            | CallIdKnown()
            | CommunicationSessionKnown()
            | RecordingRefused()
            | RecordingPreferred()
            | MediaUnrecorded()
        ):
            return True
        case _:
            assert_never(event)
