"""How a sender's clock runs against ours: a line below all arrivals, or through its reports.

Pure. Knows nothing of spans, streams or samples; times and drifts are µs, skews ppb.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from archive.reading.packets.rtp import Column
from archive.reading.packets.skew_steps import BILLION, MICRO, STEP_US, Elapsed

# Ten packets or so: of each such bucket the earliest and the latest drift are kept; buckets
# are joined in pairs as often as it takes to have no more than so many (an hour: 4 s each).
FINEST_MS: Final = 250
MAX_BUCKETS: Final = 1_024
# In a shorter time 100 ppm are 3 ms, less than what jitter lets one see.
MIN_FIT_US: Final = 30_000_000
# Crystals of telephones are within 100 ppm, with a bad day 200; beyond is a wrong clock rate.
MAX_SKEW_PPB: Final = 500_000
# How well a line is supported is looked at in stretches: a tenth of the span, at most 10 s.
STRETCHES: Final = 10
STRETCH_US: Final = 10_000_000
# So many times what neighbouring stretches differ by, a line through a few of them may be drawn.
NOISE: Final = 3
# With fewer buckets there is too little to say more than how far apart the arrivals lie.
MIN_BUCKETS: Final = 5
_NONE: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Line:
    """Drift over a span: `offset_us` at its first timestamp, and how it grows from there.

    `uncertainty_us`: how far off what is laid by it and its steps may lie; 0 if unknown.
    """

    offset_us: int
    skew_ppb: int = 0
    uncertainty_us: int = 0

    def at(self, elapsed_us: Elapsed) -> Elapsed:
        """Drift at a time since the first timestamp."""
        return self.offset_us + elapsed_us * self.skew_ppb // BILLION


@dataclass(frozen=True, slots=True)
class Buckets:
    """The lowest and the highest drift of each bucket that has any, shape (n,), in order."""

    begins_us: Column
    width_us: int
    low: Column
    high: Column

    def __len__(self) -> int:
        return len(self.low)

    @property
    def middles_us(self) -> Column:
        return self.begins_us + self.width_us // 2

    @property
    def length_us(self) -> int:
        """From the begin of the first to the end of the last."""
        return int(self.begins_us[-1] - self.begins_us[0]) + self.width_us if len(self) else 0

    def lateness_us(self, line: Line) -> tuple[int, int]:
        """How late after its place by a line and its steps a packet came at least, and at most."""
        ends_us = self.begins_us + self.width_us
        drawn = np.sort(np.stack((line.at(self.begins_us), line.at(ends_us))), axis=0)
        margin_us = rounding_us(line.skew_ppb)
        return (
            int((self.low - drawn[1]).min()) - margin_us,
            int((self.high - drawn[0]).max()) + margin_us,
        )


class Envelope:
    """Lower and upper envelope of a span's drift; takes packets in any order, in any pieces."""

    def __init__(self, clock_rate_hz: int) -> None:
        self._rate = clock_rate_hz
        self._width = max(1, clock_rate_hz * FINEST_MS // 1_000)
        self._first = 0
        self._low = self._high = np.empty(0, np.int64)

    def feed(self, ticks: Column, drift: Column) -> None:
        """Take packets: ticks since the first timestamp and the drift of each, shape (n,)."""
        self._reach(int(ticks.min()), int(ticks.max()))
        at = ticks // self._width - self._first
        np.minimum.at(self._low, at, drift)
        np.maximum.at(self._high, at, drift)

    def _reach(self, first: int, last: int) -> None:
        """Have a bucket for all between two ticks, as fine as the limit allows."""
        if len(self._low):
            first = min(first, self._first * self._width)
            last = max(last, (self._first + len(self._low)) * self._width - 1)
        while last // self._width - first // self._width >= MAX_BUCKETS:
            self._join_pairs()
        low, high = first // self._width, last // self._width + 1
        if not len(self._low):
            self._first = low
        self._pad(self._first - low, high - self._first - len(self._low))

    def _pad(self, before: int, behind: int) -> None:
        self._low = np.pad(self._low, (before, behind), constant_values=_NONE)
        self._high = np.pad(self._high, (before, behind), constant_values=-_NONE)
        self._first -= before

    def _join_pairs(self) -> None:
        odd = self._first % 2
        self._pad(odd, (len(self._low) + odd) % 2)
        self._low = self._low.reshape(-1, 2).min(axis=1)
        self._high = self._high.reshape(-1, 2).max(axis=1)
        self._first, self._width = self._first // 2, self._width * 2

    def buckets(self) -> Buckets:
        seen = np.flatnonzero(self._low != _NONE)
        begins_us = (self._first + seen) * self._width * MICRO // self._rate
        width_us = -(-self._width * MICRO // self._rate)
        return Buckets(begins_us, width_us, self._low[seen], self._high[seen])


def line_below(buckets: Buckets) -> Line:
    """The highest line, by its mean, that lies below all packets (Moon, Skelly, Towsley 1999).

    What is held up on its way, however much and often, lies above it and moves it nowhere. Level
    where the span is too short, or the skew too small or too large to be one.
    """
    level = _supported(buckets, 0)
    if len(buckets) < MIN_BUCKETS or buckets.length_us < MIN_FIT_US:
        return level
    skew_ppb = _slope_below(buckets.middles_us.tolist(), buckets.low.tolist())
    noise_us = NOISE * int(np.abs(np.diff(_gaps(buckets, skew_ppb))).mean())
    return _supported(buckets, skew_ppb) if counts(skew_ppb, buckets, noise_us) else level


def counts(skew_ppb: int, buckets: Buckets, noise_us: int) -> bool:
    """Whether a skew is no wrong clock rate and moves packets, and by more than noise would."""
    moved_us = abs(skew_ppb) * buckets.length_us // BILLION
    return abs(skew_ppb) <= MAX_SKEW_PPB and moved_us >= max(STEP_US // 2, noise_us)


def _slope_below(times: Sequence[int], lows: Sequence[int]) -> int:
    """Slope of the edge of the lower convex hull that lies below the mean time."""
    hull: list[tuple[int, int]] = []
    for time, low in zip(times, lows, strict=True):
        while len(hull) > 1 and _is_above(hull[-1], hull[-2], (time, low)):
            hull.pop()
        hull.append((time, low))
    right = bisect_right(hull, sum(times) // len(times), key=lambda corner: corner[0])
    right = min(max(right, 1), len(hull) - 1)
    (begin, low), (end, high) = hull[right - 1], hull[right]
    return (high - low) * BILLION // (end - begin)


def _is_above(point: tuple[int, int], left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether a point lies on the line between two others or above it."""
    (x, y), (x0, y0), (x1, y1) = point, left, right
    return (x - x0) * (y1 - y0) <= (y - y0) * (x1 - x0)


def _supported(buckets: Buckets, skew_ppb: int) -> Line:
    """The line of a skew that touches the lowest bucket, and how far the others are from it."""
    if not len(buckets):
        return Line(0)
    offset_us = int((buckets.low - buckets.middles_us * skew_ppb // BILLION).min())
    if len(buckets) < MIN_BUCKETS:
        return Line(offset_us, skew_ppb, int(buckets.high.max() - buckets.low.min()))
    gap_us = most(_gaps(buckets, skew_ppb))
    return Line(offset_us, skew_ppb, max(1, gap_us + rounding_us(skew_ppb)))


def _gaps(buckets: Buckets, skew_ppb: int) -> Column:
    """How far above the line the earliest packet of each stretch is."""
    above = buckets.low - buckets.middles_us * skew_ppb // BILLION
    stretch_us = max(1, min(buckets.length_us // STRETCHES, STRETCH_US))
    number = (buckets.begins_us - buckets.begins_us[0]) // stretch_us
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    gaps: Column = np.minimum.reduceat(above, begins) - above.min()
    return gaps


def most(distances: Column) -> int:
    """What nineteen in twenty do not exceed."""
    return int(np.sort(distances)[-(-19 * len(distances) // 20) - 1])


def rounding_us(skew_ppb: int) -> int:
    """How far the nearest whole step may lie from the line."""
    return STEP_US // 2 if skew_ppb else 0
