"""Where packets of a recording are missing, were not sent or came twice, as its parts tell.

Also where somebody was to be heard and nothing came. Pure. Knows nothing of frames, maps or rows,
nor of who is told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from archive.call.adoption import (
    LEAST_GAP_S,
    EdgeBecause,
    GapBecause as GapBecause,
    Interval,
    SequenceRange,
    StreamGap,
    StreamReplay,
    StreamSound,
)
from archive.call.continuity import ahead
from archive.call.events import Event, Flagged, PartOpened, StreamPartyKnown
from archive.call.pauses import lies_between, masked_in

# RFC 3550 appendix A.1 (MAX_DROPOUT): who is further ahead has begun anew.
_MAX_AHEAD: Final = 3_000
LEAST_GAP_US: Final = LEAST_GAP_S * 1_000_000
NOTHING: Final[Mapping[int, Sequence[Interval]]] = MappingProxyType({})
# The noise of a pause (RFC 3389): it was silent there because nobody spoke.
_COMFORT: Final = "CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGaps:
    """What a part says of its own. Its packets arrived from `first_us` to `last_us`.

    `sounds` are None where nobody has read them.
    """

    gaps: Sequence[StreamGap]
    sequences: Sequence[SequenceRange]
    first_us: int
    last_us: int
    sounds: Sequence[StreamSound] | None = None


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


def gaps_in(
    parts: Sequence[PartGaps],
    told: Iterable[Event],
    expected: Mapping[int, Sequence[Interval]] = NOTHING,
) -> tuple[KnownGap, ...]:
    """All of a recording in the order in which they begin; `parts` and events in theirs.

    Where streams are `expected` to bring a voice (µs since 1970 UTC) a second without any is a gap.
    """
    events = list(told)
    found = [gap for part in parts for gap in part.gaps]
    masked = masked_in(events, max((part.last_us for part in parts), default=0))
    why = _because_of(events)
    for number, (before, after) in enumerate(pairwise(parts), start=1):
        if not lies_between(masked, before.last_us, after.first_us):
            found += _between(before, after, why.get(number, "not_written"))
    is_stepped = any(isinstance(e, Flagged) and e.flag == "clock_stepped" for e in events)
    for stream, wanted in expected.items():
        known = [(each.from_us, each.until_us) for each in found if each.stream == stream]
        silence = _Silence(stream, parts, _seams(parts, why))
        found += silence.gaps(wanted, known, is_stepped=is_stepped)
    ordered = sorted(found, key=lambda each: (each.from_us, each.until_us, each.stream))
    return tuple(_known(each, events) for each in ordered)


def heard_in(parts: Iterable[PartGaps]) -> set[int]:
    """The streams of which any packet came that can be placed."""
    return {each.stream for part in parts for each in part.sequences}


def without(wanted: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """What of some intervals lies in none of the others; both in any order.

    One without a length divides none.
    """
    gone = sorted(each for each in taken if each[0] < each[1])
    found = []
    for begin, end in sorted(wanted):
        at = begin
        for first, until in gone:
            if at < min(first, end):
                found.append((at, min(first, end)))
            at = max(at, until)
        if at < end:
            found.append((at, end))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Seam:
    """Between two parts nothing was kept, and why."""

    from_us: int
    until_us: int
    because: GapBecause


def _seams(parts: Sequence[PartGaps], why: Mapping[int, GapBecause]) -> list[_Seam]:
    return [
        _Seam(before.last_us, after.first_us, why[number])
        for number, (before, after) in enumerate(pairwise(parts), start=1)
        if number in why
    ]


class _Silence:
    """Where a stream brought no voice though somebody was expected there."""

    def __init__(self, stream: int, parts: Sequence[PartGaps], seams: Sequence[_Seam]) -> None:
        self._stream, self._seams, self._parts = stream, seams, parts
        self._is_heard = stream in heard_in(parts)
        self._is_read = all(part.sounds is not None for part in parts)
        self._sounds = [s for part in parts for s in part.sounds or () if s.stream == stream]
        self._speech = sorted(
            each for s in self._sounds if s.encoding != _COMFORT for each in s.stretches
        )

    def gaps(
        self, wanted: Sequence[Interval], known: Iterable[Interval], *, is_stepped: bool
    ) -> Iterator[StreamGap]:
        """Nothing where packets came and nobody has read when; of a clock that was set no end."""
        if not wanted or (self._is_heard and not self._is_read):
            return
        for begin, end in without(wanted, [*self._speech, *known]):
            is_last = is_stepped and self._is_heard and end == wanted[-1][1]
            if end - begin >= LEAST_GAP_US and not is_last:
                because = self._because(begin, end)
                yield StreamGap(self._stream, begin, end, 0, end - begin, because)

    def _because(self, begin: int, end: int) -> GapBecause:
        for seam in self._seams:
            if seam.from_us - LEAST_GAP_US <= begin and end <= seam.until_us + LEAST_GAP_US:
                return seam.because
        noise = [each for s in self._sounds if s.encoding == _COMFORT for each in s.stretches]
        if any(a < end and b >= begin - LEAST_GAP_US for a, b in noise):
            return "not_sent"
        return self._reported(begin, end) or "unknown"

    def _reported(self, begin: int, end: int) -> EdgeBecause:
        """What RTCP said of the time before the first packet, or behind the last, in its part."""
        if not self._speech:
            return next((each.before for each in self._sounds if each.before), "")
        heard = [part for part in self._parts if _has_speech(part, self._stream)]
        if end <= self._speech[0][0]:
            return next((s.before for s in _words(heard[0], self._stream)), "")
        if begin >= self._speech[-1][1]:
            return next((s.after for s in _words(heard[-1], self._stream)), "")
        return ""


def _has_speech(part: PartGaps, stream: int) -> bool:
    return any(
        s.stream == stream and s.encoding != _COMFORT and s.stretches for s in part.sounds or ()
    )


def _words(part: PartGaps, stream: int) -> Iterator[StreamSound]:
    return (s for s in part.sounds or () if s.stream == stream and (s.before or s.after))


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
