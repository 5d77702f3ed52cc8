"""What a browser keeps of how its person reads: language and zone, in cookies that are no secret.

Knows nothing of who that is.
"""

from contextlib import suppress
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import HTTPConnection
from starlette.responses import Response

from api.web.http.language import LANGUAGES, Reader, reader_of as reader_of_header
from archive.access.query import QueryRefused, zone_named

LANGUAGE: Final = "rokuon-language"
ZONE: Final = "rokuon-zone"
_A_YEAR_S: Final = 365 * 86_400


def reader_of(connection: HTTPConnection) -> Reader:
    """Who reads: the language that was chosen, else the one that the browser wants most."""
    chosen = connection.cookies.get(LANGUAGE, "")
    wanted = reader_of_header(connection)
    return Reader(chosen, wanted.words) if chosen in LANGUAGES else wanted


def zone_of(connection: HTTPConnection, usual: str) -> ZoneInfo:
    """The zone that was chosen, else the usual one."""
    with suppress(QueryRefused):
        if chosen := connection.cookies.get(ZONE, ""):
            return zone_named(chosen)
    return zone_named(usual)


def keep(response: Response, name: str, value: str, *, secure: bool) -> None:
    """Let the browser keep a preference."""
    response.set_cookie(
        name, value, max_age=_A_YEAR_S, httponly=True, samesite="lax", secure=secure
    )
