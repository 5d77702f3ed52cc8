"""Candidates by day and by weekday and hour, as they are drawn.

Pure. Each chart has its table twin; how either looks is none of its business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final

from archive.catalog.search.days import MAX_BARS, DayBar

# The side of the cell of an hour, in units of the drawing.
CELL: Final = 10
# What is there at all is seen.
_SMALLEST: Final = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """So many in an hour of a weekday (Monday is 0): a square of `side`, by its area."""

    weekday: int
    hour: int
    count: int
    side: float


def day_bars(days: Sequence[tuple[date, int]]) -> tuple[DayBar, ...]:
    """From the first day to the last, without a hole; of many days several to a bar."""
    if not days:
        return ()
    first, last = days[0][0], days[-1][0]
    width = -(-((last - first).days + 1) // MAX_BARS)
    counts = [0] * (-(-((last - first).days + 1) // width))
    for day, count in days:
        counts[(day - first).days // width] += count
    return tuple(
        DayBar(
            first=first + timedelta(days=place * width),
            last=min(first + timedelta(days=(place + 1) * width - 1), last),
            count=count,
        )
        for place, count in enumerate(counts)
    )


def heat_cells(hours: Sequence[Sequence[int]]) -> tuple[HeatCell, ...]:
    """Those in which there is anything, by weekday and hour."""
    most = max((count for row in hours for count in row), default=0)
    return tuple(
        HeatCell(
            weekday=weekday,
            hour=hour,
            count=count,
            side=round(max((CELL - 1) * sqrt(count / most), _SMALLEST), 1),
        )
        for weekday, row in enumerate(hours)
        for hour, count in enumerate(row)
        if count
    )
