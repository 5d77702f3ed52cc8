"""Periods that a text says, before it is known of which year or month.

Pure values and how one binds another: a year a month, a month a day, a period a part of it.
Knows nothing of words.
"""

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from archive.locate.when.values import EVERY_DAY, Calendar, DaySpan

Spans = tuple[DaySpan, ...]
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
# How far back a day without a year is looked for: the 29th of February, every eighth at least.
YEARS_BACK: Final = 8
MONTHS_BACK: Final = 12
# A period's share from its begin, its end, and how many of its days lie on either side of the edge.
_SHARES: Final = {
    "early": (0, 10, 2), "mid": (10, 20, 2), "late": (20, 31, 2), "begin": (0, 7, 5),
    "end": (24, 31, 5), "first_half": (0, 15, 3), "second_half": (15, 31, 3), "middle": (10, 20, 3),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The time and the place at which it is said."""

    today: date
    now_s: int  # after local midnight
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days that are known, of them only these weekdays."""

    spans: Spans
    weekdays: frozenset[int] = EVERY_DAY
    # What else they may be: the same words without their year, for a weekday to choose by.
    yearly: "Yearly | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year; fiscal ones begin with the calendar's month."""

    year: int
    fiscal: bool = False
    spans: Spans = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month, of a year or of any."""

    month: int
    year: int | None = None
    spans: Spans = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """Days that come once a year."""

    of: Callable[[int], Spans]
    fiscal: bool = False
    named: bool = False  # a feast
    other: "Yearly | None" = None  # what the same signs may stand for: 3/4


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """Days that come once a month."""

    of: Callable[[int, int], Spans]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekdays:
    """Weekdays of whatever is said beside them."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Days that a calendar lists, of whatever is said beside them: holidays, days before them."""

    what: str  # one that is said again is the same
    among: Callable[[DaySpan], tuple[date, ...]] = field(compare=False)


Period = Days | Year | Month | Yearly | Monthly


def day(at: date, around: int = 0, weight: float = 1.0) -> DaySpan:
    """One day."""
    return DaySpan(first=at, last=at, before_days=around, after_days=around, weight=weight)


def shifted(span: DaySpan, days: int) -> DaySpan:
    """The same so many days later."""
    step = timedelta(days=days)
    return replace(span, first=span.first + step, last=span.last + step)


def real_day(year: int, month: int, number: int) -> date | None:
    """The day of that name, if there is one."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    if not 1 <= number <= months.monthrange(year, month)[1]:
        return None
    return date(year, month, number)


def whole_month(year: int, month: int) -> Spans:
    """From its first day to its last."""
    first = real_day(year, month, 1)
    if first is None:
        return ()
    return (DaySpan(first=first, last=date(year, month, months.monthrange(year, month)[1])),)


def month_after(year: int, month: int, count: int) -> tuple[int, int]:
    """So many months later (earlier, below 0)."""
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1


def year_span(year: int, fiscal_month: int = 1) -> Spans:
    """The year that begins with that month."""
    if not FIRST_YEAR <= year < LAST_YEAR:
        return ()
    first = date(year, fiscal_month, 1)
    return (DaySpan(first=first, last=date(year + 1, fiscal_month, 1) - timedelta(days=1)),)


def week_of(at: date, setting: Setting) -> DaySpan:
    """The week that a day lies in."""
    first = at - timedelta(days=(at.weekday() - setting.calendar.week_begins) % 7)
    return DaySpan(first=first, last=first + timedelta(days=6))


def part_of(span: DaySpan, part: str) -> DaySpan:
    """A part of a period, with soft edges where it meets the rest."""
    begin, end, edge = _SHARES[part]
    length = (span.last - span.first).days + 1
    scale = 1.0 if 28 <= length <= 31 else length / 30
    first = min(round(begin * scale), length - 1)
    last = length - 1 if end >= 30 or begin == 24 else max(round(end * scale) - 1, first)
    if part == "end":
        first = max(length - max(round(7 * scale), 1), 0)
    around = max(round(edge * scale), 1 if length > 6 else 0)
    return DaySpan(
        first=span.first + timedelta(days=first),
        last=span.first + timedelta(days=last),
        before_days=around,
        after_days=around,
        weight=span.weight,
    )


def parted(spans: Spans, part: str) -> Spans:
    """That part of each."""
    return tuple(part_of(span, part) for span in spans)


def widened(spans: Spans, days: int) -> Spans:
    """Each with so many more days on either side that are not excluded."""
    return tuple(
        replace(each, before_days=each.before_days + days, after_days=each.after_days + days)
        for each in spans
    )


def of_year(yearly: Yearly, year: Year, setting: Setting) -> Spans:
    """The days of that year."""
    if yearly.other:
        rest = of_year(yearly.other, year, setting)
        return of_year(replace(yearly, other=None), year, setting) + rest
    spans = yearly.of(year.year)
    later = bool(spans) and spans[0].first.month < setting.calendar.fiscal_month
    return yearly.of(year.year + 1) if year.fiscal and not yearly.fiscal and later else spans


def month_of_year(month: Month, year: Year, setting: Setting) -> Month:
    """A month of that year."""
    later = year.fiscal and month.month < setting.calendar.fiscal_month
    return Month(month=month.month, year=year.year + later)


def yearly_month(month: Month) -> Yearly:
    """A month of any year."""
    return Yearly(of=lambda year: whole_month(year, month.month))


def latest(yearly: Yearly, setting: Setting) -> Spans:
    """The last one that has begun: the past is meant."""
    if yearly.other:
        return latest(replace(yearly, other=None), setting) + latest(yearly.other, setting)
    for year in range(setting.today.year + 1, setting.today.year - YEARS_BACK - 1, -1):
        spans = yearly.of(year)
        if spans and min(each.first for each in spans) <= setting.today:
            return spans
    return ()


def latest_month(monthly: Monthly, setting: Setting) -> Spans:
    """The last one that has begun."""
    for back in range(MONTHS_BACK):
        spans = monthly.of(*month_after(setting.today.year, setting.today.month, -back))
        if spans and min(each.first for each in spans) <= setting.today:
            return spans
    return ()


def resolved(period: Period, setting: Setting) -> Days:
    """The days meant where nothing said more of which."""
    match period:
        case Days():
            return period
        case Year():
            begin = setting.calendar.fiscal_month if period.fiscal else 1
            return Days(spans=period.spans or year_span(period.year, begin))
        case Month(year=None):
            return Days(spans=latest(yearly_month(period), setting))
        case Month():
            return Days(spans=period.spans or whole_month(period.year or 0, period.month))
        case Yearly():
            return Days(spans=latest(period, setting), yearly=period)
        case Monthly():
            return Days(spans=latest_month(period, setting))


def mapped(period: Period, setting: Setting, days: Callable[[Spans], Spans]) -> Period:
    """A period with its days changed, of whatever year or month it will be."""
    match period:
        case Yearly():
            yearly = period
            other = mapped(yearly.other, setting, days) if yearly.other else None
            assert other is None or isinstance(other, Yearly)
            return Yearly(of=lambda year: days(yearly.of(year)), fiscal=yearly.fiscal, other=other)
        case Monthly():
            monthly = period.of
            return Monthly(of=lambda year, month: days(monthly(year, month)))
    found = resolved(period, setting)
    return Days(spans=days(found.spans), weekdays=found.weekdays)


class NoSuchDay:
    """A date that no calendar has: 2/30, the 13th month."""

    kind = "no_such_day"


def full_year(year: int, width: int, setting: Setting) -> int:
    """A year of two digits is the one nearest to today, the past before the future."""
    if width > 2 or year > 99:
        return year
    century = setting.today.year // 100 * 100
    return year + century - (100 if year + century > setting.today.year + 20 else 0)


def one_day(year: int, month: int, number: int) -> Days | NoSuchDay:
    """A date in full."""
    at = real_day(year, month, number)
    return Days(spans=(day(at),)) if at else NoSuchDay()


def yearly_day(month: int, number: int, weight: float = 1.0) -> Yearly | None:
    """A day of any year; none where no year has it."""
    if real_day(2000, month, number) is None:
        return None

    def of(year: int) -> Spans:
        at = real_day(year, month, number)
        return (day(at, weight=weight),) if at else ()

    return Yearly(of=of)


def yearly_range(first: tuple[int, int], last: tuple[int, int]) -> Yearly | None:
    """From a day to another of any year, perhaps over its end."""
    if real_day(2000, *first) is None or real_day(2000, *last) is None:
        return None

    def of(year: int) -> Spans:
        begin = real_day(year, *first)
        end = real_day(year + (last < first), *last)
        return (DaySpan(first=begin, last=end),) if begin and end else ()

    return Yearly(of=of)
