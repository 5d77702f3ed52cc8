"""People who listen and search at once: ranges of audio as a player asks for them, and searches.

Knows the HTTP interface alone, and nothing of what else the machine does. Every wait counts from
the instant at which the question was due: what waits for the one before it waits, too.
"""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from bench.call_load import percentile
from bench.questions import BASE, MS_PER_S, Client, QuestionFailed, Sample

# A player asks for so much sound at once, and for the next when this one begins to be heard.
PIECE_S: Final = 5.0
# Connections that searches are asked over: far more than are open at any time.
SEARCHERS: Final = 16
# The header of a WAV file, and where in it stands how many bytes a second has.
_HEADER_BYTES: Final = 44
_BYTES_PER_S: Final = slice(28, 32)
_P99: Final = 0.99
# What people search: all calls of a day, last digits, a whole number, an agent's name.
KINDS: Final = ("day", "digits", "number", "agent")
_EVER: Final = timedelta(days=299)
_SEASON: Final = timedelta(days=60)
_FAILED: Final = (OSError, http.client.HTTPException, QuestionFailed)

Clues = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Door:
    """Where the API is, and a token for it."""

    port: int
    token: str

    def connect(self) -> http.client.HTTPConnection:
        """A connection of one's own."""
        return http.client.HTTPConnection("127.0.0.1", self.port)

    @contextmanager
    def client(self) -> Iterator[Client]:
        """A client with a connection of its own."""
        with closing(self.connect()) as connection:
            yield Client(connection, self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long the answers took that came; `late` are those that took longer than they might."""

    asked: int
    failed: int
    late: int
    p50_ms: float
    p99_ms: float
    worst_ms: float


@dataclass(slots=True)
class _Times:
    """What several threads have waited."""

    patience_ms: float
    answered_ms: list[float] = field(default_factory=list)
    failed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def time(self, due_s: float, ask: Callable[[], object]) -> None:
        """Ask once it is due."""
        time.sleep(max(0.0, due_s - time.monotonic()))
        try:
            ask()
        except _FAILED:
            with self.lock:
                self.failed += 1
            return
        waited_ms = (time.monotonic() - due_s) * MS_PER_S
        with self.lock:
            self.answered_ms.append(waited_ms)

    def told(self) -> Waits:
        """What they amount to."""
        times_ms = self.answered_ms
        return Waits(
            asked=len(times_ms) + self.failed,
            failed=self.failed,
            late=sum(each > self.patience_ms for each in times_ms),
            p50_ms=percentile(times_ms, 0.5),
            p99_ms=percentile(times_ms, _P99),
            worst_ms=max(times_ms, default=0.0),
        )


class _Player:
    """One listener: hears a recording from its beginning to its end, then the next."""

    def __init__(self, door: Door, recordings: Sequence[str], first: int) -> None:
        self._door, self._recordings, self._next = door, recordings, first
        self._connection = door.connect()
        self._at = self._whole = self._piece_bytes = 0

    def close(self) -> None:
        self._connection.close()

    def ask(self) -> None:
        """The next piece. Raises `QuestionFailed`, `OSError`, `HTTPException`."""
        if self._at >= self._whole:
            self._open()
        until = min(self._at + self._piece_bytes, self._whole)
        got = len(self._range(self._at, until)[0])
        if got != until - self._at:
            raise QuestionFailed(f"{got} bytes of {until - self._at}")
        self._at = until

    def _open(self) -> None:
        self._next += 1
        header, self._whole = self._range(0, _HEADER_BYTES)
        self._piece_bytes = int(PIECE_S * int.from_bytes(header[_BYTES_PER_S], "little"))
        self._at = 0

    def _get(self, path: str, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        try:
            self._connection.request("GET", path, headers=headers)
            response = self._connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise

    def _range(self, first: int, until: int) -> tuple[bytes, int]:
        """These bytes, and how many there are of all."""
        own = self._recordings[self._next % len(self._recordings)]
        headers = {"Authorization": f"Bearer {self._door.token}"}
        headers["Range"] = f"bytes={first}-{until - 1}"
        path = f"{BASE}/recordings/{own}/audio"
        try:
            response, body = self._get(path, headers)
        except ConnectionError:
            # The server has closed a connection that was idle; a player then opens another.
            response, body = self._get(path, headers)
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:
            raise QuestionFailed(f"{own}: {response.status} {body[:200]!r}")
        return body, int(response.headers["Content-Range"].rpartition("/")[2])


def listen(door: Door, recordings: Sequence[str], listeners: int, seconds: float) -> Waits:
    """So many listeners for so long; what comes later than its piece is long is a silence."""
    times = _Times(patience_ms=PIECE_S * MS_PER_S)
    begun_s = time.monotonic()

    def one(number: int) -> None:
        # From zero on: what is added up to the clock's large number is rounded.
        turn, first_s = 0, number * PIECE_S / listeners
        with closing(_Player(door, recordings, number)) as player:
            while (after_s := first_s + turn * PIECE_S) < seconds:
                times.time(begun_s + after_s, player.ask)
                turn += 1

    _all_at_once(one, listeners)
    return times.told()


@dataclass(frozen=True, slots=True)
class Search:
    """A window before the last call, and clues."""

    until: datetime
    length: timedelta
    clues: Clues

    def ask(self, client: Client) -> None:
        """Raises `QuestionFailed`, `OSError`, `HTTPException`."""
        try:
            client.search(self.until - self.length, self.until, self.clues)
        except (OSError, http.client.HTTPException):
            client.connection.close()
            raise


class Question(Protocol):
    """Whatever somebody asks by HTTP."""

    def ask(self, client: Client) -> None:
        """Raises `QuestionFailed`, `OSError`, `HTTPException`."""


def searches(sample: Sample, kinds: Sequence[str]) -> tuple[Search, ...]:
    """One search of each of these `KINDS`."""
    last4, whole = sample.number[-4:], sample.number
    known = {
        "day": Search(sample.ends, timedelta(days=1), []),
        "digits": Search(sample.ends, _EVER, [{"kind": "number", "value": last4}]),
        "number": Search(sample.ends, _EVER, [{"kind": "number", "value": whole}]),
        "agent": Search(sample.ends, _SEASON, [{"kind": "agent", "value": sample.agent}]),
    }
    return tuple(known[kind] for kind in kinds)


def search(door: Door, asked: Sequence[Question], per_s: float, seconds: float) -> Waits:
    """So many searches a second, in turn, whether or not those before have been answered."""
    times = _Times(patience_ms=MS_PER_S)
    begun_s = time.monotonic()

    def one(number: int) -> None:
        with door.client() as client:
            for turn in range(number, int(per_s * seconds), SEARCHERS):
                this = asked[turn % len(asked)]
                times.time(begun_s + turn / per_s, partial(this.ask, client))

    _all_at_once(one, SEARCHERS)
    return times.told()


def _all_at_once(one: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
