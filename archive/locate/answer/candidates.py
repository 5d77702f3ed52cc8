"""The conversations that may be the one that is meant, side by side, for what is counted of them.

Pure arrays. Knows nothing of calls beyond what is handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from archive.locate.ranking.local_cells import DAY_US, local_cells
from archive.locate.ranking.ratios import FLOOR, Floats

# So many are counted; that there are more is said.
MOST_COUNTED: Final = 5_000
_HOUR_US: Final = 3_600_000_000
# 1 January 1970 was a Thursday, Monday is 0.
_EPOCH_WEEKDAY: Final = 3
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Values:
    """Of each candidate its value of one kind: a place among the labels, below 0 not known."""

    codes: NDArray[np.int64]
    labels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The best first, each by its best row: its beginning (UTC µs), chance, values by kind.

    `is_cut`: others fit as well and are not among them.
    """

    begins_us: NDArray[np.int64]
    chances: Floats
    values: Mapping[str, Values]
    zone: ZoneInfo
    is_cut: bool = False

    def __post_init__(self) -> None:
        assert len(self.begins_us) == len(self.chances)
        assert all(len(each.codes) == len(self.begins_us) for each in self.values.values())

    @cached_property
    def local_us(self) -> NDArray[np.int64]:
        """The beginnings in the zone of the answer, since 1970 there."""
        if not len(self.begins_us):
            return self.begins_us
        first, last = (int(each) // DAY_US for each in (self.begins_us.min(), self.begins_us.max()))
        return local_cells(self.zone, first, last).local_us(self.begins_us)

    @property
    def days(self) -> NDArray[np.int64]:
        """Local days since 1970."""
        return self.local_us // DAY_US

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Monday is 0."""
        return (self.days + _EPOCH_WEEKDAY) % _WEEK

    @property
    def hours(self) -> NDArray[np.int64]:
        """Local hours of the day."""
        return self.local_us % DAY_US // _HOUR_US


def within_reach(scores: Floats) -> tuple[int, bool]:
    """Count the candidates among the best, and say if there are more; `scores` the best first.

    One clue remembered falsely may lie between a candidate and the best.
    """
    if not len(scores):
        return 0, False
    near = int((scores >= scores[0] + FLOOR).sum())
    return min(near, MOST_COUNTED), near > MOST_COUNTED
