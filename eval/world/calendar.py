"""Days and half hours of the world, in Japan: how busy each is.

Knows nothing of who calls. The last day is the same for every world: requests are made on it.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

from eval.world.arrays import Floats

LAST_DAY: Final = date(2026, 10, 31)
ZONE: Final = "Asia/Tokyo"
# Japan has no summer time.
ZONE_S: Final = 9 * 3_600
DAY_S: Final = 86_400
US: Final = 1_000_000
SLOTS: Final = 48
SLOT_S: Final = DAY_S // SLOTS
# By the law on national holidays: November 2025 to October 2026.
HOLIDAYS: Final = frozenset(
    date(year, month, day)
    for year, month, days in (
        (2025, 11, (3, 23, 24)), (2026, 1, (1, 12)), (2026, 2, (11, 23)), (2026, 3, (20,)),
        (2026, 4, (29,)), (2026, 5, (3, 4, 5, 6)), (2026, 7, (20,)), (2026, 8, (11,)),
        (2026, 9, (21, 22, 23)), (2026, 10, (12,)),
    )
    for day in days
)  # fmt: skip
# Offices are closed though the law knows no holiday.
_NEW_YEAR: Final = ((12, 29), (12, 30), (12, 31), (1, 2), (1, 3))
_WEEKDAYS: Final = (1.3, 1.1, 1.0, 1.0, 1.1, 0.45, 0.25)
_CLOSED: Final = 0.2
# From midnight, by the hour: who is open at night is called seldom; rush before and after lunch.
_HOURS: Final = (
    .2, .1, .05, .05, .05, .1, .3, .8, 2.5, 7.5, 10, 9, 6, 8, 8, 7.5, 8, 6.5, 4, 2.5, 1.5, 1, .6,
    .3,
)  # fmt: skip


def days_of(calls: int) -> int:
    """Days of a world of so many calls: four weeks to a year."""
    at = np.interp(np.log10(max(calls, 1)), [3, 4.3, 6], [28, 91, 365])
    return round(float(at))


def first_day(days: int) -> date:
    """The first of so many days."""
    return LAST_DAY - timedelta(days=days - 1)


def midnight_us(day: date) -> int:
    """Its begin in Japan, µs since 1970 UTC."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (int(begin.timestamp()) - ZONE_S) * US


def day_weights(days: int) -> Floats:
    """Shares of the calls by day; together 1."""
    first = first_day(days)
    weights = np.array([_weight(first + timedelta(days=each)) for each in range(days)])
    share: Floats = weights / weights.sum()
    return share


def _weight(day: date) -> float:
    if day in HOLIDAYS or (day.month, day.day) in _NEW_YEAR:
        return _CLOSED
    # Who moves, moves in March; bills come at the end of the month.
    season = 1.3 if day.month in {3, 4} else 1.0
    return _WEEKDAYS[day.weekday()] * season * (1.15 if day.day >= 25 else 1.0)


def slot_weights() -> Floats:
    """The same of half hours."""
    weights = np.repeat(np.array(_HOURS), SLOTS // 24)
    share: Floats = weights / weights.sum()
    return share
