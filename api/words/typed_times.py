"""Points in time as people type them: with an offset, or with a zone that must be named.

Pure: `now` is handed in. Knows nothing of commands or pages, and of no default zone: the server's
is nobody's.
"""

import re
import zoneinfo
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum
from typing import Final

from api.words.texts import Text, said

_AGO: Final = re.compile(r"-(\d{1,4})([wdhm])")
_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
# A day in words or figures, and perhaps a time behind it.
_DAY: Final = re.compile(
    r"(today|yesterday|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2})(?: +(.+))?"
)
# 29 February comes every four years, but for the turn of most centuries.
_YEARS_BACK: Final = 8
# No call was recorded before; far enough from the end of the calendar for every zone.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9990


class MomentUnclear(ValueError):
    """A time that cannot be understood, or could mean several; `told` says so to people."""

    def __init__(self, source: str, **values: str) -> None:
        super().__init__(source.format(**values))
        self.told = Text(source, values)


class ZoneNeeded(MomentUnclear):
    """A time without an offset, and nobody has said by which clock it is."""


class Edge(Enum):
    """Which end of a window a time is; a doubled hour and a bare date are read to widen it."""

    BEGIN = "begin"
    END = "end"


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of that name, None for "". Raises `MomentUnclear`."""
    if not name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise MomentUnclear(said("no time zone is called {name}"), name=name) from unknown


def window(
    since: str, until: str, zone: zoneinfo.ZoneInfo | None, now: datetime
) -> tuple[datetime, datetime]:
    """The two ends of a window. Raises `MomentUnclear`, also where it ends before it begins."""
    begin, end = moment(since, zone, Edge.BEGIN, now), moment(until, zone, Edge.END, now)
    # The end of a day is the begin of the next one, which is after it all the same.
    if (end, moment(until, zone, Edge.BEGIN, now)) < (begin, begin):
        raise MomentUnclear(
            said("{begin} is after {end}: the window ends before it begins"),
            begin=begin.isoformat(" ", "minutes"),
            end=end.isoformat(" ", "minutes"),
        )
    return begin, end


def moment(text: str, zone: zoneinfo.ZoneInfo | None, edge: Edge, now: datetime) -> datetime:
    """Read `2026-10-29 17:00`, ISO 8601, a day (all of it), or `-7d` (so long before now).

    A day is `2026-10-29`, `2026/10/29`, `10/29` (the last one that was), `today` or `yesterday`,
    perhaps with a time behind it. Raises `MomentUnclear`.
    """
    text = text.strip()
    if ago := _AGO.fullmatch(text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        stated = _stated(text, edge, lambda: _today(now, zone, text))
        if not FIRST_YEAR <= stated.year <= LAST_YEAR:
            raise ValueError(stated.year)
    except (ValueError, OverflowError) as unreadable:
        if isinstance(unreadable, MomentUnclear):
            raise
        raise MomentUnclear(
            said("{text} is not a time; write 2026-10-29 17:00, 10/29, yesterday or -7d"), text=text
        ) from unreadable
    if stated.tzinfo is not None:
        return stated
    return stated.replace(tzinfo=_named(zone, text), fold=0 if edge is Edge.BEGIN else 1)


def _stated(text: str, edge: Edge, today: Callable[[], date]) -> datetime:
    found = _DAY.fullmatch(text)
    if found is None:
        return datetime.fromisoformat(text)
    day = _day(found[1], today)
    if found[2]:
        return datetime.combine(day, time.fromisoformat(found[2]))
    # `time()` is naive on purpose: the zone is put on afterwards, or refused.
    return datetime.combine(day if edge is Edge.BEGIN else day + timedelta(days=1), time())


def _day(text: str, today: Callable[[], date]) -> date:
    match text:
        case "today":
            return today()
        case "yesterday":
            return today() - timedelta(days=1)
    numbers = [int(number) for number in re.split("[-/]", text)]
    if len(numbers) == 2:  # noqa: PLR2004  # month and day
        return _last(numbers[0], numbers[1], today())
    return date(*numbers)


def _last(month: int, day: int, today: date) -> date:
    """The last day of that name that was, or is today."""
    for year in range(today.year, today.year - _YEARS_BACK - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise ValueError(day)


def _today(now: datetime, zone: zoneinfo.ZoneInfo | None, text: str) -> date:
    return now.astimezone(_named(zone, text)).date()


def _named(zone: zoneinfo.ZoneInfo | None, text: str) -> tzinfo:
    if zone is None:
        raise ZoneNeeded(
            said("{text} has no offset: name the zone with --zone, e.g. Asia/Tokyo"), text=text
        )
    return zone
