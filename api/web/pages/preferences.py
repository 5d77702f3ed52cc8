"""What a browser keeps of how its person reads: its language, in a cookie that is no secret.

Knows nothing of who that is.
"""

from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from api.web.http.language import LANGUAGES, Reader, reader_of as reader_of_header

LANGUAGE: Final = "rokuon-language"
_A_YEAR_S: Final = 365 * 86_400


def reader_of(connection: HTTPConnection) -> Reader:
    """Who reads: the language that was chosen, else the one that the browser wants most."""
    chosen = connection.cookies.get(LANGUAGE, "")
    wanted = reader_of_header(connection)
    return Reader(chosen, wanted.words) if chosen in LANGUAGES else wanted


def keep(response: Response, name: str, value: str, *, secure: bool) -> None:
    """Let the browser keep a preference."""
    response.set_cookie(
        name, value, max_age=_A_YEAR_S, httponly=True, samesite="lax", secure=secure
    )
