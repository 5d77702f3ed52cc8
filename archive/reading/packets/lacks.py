"""Where a stream's packets are missing on the line of its part, and where it sent no sound.

Pure. Knows spans and their numbers. Knows nothing of frames, nor of why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from archive.call.adoption import LEAST_GAP_S, Interval
from archive.reading.packets.alignment import MAX_BEHIND, Span, Track
from archive.reading.packets.rtp import wrapped
from archive.reading.packets.sequence_numbers import Hole
from archive.reading.packets.skew_steps import MICRO

LEAST_QUIET_US: Final = LEAST_GAP_S * MICRO


@dataclass(frozen=True, slots=True)
class Lack:
    """So many packets are missing from one moment to another.

    Those around them arrived at `arrivals_us` and lie at `keys` in the part.
    """

    from_us: int
    until_us: int
    packets: int
    arrivals_us: Interval
    keys: Interval


@dataclass(frozen=True, slots=True)
class Lacks:
    """Of one stream: what is missing, and where it sent no sound."""

    missing: tuple[Lack, ...]
    quiet: tuple[Interval, ...]


def lacks_of(tracks: Sequence[Track], spans: Sequence[Span]) -> Lacks:
    pairs = list(zip(tracks, spans, strict=True))
    missing = [_lack(hole, *pair) for pair in pairs for hole in pair[0].numbers.holes]
    quiet = [
        (span.us_at(a), span.us_at(b)) for track, span in pairs for a, b in track.numbers.quiet
    ]
    for one, other in _followed(pairs):
        lack = _between(one, other)
        if lack.packets:
            missing.append(lack)
        quiet.append((lack.from_us, lack.until_us))
    return Lacks(tuple(missing), tuple(_free(quiet, missing)))


def _lack(hole: Hole, track: Track, span: Span) -> Lack:
    """As long as the missing ones last, right before the next that came: it was sent in time."""
    begin, end = hole.ticks
    begin = min(max(begin, end - hole.packets * track.longest), end)
    return Lack(span.us_at(begin), span.us_at(end), hole.packets, hole.arrivals_us, hole.keys)


def _followed(pairs: Iterable[tuple[Track, Span]]) -> Iterator[tuple[tuple[Track, Span], ...]]:
    """Spans of a source that goes on in the next one; who has begun anew tells nothing."""
    own: dict[int, list[tuple[Track, Span]]] = {}
    for pair in pairs:
        own.setdefault(pair[0].ssrc, []).append(pair)
    for spans in own.values():
        for one, other in pairwise(spans):
            if 0 < wrapped(other[0].sequences[0] - one[0].sequences[1], 16) <= MAX_BEHIND:
                yield one, other


def _between(one: tuple[Track, Span], other: tuple[Track, Span]) -> Lack:
    (before, first), (after, second) = one, other
    from_us = first.us_at(first.end_ticks)
    return Lack(
        from_us,
        max(from_us, second.us_at(second.first_ticks)),
        wrapped(after.sequences[0] - before.sequences[1], 16) - 1,
        (before.last_arrival, after.first_arrival),
        (before.key, after.key),
    )


def _free(quiet: Iterable[Interval], missing: Iterable[Lack]) -> Iterator[Interval]:
    """What of the quiet is no loss, where it is long enough to be told."""
    lost = sorted((each.from_us, each.until_us) for each in missing)
    for begin, end in sorted(quiet):
        at = begin
        for first, until in lost:
            if until <= at or first >= end:
                continue
            if first - at >= LEAST_QUIET_US:
                yield at, first
            at = max(at, until)
        if end - at >= LEAST_QUIET_US:
            yield at, end
