"""The page that people search on, beside the same search over HTTP: what showing it adds.

Both are asked in turns over connections that are kept open. Knows the form of signing in and the
address of the search, nothing of what is on the page.
"""

import http.client
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import quote, urlencode

from bench.call_load import percentile
from bench.questions import Client, QuestionFailed, Sample, Waited, timed
from bench.server import Running, data_of

SHOWN_HEADS: Final = (
    "search", "times", "over HTTP, median ms", "p99 ms", "the page, median ms", "p99 ms",
    "more at p99, ms",
)  # fmt: skip
_P99: Final = 0.99
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One search, answered to a program and shown to a person."""

    name: str
    answered: Waited
    shown: Waited

    @property
    def more_ms(self) -> float:
        """What the page takes longer, as the 99th percentiles."""
        return percentile(self.shown.times_ms, _P99) - percentile(self.answered.times_ms, _P99)

    def row(self) -> list[object]:
        """A line of the table."""
        halves = (self.answered, self.shown)
        told = [ms for one in halves for ms in (one.median_ms, percentile(one.times_ms, _P99))]
        return [self.name, len(self.shown.times_ms), *told, self.more_ms]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is signed in, with one connection that is kept open."""

    connection: http.client.HTTPConnection
    cookie: str

    def see(self, path: str) -> bytes:
        """A page. Raises `QuestionFailed`."""
        self.connection.request("GET", path, headers={"Cookie": self.cookie})
        response = self.connection.getresponse()
        page = response.read()
        if response.status != http.HTTPStatus.OK:
            raise QuestionFailed(f"GET {path}: {response.status}")
        return page


@contextmanager
def reader_of(running: Running) -> Iterator[Reader]:
    """The first user, signed in with the code that the server has left. Raises `QuestionFailed`."""
    address = (data_of(running.config.parent) / "first-code").read_text().strip()
    with closing(http.client.HTTPConnection("127.0.0.1", running.http_port)) as connection:
        yield Reader(connection, _signed_in(connection, address.rpartition("=")[2]))


def shown_pages(client: Client, reader: Reader, sample: Sample, times: int) -> Iterator[Shown]:
    """All calls of a day, and the last digits of a number in a season."""
    until = sample.ends
    last4 = sample.number[-4:]
    kinds: tuple[tuple[str, timedelta, list[dict[str, str]], dict[str, str]], ...] = (
        ("a day", timedelta(days=1), [], {}),
        (
            "last digits",
            timedelta(days=60),
            [{"kind": "number", "value": last4}],
            {"number": last4},
        ),
    )
    for name, length, clues, fields in kinds:
        since = until - length
        path = f"/calls?{urlencode({'from': _typed(since), 'to': _typed(until), **fields})}"
        answered, shown = Waited(name=name), Waited(name=name)
        for _ in range(times):
            asked = timed(name, [lambda s=since, c=clues: client.search(s, until, c)])  # type: ignore[misc]
            answered.times_ms.extend(asked.times_ms)
            seen = timed(name, [lambda p=path: reader.see(p)])  # type: ignore[misc]
            shown.times_ms.extend(seen.times_ms)
        yield Shown(name=name, answered=answered, shown=shown)


def _typed(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S%z}"


def _signed_in(connection: http.client.HTTPConnection, code: str) -> str:
    """The cookies of a session that the code has begun."""
    connection.request("GET", f"/welcome?code={quote(code)}")
    response = connection.getresponse()
    key = re.search(rb'name="form_key" value="([^"]+)"', response.read())
    if key is None:
        raise QuestionFailed("the page of the first user has no form")
    cookies = _cookies(response)
    body = urlencode({"form_key": key[1].decode(), "code": code, "use": "1"})
    headers = {"Cookie": cookies, "Content-Type": _FORM, "Sec-Fetch-Site": "same-origin"}
    connection.request("POST", "/welcome", body, headers)
    response = connection.getresponse()
    response.read()
    if response.status != http.HTTPStatus.SEE_OTHER:
        raise QuestionFailed(f"signing in: {response.status}")
    return _cookies(response)


def _cookies(response: http.client.HTTPResponse) -> str:
    jar = SimpleCookie()
    for name, value in response.getheaders():
        if name.lower() == "set-cookie":
            jar.load(value)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
