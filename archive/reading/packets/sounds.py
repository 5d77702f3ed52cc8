"""Where the packets of one stream sound: runs by their timestamps, encoding by encoding.

Pure. A burst after a stall is no hole. Knows nothing of codecs, frames or who speaks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from archive.call.adoption import LEAST_GAP_S, Interval, StreamSound
from archive.reading.packets.alignment import Span
from archive.reading.packets.rtp import Column
from archive.reading.packets.skew_steps import MICRO

# Of a stream in one encoding; more of them are told as fewer longer ones.
MAX_STRETCHES: Final = 64
# So many are kept while packets pass: a stream that stutters for hours has no more.
_MAX_RUNS: Final = 16 * MAX_STRETCHES
_NEAR_US: Final = LEAST_GAP_S * MICRO
# A flood of sources says nothing of any of them.
_MAX_SOURCES: Final = 32
_Laid = dict[str, list[Interval]]


class Sounds:
    """The runs of one stream, by span and encoding, while its packets pass."""

    def __init__(self) -> None:
        self._runs: dict[tuple[int, str], list[Interval]] = {}

    def feed(
        self, encoding: str, clock_hz: int, spans: Column, ticks: Column, ends: Column
    ) -> None:
        """Take packets of an encoding: the span of each, where in it they begin and end; (n,)."""
        near = LEAST_GAP_S * clock_hz
        for span, own in each_of(spans):
            runs = self._runs.setdefault((span, encoding), [])
            fresh = _runs(ticks[own], ends[own], near)
            if runs and len(fresh) == 1 and runs[-1][0] <= fresh[0][0] < runs[-1][1] + near:
                runs[-1] = runs[-1][0], max(runs[-1][1], fresh[0][1])
            else:
                runs[:] = few(joined(sorted([*runs, *fresh]), near), _MAX_RUNS)

    def finish(self, stream: int, spans: Sequence[Span]) -> tuple[StreamSound, ...]:
        """Lay the runs on wall time; `spans` by their numbers."""
        found: _Laid = {}
        sources: dict[int, _Laid] = {}
        for (number, encoding), runs in self._runs.items():
            span = spans[number]
            laid = [(span.us_at(a), span.us_at(b)) for a, b in runs]
            found.setdefault(encoding, []).extend(laid)
            sources.setdefault(span.ssrc, {}).setdefault(encoding, []).extend(laid)
        others = _others(sources)
        return tuple(
            StreamSound(stream, encoding, _told(laid), others=_told(others.get(encoding, ())))
            for encoding, laid in sorted(found.items())
        )


def _told(laid: Iterable[Interval]) -> tuple[Interval, ...]:
    return few(joined(sorted(laid)))


def _others(sources: Mapping[int, _Laid]) -> _Laid:
    """Where a source sounds while one is silent that was heard before it and is heard again."""
    found: _Laid = {}
    if not 1 < len(sources) <= _MAX_SOURCES:
        return found
    whole = {
        ssrc: _told(each for own in laid.values() for each in own) for ssrc, laid in sources.items()
    }
    for ssrc, laid in sources.items():
        former = (own for own in whole.values() if own[0] < whole[ssrc][0])
        holes = [(a[1], b[0]) for own in former for a, b in pairwise(own)]
        for encoding, own in laid.items():
            shared = ((max(a, c), min(b, d)) for a, b in _told(own) for c, d in holes)
            found[encoding] = [
                *found.get(encoding, ()),
                *((begin, end) for begin, end in shared if end - begin >= _NEAR_US),
            ]
    return found


def each_of(values: Column) -> Iterator[tuple[int, Column | slice]]:
    """Each value that is there, and where; nearly always there is one."""
    if int(values.min()) == int(values.max()):
        yield int(values[0]), slice(None)
        return
    for one in np.unique(values).tolist():
        yield one, np.flatnonzero(values == one)


def _runs(ticks: Column, ends: Column, near: int) -> list[Interval]:
    """Packets in the order of their timestamps, each nearer than `near` to what is before it."""
    if len(ticks) > 1 and int(np.diff(ticks).min()) < 0:
        order = np.argsort(ticks, kind="stable")
        ticks, ends = ticks[order], ends[order]
    begins, reached = ticks, np.maximum.accumulate(ends)
    breaks = np.flatnonzero(begins[1:] - reached[:-1] >= near)
    if not len(breaks):
        return [(int(begins[0]), int(reached[-1]))]
    firsts = begins[np.concatenate(([0], breaks + 1))].tolist()
    lasts = reached[np.concatenate((breaks, [len(begins) - 1]))].tolist()
    return list(zip(firsts, lasts, strict=True))


def joined(ordered: Iterable[Interval], near: int = _NEAR_US) -> list[Interval]:
    """Intervals in the order of their begins; those that are nearer to each other are one."""
    found: list[Interval] = []
    for begin, end in ordered:
        if found and begin - found[-1][1] < near:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def few(ordered: Sequence[Interval], at_most: int = MAX_STRETCHES) -> tuple[Interval, ...]:
    """No more than so many: the nearest neighbours are one."""
    if len(ordered) <= at_most:
        return tuple(ordered)
    between = [after[0] - before[1] for before, after in pairwise(ordered)]
    widest = sorted(range(len(between)), key=between.__getitem__)[-(at_most - 1) :]
    edges = [0, *(place + 1 for place in sorted(widest)), len(ordered)]
    return tuple((ordered[a][0], ordered[b - 1][1]) for a, b in pairwise(edges))
