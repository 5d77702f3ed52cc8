"""Local time in cells of five minutes, as rows' UTC times lie in them.

Pure. A local hour that is twice has the same cells both times; one that is never has none.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from archive.locate.when.local_time import offsets
from archive.locate.when.values import DAY_S

CELL_US: Final = 300_000_000
DAY_US: Final = 86_400_000_000
DAY_CELLS: Final = DAY_US // CELL_US
# Days before and behind, that days may be taken for.
MARGIN_DAYS: Final = 33

Moments = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LocalCells:
    """Whole local days, counted from 1970, of a zone whose offset changes now and then."""

    first_day: int
    days: int
    begins_us: Moments  # of each offset, UTC
    offsets_us: Moments
    edges_us: Moments  # UTC, where another cell begins
    cells: NDArray[np.intp]  # which one

    @property
    def count(self) -> int:
        """Of all days together."""
        return self.days * DAY_CELLS

    def local_us(self, utc_us: Moments) -> Moments:
        at = np.searchsorted(self.begins_us, utc_us, side="right") - 1
        return utc_us + self.offsets_us[np.maximum(at, 0)]

    def of(self, utc_us: Moments) -> NDArray[np.intp]:
        """In which cell each time is; what lies before or behind all is in the outermost."""
        cells = self.local_us(utc_us) // CELL_US - self.first_day * DAY_CELLS
        return np.clip(cells, 0, self.count - 1).astype(np.intp)


@lru_cache(maxsize=64)
def local_cells(zone: ZoneInfo, first_day: int, last_day: int) -> LocalCells:
    """Those of the UTC days from the first to the last, and so many more on both sides."""
    first, behind = first_day - MARGIN_DAYS, last_day + MARGIN_DAYS + 1
    begins, own = (
        [each * 1_000_000 for each in told] for told in offsets(zone, first * DAY_S, behind * DAY_S)
    )
    edges, cells = [], []
    for at, (begin, end) in enumerate(pairwise([*begins, behind * DAY_US])):
        low, high = (begin + own[at]) // CELL_US, -(-(end + own[at]) // CELL_US)
        numbers = np.arange(low, high)
        edges.append(np.maximum(numbers * CELL_US - own[at], begin))
        cells.append(numbers - first * DAY_CELLS)
    days = behind - first
    inside = np.clip(np.concatenate(cells), 0, days * DAY_CELLS - 1).astype(np.intp)
    return LocalCells(first, days, np.array(begins), np.array(own), np.concatenate(edges), inside)
