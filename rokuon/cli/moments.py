"""Points in time as people type them: with an offset, or with a zone that must be named.

Pure. Knows nothing of commands, and of no default zone: the server's is nobody's.
"""

import re
import zoneinfo
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Final

from rokuon.i18n import tr

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class MomentUnclear(ValueError):
    """A time that cannot be understood, or could mean several."""


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
        raise MomentUnclear(tr("no time zone is called {name}").format(name=name)) from unknown


def moment(text: str, zone: zoneinfo.ZoneInfo | None, edge: Edge) -> datetime:
    """Read `2026-10-29 17:00`, ISO 8601, or a date (its whole day). Raises `MomentUnclear`."""
    try:
        stated = _whole_day(text, edge) if _DATE.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise MomentUnclear(
            tr("{text} is not a time; write 2026-10-29 17:00").format(text=text)
        ) from unreadable
    if stated.tzinfo is not None:
        return stated
    if zone is None:
        raise MomentUnclear(
            tr("{text} has no offset: name the zone with --zone, e.g. Asia/Tokyo").format(text=text)
        )
    return stated.replace(tzinfo=zone, fold=0 if edge is Edge.BEGIN else 1)


def _whole_day(text: str, edge: Edge) -> datetime:
    day = date.fromisoformat(text)
    # `time()` is naive on purpose: the zone is put on afterwards, or refused.
    return datetime.combine(day if edge is Edge.BEGIN else day + timedelta(days=1), time())
