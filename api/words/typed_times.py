"""Points in time as people type them: with an offset, or with a zone that must be named.

Pure: `now` is handed in. Knows no words of time but two notations of machines; the rest is read as
whatever is remembered of a call is. Knows nothing of commands or pages, and of no default zone: the
server's is nobody's.
"""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from typing import Final

from api.words.texts import Text, said
from archive.locate.when.values import Calendar, WhenReading
from archive.moments import moment as time_of

_AGO: Final = re.compile(r"-(\d{1,4})([wdhm])")
_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
# What is said to the minute or the second is a point; all else has a length.
_POINT_S: Final = 60
# What makes a time uncertain that must be certain.
_ODD: Final = frozenset({"no_such_day", "weekday_differs", "no_common_day", "too_many_stretches"})
# Far enough from both ends of the calendar for every zone.
_YEARS: Final = range(1900, 9000)


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
    since: str, until: str, zone: zoneinfo.ZoneInfo | None, now: datetime, calendar: Calendar
) -> tuple[datetime, datetime]:
    """The two ends of a window. Raises `MomentUnclear`, also where it ends before it begins."""
    begin = moment(since, zone, Edge.BEGIN, now, calendar)
    end = moment(until, zone, Edge.END, now, calendar)
    # The end of a day is the begin of the next one, which is after it all the same.
    if (end, moment(until, zone, Edge.BEGIN, now, calendar)) < (begin, begin):
        raise MomentUnclear(
            said("{begin} is after {end}: the window ends before it begins"),
            begin=begin.isoformat(" ", "minutes"),
            end=end.isoformat(" ", "minutes"),
        )
    return begin, end


def open_window(
    since: str, until: str, zone: zoneinfo.ZoneInfo | None, now: datetime, calendar: Calendar
) -> tuple[datetime | None, datetime | None]:
    """The two ends of a window, each of which may be open ("", told as None).

    Raises `MomentUnclear`, also where it ends before it begins.
    """
    if since and until:
        return window(since, until, zone, now, calendar)
    return (
        moment(since, zone, Edge.BEGIN, now, calendar) if since else None,
        moment(until, zone, Edge.END, now, calendar) if until else None,
    )


def moment(
    text: str, zone: tzinfo | None, edge: Edge, now: datetime, calendar: Calendar
) -> datetime:
    """Read a time or a day (all of it) in words or figures, ISO 8601, or `-7d` (before now).

    Of what may be several days it is the likeliest, from its beginning to its end; the calendar is
    that of the installation's country (3/4). Raises `MomentUnclear`.
    """
    text = text.strip()
    if ago := _AGO.fullmatch(text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    if (stated := _by_machine(text, zone, edge)) is not None:
        return stated
    # Its tables take longer to load than most commands run.
    from archive.locate.when.reader import read_to_the_minute

    reading = read_to_the_minute(text, now=now, zone=zone or UTC, calendar=calendar)
    _check(reading, text)
    return time_of(_edge_us(reading, edge)).astimezone(_named(zone, text))


def _by_machine(text: str, zone: tzinfo | None, edge: Edge) -> datetime | None:
    """ISO 8601 with an offset, or with a fraction of a second, which nobody remembers."""
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        return None
    if stated.year not in _YEARS or (stated.tzinfo is None and "." not in text):
        return None
    if stated.tzinfo is not None:
        return stated
    return stated.replace(tzinfo=_named(zone, text), fold=0 if edge is Edge.BEGIN else 1)


def _named(zone: tzinfo | None, text: str) -> tzinfo:
    if zone is None:
        raise ZoneNeeded(
            said("{text} has no offset: name the zone with --zone, e.g. Asia/Tokyo"), text=text
        )
    return zone


def _check(reading: WhenReading, text: str) -> None:
    odd = any(each.code in _ODD for each in reading.notes)
    if any(len(each.clocks) > 1 for each in reading.understood):
        raise MomentUnclear(
            said("{text} may be two times of the day; write 07:00 or 19:00"), text=text
        )
    if odd or reading.unused or not (reading.says_days and reading.stretches):
        raise MomentUnclear(
            said("{text} is not a time; write 2026-10-29 17:00, 10/29, yesterday or -7d"), text=text
        )


def _edge_us(reading: WhenReading, edge: Edge) -> int:
    """The begin of the first stretch of the likeliest, or the end of the last."""
    likeliest = max(each.weight for each in reading.stretches)
    stretches = [each for each in reading.stretches if each.weight == likeliest]
    if edge is Edge.BEGIN:
        return stretches[0].begin_us
    clocks = [clock for each in reading.alternatives for clock in each.clocks]
    is_point = clocks and all(each.end_s - each.begin_s <= _POINT_S for each in clocks)
    return stretches[-1].begin_us if is_point else stretches[-1].end_us
