"""The command line's way to the API: HTTP over its Unix socket, as whoever runs the command.

Light, for every command loads it. Knows nothing of routes.
"""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

BASE: Final = "/api/v1"
# A long recording is encoded before its first byte comes.
ANSWER_S: Final = 600.0
PIECE_BYTES: Final = 1 << 18
# How often a command that asks too fast waits as it is told; a loop of many is only slowed.
WAITS: Final = 5
_JSON: Final = "application/json"

# Why a live call does not allow what is wished: its route, or a party, forbids it.
FORBIDDEN: Final = frozenset({"forbidden_by_route", "party_would_rather_not"})

Json = Any  # what an answer holds is the route's to say


class ApiAway(Exception):
    """Nobody answers at the socket: Rokuon does not run here."""


class ApiClosed(ApiAway):
    """The way to the socket is closed to who asks: the kernel says so, not Rokuon."""


class ApiRefused(Exception):
    """The API said no: its problem (RFC 9457), in the language that was asked for."""

    def __init__(self, problem: Mapping[str, Any], status: int, retry_after: str = "") -> None:
        super().__init__(str(problem.get("detail", "")))
        self.status = status
        self.retry_after = retry_after  # seconds, "" where it does not say
        self.code = str(problem.get("code", ""))
        self.why = str(problem.get("why", ""))
        errors = problem.get("errors", ())
        self.faults = tuple(str(each.get("detail", "")) for each in errors)
        # Where in the question each of them is (RFC 6901).
        self.pointers = tuple(str(each.get("pointer", "")) for each in errors)


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket; raises `ApiAway`."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(str(self._path))
        except PermissionError as closed:
            raise ApiClosed(str(self._path)) from closed
        except (FileNotFoundError, ConnectionRefusedError) as away:
            raise ApiAway(str(self._path)) from away


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Asks the API at the socket `path`; `headers` go with each question.

    `tell_reset` is told until when who asks speaks for nobody, because its way in was reset.
    """

    path: Path
    headers: Mapping[str, str] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep
    tell_reset: Callable[[str], None] = field(default=lambda _: None)

    def get(self, path: str, **query: str | int) -> Json:
        """The answer to a GET. Raises `ApiAway`, `ApiRefused`."""
        return self._ask("GET", _with(path, query))

    def post(self, path: str, body: Json) -> Json:
        """The answer to a POST of JSON. Raises `ApiAway`, `ApiRefused`."""
        return self._ask("POST", path, json.dumps(body).encode(), _JSON)

    def put(self, path: str, content: bytes, kind: str, **query: str | int) -> Json:
        """The answer to a PUT. Raises `ApiAway`, `ApiRefused`."""
        return self._ask("PUT", _with(path, query), content, kind)

    def delete(self, path: str, **query: str | int) -> Json:
        """The answer to a DELETE. Raises `ApiAway`, `ApiRefused`."""
        return self._ask("DELETE", _with(path, query))

    @contextmanager
    def download(
        self, method: str, path: str, body: Json = None, **query: str | int
    ) -> Iterator[http.client.HTTPResponse]:
        """An answer to be read piece by piece. Raises `ApiAway`, `ApiRefused`."""
        content = None if body is None else json.dumps(body).encode()
        with closing(_Connection(self.path)) as connection:
            yield self._answer(connection, method, _with(path, query), content, _JSON)

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = _JSON) -> Json:
        with closing(_Connection(self.path)) as connection:
            content = self._answer(connection, method, path, body, kind).read()
        return json.loads(content) if content else None

    def _answer(  # a request has so many parts
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        kind: str,
    ) -> http.client.HTTPResponse:
        headers = {**self.headers, **({"Content-Type": kind} if body is not None else {})}
        connection.request(method, BASE + path, body, headers)
        answer = connection.getresponse()
        for _ in range(WAITS):
            if answer.status != http.HTTPStatus.TOO_MANY_REQUESTS:
                break
            answer.read()
            self.sleep(float(answer.headers["Retry-After"]))
            connection.request(method, BASE + path, body, headers)
            answer = connection.getresponse()
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            wait = answer.headers["Retry-After"] or ""
            raise ApiRefused(_problem(answer.read()), answer.status, wait)
        if until := answer.headers["Rokuon-Reset-Until"]:
            self.tell_reset(until)
        return answer


def pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body of an answer as it comes; raises `OSError` where it ends too early."""
    try:
        while piece := answer.read(PIECE_BYTES):
            yield piece
    except http.client.HTTPException as broken:
        raise ConnectionError("the answer ended too early") from broken
    if answer.length:
        raise ConnectionError("the answer ended too early")


def part(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")


def _with(path: str, query: Mapping[str, str | int]) -> str:
    given = {key: value for key, value in query.items() if value != ""}
    return f"{path}?{urlencode(given)}" if given else path


def _problem(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
