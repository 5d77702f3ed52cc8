"""Which clock lays a part's spans: that of their sender's reports, or our arrivals.

Pure. Knows nothing of packets, streams or maps; times are µs, skews ppb.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from archive.reading.packets.rtp import Column
from archive.reading.packets.skew import MIN_FIT_US, Buckets, Line, counts, most, rounding_us
from archive.reading.packets.skew_steps import BILLION

AnchorSource = Literal["sr", "arrival"]

# Sender reports further from the arrivals than this come from a clock that is set wrong.
REPORT_TRUST_US: Final = 150_000
# Fewer reports than these, or none for half of the time, tell an offset and no skew.
MIN_REPORTS: Final = 8
# Pairs of so many reports are a quarter of a million; of more, some are left out.
MAX_REPORTS: Final = 512
# Two clocks that are further apart than this are no help to lay two legs.
SHARED_CLOCK_US: Final = 5_000
# By how many standard errors or so the median of reports may be wrong, at the end of a span.
ERRORS: Final = 3


@dataclass(frozen=True, slots=True)
class Said:
    """Reports on a span: when after its first timestamp, and what drift each tells, shape (n,)."""

    elapsed_us: Column
    drift_us: Column

    def pick(self, which: Column) -> "Said":
        """The reports that an index names."""
        return Said(self.elapsed_us[which], self.drift_us[which])


@dataclass(frozen=True, slots=True)
class Fit:
    """The two lines that a span can lie on; `reported` is None where no report is trusted.

    `clock` is the canonical name of the source, b"" while it told none.
    """

    buckets: Buckets
    arrived: Line
    reported: Line | None
    clock: bytes = b""

    @property
    def middle_us(self) -> int:
        """Since the first timestamp."""
        begins_us = self.buckets.begins_us
        return int(begins_us[0]) + self.buckets.length_us // 2 if len(begins_us) else 0

    def line(self, source: AnchorSource) -> Line:
        """The line by a source; by arrival where that says nothing."""
        return self.reported if source == "sr" and self.reported else self.arrived


def line_through(said: Said, arrived: Line, buckets: Buckets) -> Line | None:
    """The line of the reports that are near that of the arrivals, None if there are none.

    They suffer no queue but are wrong either way, some by far: hence medians. Too few of them
    take over the skew of the arrivals.
    """
    near = np.abs(said.drift_us - arrived.at(said.elapsed_us)) <= REPORT_TRUST_US
    said = said.pick(_thinned(np.flatnonzero(near)))
    if not len(said.drift_us):
        return None
    if not _enough(said, buckets):
        through = _through(said, arrived.skew_ppb)
        least_us = max(through.uncertainty_us, arrived.uncertainty_us)
        return replace(through, uncertainty_us=least_us)
    through = _through(said, _median_slope(said))
    return through if counts(through.skew_ppb, buckets, _open_us(through)) else _through(said, 0)


def _thinned(which: Column) -> Column:
    return which[:: -(-len(which) // MAX_REPORTS)] if len(which) else which


def _enough(said: Said, buckets: Buckets) -> bool:
    if len(said.drift_us) < MIN_REPORTS or buckets.length_us < MIN_FIT_US:
        return False
    covered_us = int(said.elapsed_us.max() - said.elapsed_us.min())
    return 2 * covered_us >= buckets.length_us


def _median_slope(said: Said) -> int:
    """Median of the slopes between all pairs (Theil 1950, Sen 1968)."""
    one, other = np.triu_indices(len(said.drift_us), 1)
    apart = said.elapsed_us[other] - said.elapsed_us[one]
    grown = said.drift_us[other] - said.drift_us[one]
    slopes = grown[apart != 0] * BILLION // apart[apart != 0]
    return _median_low(slopes) if len(slopes) else 0


def _through(said: Said, skew_ppb: int) -> Line:
    offset_us = _median_low(said.drift_us - said.elapsed_us * skew_ppb // BILLION)
    line = Line(offset_us, skew_ppb)
    far_us = most(_distances(said, line))
    unsure_us = min(far_us, ERRORS * far_us // math.isqrt(len(said.drift_us)))
    return replace(line, uncertainty_us=max(1, unsure_us + rounding_us(skew_ppb)))


def _distances(said: Said, line: Line) -> Column:
    distances: Column = np.abs(said.drift_us - line.at(said.elapsed_us))
    return distances


def _median_low(values: Column) -> int:
    """The middle value, the lower one of two."""
    return int(np.sort(values)[(len(values) - 1) // 2])


def agreed_source(fits: Sequence[Fit]) -> AnchorSource:
    """What lays all spans of a part, so that its legs are laid alike.

    Reports tell when a packet was sent, arrivals when it came at the earliest: one leg by each
    would be apart by the delay of the way. And reports of two clocks are good for neither.
    """
    if not fits or any(fit.reported is None for fit in fits):
        return "arrival"
    clocks = {fit.clock for fit in fits} - {b""}
    return "sr" if len(clocks) < 2 or _lead_alike(fits) else "arrival"  # noqa: PLR2004 - two clocks


def _lead_alike(fits: Sequence[Fit]) -> bool:
    """Whether reports differ from arrivals by the same for all spans: then clocks agree."""
    lows, highs = list[int](), list[int]()
    for fit in fits:
        reported = fit.line("sr")
        lead_us = reported.at(fit.middle_us) - fit.arrived.at(fit.middle_us)
        open_us = _open_us(fit.arrived) + _open_us(reported)
        lows.append(lead_us - open_us)
        highs.append(lead_us + open_us)
    return max(lows) - min(highs) <= SHARED_CLOCK_US


def _open_us(line: Line) -> int:
    """How well the line itself is known, whatever its steps."""
    return line.uncertainty_us - rounding_us(line.skew_ppb)
