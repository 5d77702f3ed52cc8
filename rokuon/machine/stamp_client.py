"""Asks a server of time stamps over HTTP or HTTPS.

Knows nothing of what is stamped: bytes go out and come back.
"""

import http.client
import ssl
from contextlib import closing
from typing import Final
from urllib.parse import urlsplit

from archive.certificates.time_stamps import ANSWER_TYPE, MAX_ANSWER_BYTES, QUESTION_TYPE
from archive.errors import StampRefused

# A server that needs longer is asked again in the next round.
ANSWER_S: Final = 15.0


def ask_for_stamp(server: str, question: bytes) -> bytes:
    """The answer of the server at an address (RFC 3161 section 3.4).

    Raises `OSError`, `StampRefused`.

    Nobody is asked whom the server names instead: an address is what an administrator wrote.
    """
    where = urlsplit(server)
    path = f"{where.path or '/'}{f'?{where.query}' if where.query else ''}"
    with closing(_connection(where.scheme, where.hostname or "", where.port)) as connection:
        try:
            connection.request("POST", path, question, {"Content-Type": QUESTION_TYPE})
            answer = connection.getresponse()
            content = answer.read(MAX_ANSWER_BYTES + 1)
        except http.client.HTTPException as broken:
            raise ConnectionError("the server of time stamps does not answer in HTTP") from broken
    kind = answer.headers.get_content_type()
    if answer.status != http.HTTPStatus.OK or kind != ANSWER_TYPE:
        raise StampRefused(f"the server answers {answer.status} {kind}")
    return content


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        trusted = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=ANSWER_S, context=trusted)
    return http.client.HTTPConnection(host, port, timeout=ANSWER_S)
