"""Opening hours: when somebody is there, by the clock on their wall.

Pure. Reads no clock; knows nothing of routes. A span runs from the first moment at which the wall
clock shows its begin to the last one at which it shows its end, so that a night on which clocks
are changed opens and closes once.
"""

import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from capture.errors import CaptureError

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = timedelta(days=1)
_SPAN: Final = re.compile(
    r"([a-z]{3}(?:-[a-z]{3})?(?:,[a-z]{3}(?:-[a-z]{3})?)*)"
    r" +([0-9]{2}):([0-9]{2}) *- *([0-9]{2}):([0-9]{2})",
    re.IGNORECASE,
)
_MINUTES_OF_DAY: Final = 24 * 60
_MINUTES_OF_HOUR: Final = 60


class SpanRefused(CaptureError):
    """What was written is no weekly span, such as "mon-fri 09:00-18:00"."""


class HolidayRefused(CaptureError):
    """What was written is no date and no range of dates, such as "2026-12-29/2027-01-03"."""


class ZoneRefused(CaptureError):
    """No time zone has this name here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time of some days of the week, in minutes since midnight; past 24 h it ends tomorrow."""

    weekdays: frozenset[int]
    begins_min: int
    ends_min: int

    def is_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Days on which no span begins, the first and the last one among them."""

    first: date
    last: date

    def includes(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A table of opening hours."""

    name: str
    zone: zoneinfo.ZoneInfo
    spans: tuple[Span, ...]
    holidays: tuple[Holiday, ...] = ()

    def is_open(self, at: datetime) -> bool:
        """Is it open at that moment (aware)?

        A span belongs to the day on which it begins: that of the eve of a holiday ends in it.
        """
        assert at.tzinfo is not None
        today = at.astimezone(self.zone).date()
        # A span of yesterday may still run; one of tomorrow, where clocks go back over midnight.
        return any(self._is_open_from(day, at) for day in (today - _DAY, today, today + _DAY))

    def _is_open_from(self, day: date, at: datetime) -> bool:
        if any(holiday.includes(day) for holiday in self.holidays):
            return False
        return any(
            _was_shown(_wall(day, span.begins_min), self.zone, at)
            and not _is_past(_wall(day, span.ends_min), self.zone, at)
            for span in self.spans
            if span.is_on(day)
        )


def _wall(day: date, minutes: int) -> datetime:
    """A time as a wall clock shows it, without its zone."""
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def _was_shown(wall: datetime, zone: zoneinfo.ZoneInfo, at: datetime) -> bool:
    """Has the wall clock shown this time, or jumped over it?"""
    shown = at.astimezone(zone).replace(tzinfo=None)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return shown >= wall or at.astimezone(UTC) >= first


def _is_past(wall: datetime, zone: zoneinfo.ZoneInfo, at: datetime) -> bool:
    """Will the wall clock show no earlier time any more?"""
    shown = at.astimezone(zone).replace(tzinfo=None)
    last = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return shown >= wall and at.astimezone(UTC) >= last


def parse_span(text: str) -> Span:
    """Read "mon-fri 09:00-18:00", "sat,sun 10:00-15:00" or "fri 22:00-02:00" (over midnight).

    Raises `SpanRefused`.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise SpanRefused(f"{text!r} is no span of weekdays and times")
    begins, ends = _minutes(found[2], found[3]), _minutes(found[4], found[5])
    if begins in {ends, _MINUTES_OF_DAY}:
        raise SpanRefused(f"{text!r} has no length")
    return Span(
        weekdays=_weekdays(found[1].lower()),
        begins_min=begins,
        ends_min=ends if ends > begins else ends + _MINUTES_OF_DAY,
    )


def _minutes(hour: str, minute: str) -> int:
    total = int(hour) * _MINUTES_OF_HOUR + int(minute)
    if int(minute) >= _MINUTES_OF_HOUR or total > _MINUTES_OF_DAY:
        raise SpanRefused(f"{hour}:{minute} is no time of day")
    return total


def _weekdays(text: str) -> frozenset[int]:
    days: set[int] = set()
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        begin, end = _weekday(first), _weekday(last or first)
        days |= {(begin + step) % len(WEEKDAYS) for step in range((end - begin) % 7 + 1)}
    return frozenset(days)


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise SpanRefused(f"{name!r} is no day of the week")
    return WEEKDAYS.index(name)


def parse_holiday(text: str) -> Holiday:
    """Read "2026-12-31" or "2026-12-29/2027-01-03". Raises `HolidayRefused`."""
    first, _, last = text.strip().partition("/")
    try:
        holiday = Holiday(first=_date(first), last=_date(last or first))
    except ValueError as broken:
        raise HolidayRefused(f"{text!r} is no date and no range") from broken
    if holiday.last < holiday.first:
        raise HolidayRefused(f"{text!r} ends before it begins")
    return holiday


def _date(text: str) -> date:
    """Only as it is documented: `fromisoformat` alone takes week dates too."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def parse_hours(name: str, zone: str, spans: tuple[str, ...], holidays: tuple[str, ...]) -> Hours:
    """A table from its texts. Raises `ZoneRefused`, `SpanRefused` or `HolidayRefused`."""
    try:
        place = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ZoneRefused(f"no time zone is called {zone!r}") from unknown
    return Hours(
        name=name,
        zone=place,
        spans=tuple(map(parse_span, spans)),
        holidays=tuple(map(parse_holiday, holidays)),
    )
