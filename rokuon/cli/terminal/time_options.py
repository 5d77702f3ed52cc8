"""The options of a window and of its zone, and the times that they mean.

Knows nothing of what is asked for in a window.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from api.words.typed_times import Edge, MomentUnclear, ZoneNeeded, moment, window, zone_of
from archive.locate.when.values import Calendar
from rokuon.cli.terminal.session import Session, session_of
from rokuon.machine import clock
from rokuon.messages.i18n import tr

UTC_ZONE: Final = ZoneInfo("UTC")
_LOCALTIME: Final = Path("/etc/localtime")
_SECOND: Final = timedelta(seconds=1)
Placed = tuple[ZoneInfo, tuple[datetime, datetime]]

Since = Annotated[
    str,
    typer.Option("--from", help=tr("begin of the window: 2026-10-29 17:00, 10/29, yesterday, -7d")),
]
Until = Annotated[str, typer.Option("--to", help=tr("end of the window; a day is all of it"))]
Zone = Annotated[str, typer.Option("--zone", help=tr("zone of the times, e.g. Asia/Tokyo"))]


def told(unclear: MomentUnclear) -> str:
    """What is unclear, in the language in force."""
    return tr(unclear.told.source).format(**unclear.told.values)


def window_of(context: typer.Context, since: str, until: str, zone: str) -> Placed:
    """The zone in which times are shown, and the two ends of a window.

    A time without an offset is by the zone that is named, else by the site's.
    """
    with _mistyped():
        return _placed(since, until, zone_of(zone), session_of(context))


def _placed(since: str, until: str, named: ZoneInfo | None, session: Session) -> Placed:
    now, calendar = clock.now(), _calendar_of(session)
    try:
        return named or UTC_ZONE, window(since, until, named, now, calendar)
    except ZoneNeeded:
        own = zone_of(session.site_zone())
        if own is None:
            raise
        return own, window(since, until, own, now, calendar)


def calendar_of(context: typer.Context) -> Calendar:
    """The calendar by which dates are typed: that of the site's country."""
    return _calendar_of(session_of(context))


def _calendar_of(session: Session) -> Calendar:
    return Calendar.of(session.site_country())


def clock_of(context: typer.Context, zone: str) -> tuple[ZoneInfo, str]:
    """The zone that is named, else the person's own, the site's or the machine's; and whose."""
    with _mistyped():
        if given := zone_of(zone):
            return given, ""
    if own := _if_known(os.environ.get("TZ", "").removeprefix(":")):
        return own, tr("your own zone (TZ)")
    if site := _if_known(session_of(context).site_zone()):
        return site, tr("the zone of the site")
    return _if_known(_machines_zone()) or UTC_ZONE, tr("the zone of this machine")


def _if_known(name: str) -> ZoneInfo | None:
    with suppress(MomentUnclear):
        return None if name == "localtime" else zone_of(name)
    return None


def _machines_zone() -> str:
    """The name of its zone, "" where it has none: then its clock is UTC."""
    _, _, name = str(_LOCALTIME.resolve()).partition("zoneinfo/")
    return name


def ends_in(
    place: ZoneInfo, since: str, until: str, calendar: Calendar
) -> tuple[datetime, datetime]:
    """The two ends of a window whose times without an offset are by that zone."""
    with _mistyped():
        return window(since, until, place, clock.now(), calendar)


def said_at(place: ZoneInfo, text: str, calendar: Calendar) -> datetime:
    """A time at which something was said; of a day its last second, or now where that is earlier.

    Midnight behind it would be of the next day, by which "yesterday" is the day itself.
    """
    now = clock.now()
    with _mistyped():
        begin, end = (moment(text, place, edge, now, calendar) for edge in (Edge.BEGIN, Edge.END))
    return end if begin == end else min(end - _SECOND, max(begin, now))


def place_of(zone: str) -> ZoneInfo:
    """The zone in which times are shown: UTC where none is named."""
    with _mistyped():
        return zone_of(zone) or UTC_ZONE


@contextmanager
def _mistyped() -> Iterator[None]:
    """What is unclear is what was typed."""
    try:
        yield
    except MomentUnclear as unclear:
        raise typer.BadParameter(told(unclear)) from unclear


def in_zone(title: str, place: ZoneInfo) -> str:
    """The title of a column of times: by which clock they are."""
    return f"{title} ({place.key})"
