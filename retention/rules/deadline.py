"""When a period is over that an event began, as the calendar of a place counts.

Pure. As 民法 138条-143条 count, or BGB sections 187 and 188: they differ after the last day of a
month that is shorter. Knows nothing of rules or recordings.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from retention.rules.period import Period

CountedFrom = Literal["event", "next_month", "fiscal_year"]
Reckoning = Literal["minpo", "bgb"]
MINPO: Final[Reckoning] = "minpo"
APRIL: Final = 4
# What does not end. No period reaches it.
FOREVER: Final = datetime.max.replace(tzinfo=UTC)
_DECEMBER: Final = 12
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where days begin, in which month a fiscal year does, on its first day; how periods end."""

    zone: ZoneInfo
    fiscal_year_begins: int = APRIL
    reckoning: Reckoning = MINPO


def over_at(
    happened_at: date, period: Period, counted_from: CountedFrom, calendar: Calendar
) -> datetime:
    """The first moment (UTC) at which a period is over that an event began.

    One of which only the day is known happened on that day, wherever days begin.
    """
    first = first_day(happened_at, counted_from, calendar)
    if counted_from == "event" and calendar.reckoning == "bgb":
        return _begin(day_after_event(first - _DAY, period), calendar.zone)
    return _begin(day_after(first, period), calendar.zone)


def first_day(happened_at: date, counted_from: CountedFrom, calendar: Calendar) -> date:
    """The first day that counts; the day of the event never does."""
    day = _day(happened_at, calendar.zone)
    match counted_from:
        case "event":
            return day + _DAY
        case "next_month":
            return _month_after(day, 1)
        case "fiscal_year":
            begun = day.replace(month=calendar.fiscal_year_begins, day=1)
            return begun if begun > day else begun.replace(year=begun.year + 1)


def day_after(first: date, period: Period) -> date:
    """The day after the last of a period that begins with `first`.

    Where the month has no such day the period ends with that month (民法 143条2項 但書).
    """
    month = _month_after(first, period.months)
    is_there = first.day <= monthrange(month.year, month.month)[1]
    ended = month.replace(day=first.day) if is_there else _month_after(month, 1)
    return ended + timedelta(days=period.days)


def day_after_event(event: date, period: Period) -> date:
    """The day after the last of a period that an event began in the course of a day.

    It ends with the day that has the event's number; where the month has none, with the month (BGB
    sections 187 (1), 188 (2) and (3)).
    """
    month = _month_after(event, period.months)
    number = min(event.day, monthrange(month.year, month.month)[1])
    return month.replace(day=number) + timedelta(days=period.days) + _DAY


def _day(happened_at: date, zone: ZoneInfo) -> date:
    if isinstance(happened_at, datetime):
        return happened_at.astimezone(zone).date()
    return happened_at


def _month_after(day: date, months: int) -> date:
    """The first day of the month that is so many after the day's."""
    years, month = divmod(day.month - 1 + months, _DECEMBER)
    return date(day.year + years, month + 1, 1)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day: where midnight is left out, when the clocks go on."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
