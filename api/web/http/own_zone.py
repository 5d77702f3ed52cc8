"""The zone that a person has chosen for a browser, in a cookie that is no secret.

Knows nothing of who that is.
"""

from contextlib import suppress
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import HTTPConnection

from api.words.texts import Text, said
from archive.access.query import QueryRefused, zone_named

ZONE: Final = "rokuon-zone"


def zone_of(connection: HTTPConnection, usual: str) -> ZoneInfo:
    """The zone that was chosen, else the usual one."""
    return _chosen(connection) or zone_named(usual)


def zone_told(connection: HTTPConnection, zone: ZoneInfo) -> Text:
    """By which zone a text without one was read, and whose that is."""
    if _chosen(connection) is None:
        return Text(said("times are read by {zone}, the zone of the site"), {"zone": zone.key})
    return Text(said("times are read by {zone}, your own zone"), {"zone": zone.key})


def _chosen(connection: HTTPConnection) -> ZoneInfo | None:
    with suppress(QueryRefused):
        if chosen := connection.cookies.get(ZONE, ""):
            return zone_named(chosen)
    return None
