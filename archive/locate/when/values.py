"""A reading of time, as it is handed out: stretches, what was understood, notes, what was not used.

Values alone. Knows nothing of words.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from archive.locate.stretches import Stretch

DAY_S: Final = 86_400
EVERY_DAY: Final = frozenset(range(7))
# Where a fiscal year begins in April; elsewhere it is the calendar's.
_APRIL: Final = frozenset({"JP", "IN", "GB", "CA", "NZ", "SG", "HK", "ZA"})
_MONTH_FIRST: Final = frozenset({"US", "JP", "CN", "KR", "TW", "CA", "PH"})
# As finely as weights are told; however often a text says less and less of one, it is no less.
LEAST_WEIGHT: Final = 1e-6


def weighed(one: float, other: float) -> float:
    """The weight where both count."""
    return max(round(one * other, 6), LEAST_WEIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Habits of a place by which the same words mean other days."""

    country: str = "JP"
    # Of how dates are written: "month_first" (3/4 is the 4th of March) or "day_first".
    date_order: str = "month_first"
    fiscal_month: int = 4  # with which a fiscal year begins
    week_begins: int = 0  # Monday

    def __post_init__(self) -> None:
        assert self.date_order in {"month_first", "day_first"}
        assert 1 <= self.fiscal_month <= 12
        assert self.week_begins in EVERY_DAY

    @classmethod
    def of(cls, country: str) -> Self:
        """As days are said there; of no country those of Japan."""
        country = country or "JP"
        return cls(
            country=country,
            date_order="month_first" if country in _MONTH_FIRST else "day_first",
            fiscal_month=4 if country in _APRIL else 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """Days of the local calendar, and how many around them are not excluded."""

    first: date
    last: date
    before_days: int = 0
    after_days: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSpan:
    """A time of day in seconds after midnight; what passes midnight goes on above 86,400."""

    begin_s: int
    end_s: int
    before_s: int = 0
    after_s: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Each of these days that is one of these weekdays, at each of these times; none: all day."""

    days: tuple[DaySpan, ...]
    weekdays: frozenset[int] = EVERY_DAY
    clocks: tuple[ClockSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A piece of the text (begin and end in it) and what it was taken for."""

    begin: int
    end: int
    code: str  # days, weekdays, holidays, clock, moment (both), window (no day was said)
    days: tuple[DaySpan, ...] = ()
    weekdays: frozenset[int] = EVERY_DAY
    clocks: tuple[ClockSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An oddity of the text, with what it is about; it stops nothing."""

    code: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenReading:
    """All that a text says of time."""

    stretches: tuple[Stretch, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    understood: tuple[Understood, ...] = ()
    notes: tuple[Note, ...] = ()
    # Begin and end of what nothing was made of.
    unused: tuple[tuple[int, int], ...] = ()
    # What is of time and says nothing of when: a day that is none, a time to come or denied, a
    # count from a day that is not said (申し込んだ翌日).
    void: tuple[tuple[int, int], ...] = ()

    @property
    def says_days(self) -> bool:
        """Does the text say anything of the day?"""
        return any(each.code not in {"clock", "window"} for each in self.understood)

    @property
    def says_clock(self) -> bool:
        """Does the text say anything of the time of day?"""
        return any(each.clocks for each in self.understood)
