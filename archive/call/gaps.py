"""Where packets of a recording are missing, were not sent or came twice, as its parts tell.

Pure. Knows nothing of frames, maps or rows, nor of who is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from archive.call.adoption import GapBecause as GapBecause, SequenceRange, StreamGap, StreamReplay
from archive.call.continuity import ahead
from archive.call.events import Event, PartOpened, StreamPartyKnown
from archive.call.pauses import lies_between, masked_in

# RFC 3550 appendix A.1 (MAX_DROPOUT): who is further ahead has begun anew.
_MAX_AHEAD: Final = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGaps:
    """What a part says of its own. Its packets arrived from `first_us` to `last_us`."""

    gaps: Sequence[StreamGap]
    sequences: Sequence[SequenceRange]
    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGap:
    """From one moment to another (µs since 1970 UTC) `packets` of a stream are missing, and why.

    `packets` is 0 where nobody counted them, and where none were sent; `absent_us` is less than the
    gap lasts where it is several holes. `participant` is who speaks there, "" where nobody is
    known.
    """

    from_us: int
    until_us: int
    because: GapBecause
    stream: int
    packets: int = 0
    absent_us: int = 0
    participant: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing came from its begin to its end."""
        return self.absent_us >= self.until_us - self.from_us


def gaps_in(parts: Sequence[PartGaps], told: Iterable[Event]) -> tuple[KnownGap, ...]:
    """All of a recording in the order in which they begin; `parts` and events in theirs."""
    events = list(told)
    found = [gap for part in parts for gap in part.gaps]
    masked = masked_in(events, max((part.last_us for part in parts), default=0))
    why = _because_of(events)
    for number, (before, after) in enumerate(pairwise(parts), start=1):
        if not lies_between(masked, before.last_us, after.first_us):
            found += _between(before, after, why.get(number, "not_written"))
    ordered = sorted(found, key=lambda each: (each.from_us, each.until_us, each.stream))
    return tuple(_known(each, events) for each in ordered)


def _because_of(events: Iterable[Event]) -> dict[int, GapBecause]:
    """Why a part begins where the one before ends, by its number."""
    return {
        event.part: "node_stopped" if event.because == "worker_replaced" else "not_written"
        for event in events
        if isinstance(event, PartOpened)
    }


def _between(before: PartGaps, after: PartGaps, because: GapBecause) -> Iterable[StreamGap]:
    """What is missing of the sources that both parts hold (RFC 3550 section 5.1)."""
    lasts = {(each.stream, each.ssrc): each.last for each in before.sequences}
    for each in after.sequences:
        last = lasts.get((each.stream, each.ssrc))
        if last is not None:
            missing = ahead(each.first, last) - 1
            if 0 < missing <= _MAX_AHEAD:
                from_us = min(before.last_us, after.first_us)
                until_us = max(before.last_us, after.first_us)
                yield StreamGap(
                    each.stream, from_us, until_us, missing, until_us - from_us, because
                )


def _known(gap: StreamGap, events: Iterable[Event]) -> KnownGap:
    return KnownGap(
        from_us=gap.from_us,
        until_us=gap.until_us,
        because=gap.because,
        stream=gap.stream,
        packets=gap.packets,
        absent_us=gap.absent_us,
        participant=speaker_of(gap.stream, gap.from_us, events),
    )


def speaker_of(stream: int, at_us: int, events: Iterable[Event]) -> str:
    """Who was known to speak there then, or the first one who is known at all."""
    known = [e for e in events if isinstance(e, StreamPartyKnown) and e.stream == stream]
    before = [each for each in known if each.at_us <= at_us]
    return (before or known)[-1 if before else 0].participant if known else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReplay:
    """From one moment to another (µs since 1970 UTC) so many packets of a stream came again.

    `participant` is who speaks there, "" where nobody is known.
    """

    from_us: int
    until_us: int
    stream: int
    packets: int
    participant: str = ""


def replays_in(told: Iterable[StreamReplay], events: Sequence[Event]) -> tuple[KnownReplay, ...]:
    """All of a recording that came long after the first, in the order in which they begin."""
    return tuple(
        KnownReplay(
            from_us=each.from_us,
            until_us=each.until_us,
            stream=each.stream,
            packets=each.packets,
            participant=speaker_of(each.stream, each.from_us, events),
        )
        for each in sorted(told, key=lambda each: (each.from_us, each.stream))
    )
