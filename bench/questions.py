"""What is asked of a catalog of a million calls, over HTTP and on the command line, and timed.

Every time is what who asks has waited, the journal's entry on the disk included. Knows no table.
"""

import http.client
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from archive.catalog.tables.packed_bodies import unpack
from bench.archived_calls import PURPOSE
from bench.report import median_of
from bench.server import Running

BASE: Final = "/api/v1"
MS_PER_S: Final = 1_000
HEADS: Final = ("question", "times", "median ms", "p95 ms", "worst ms")
FOUND_ON_A_PAGE: Final = 50
_P95: Final = 0.95

Ask = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long the answers to one kind of question took."""

    name: str
    times_ms: list[float] = field(default_factory=list)

    @property
    def median_ms(self) -> float:
        """Half of them took no longer."""
        return median_of(self.times_ms)

    def row(self) -> list[object]:
        """A line of the table."""
        ranked = sorted(self.times_ms)
        p95 = ranked[int(len(ranked) * _P95)] if ranked else 0.0
        return [self.name, len(ranked), self.median_ms, p95, max(ranked, default=0.0)]


class QuestionFailed(Exception):
    """It was not answered as it should be."""


class NotYet(QuestionFailed):
    """The server asks to be asked again later."""


def timed(name: str, questions: Sequence[Ask]) -> Waited:
    """Ask one after another."""
    waited = Waited(name=name)
    for ask in questions:
        begun_s = time.perf_counter()
        ask()
        waited.times_ms.append((time.perf_counter() - begun_s) * MS_PER_S)
    return waited


@dataclass(frozen=True, slots=True)
class Client:
    """One connection that is kept open, and a token."""

    connection: http.client.HTTPConnection
    token: str

    def get(self, path: str) -> object:
        """The answer to a GET. Raises `QuestionFailed`."""
        return self._ask("GET", path, None)

    def search(self, since: datetime, until: datetime, clues: list[dict[str, str]]) -> int:
        """How many calls the first page has."""
        window = {"from": since.isoformat(), "to": until.isoformat(), "zone": "Asia/Tokyo"}
        body = {"window": window, "clues": clues, "limit": FOUND_ON_A_PAGE}
        answer = self._ask("POST", "/calls/search", json.dumps(body))
        assert isinstance(answer, dict)
        return len(answer["calls"])

    def post(self, path: str, body: str) -> object:
        """The answer to a POST. Raises `QuestionFailed`."""
        return self._ask("POST", path, body)

    def is_answered(self, path: str, body: str) -> bool:
        """Whether it can be asked already. Raises `QuestionFailed`."""
        try:
            self._ask("POST", path, body)
        except NotYet:
            return False
        return True

    def _ask(self, method: str, path: str, body: str | None) -> object:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.connection.request(method, BASE + path, body, headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status == http.HTTPStatus.SERVICE_UNAVAILABLE:
            raise NotYet(f"{method} {path}: {answer[:200]!r}")
        if response.status != http.HTTPStatus.OK:
            raise QuestionFailed(f"{method} {path}: {response.status} {answer[:200]!r}")
        return json.loads(answer)


@contextmanager
def client_of(running: Running) -> Iterator[Client]:
    """A client with a token of its own. Raises `CalledProcessError`."""
    made = command(running, "user", "token", "bench", "--purpose", PURPOSE)
    token = made.split()[-1]
    with closing(http.client.HTTPConnection("127.0.0.1", running.http_port)) as connection:
        yield Client(connection, token)


def command(running: Running, *arguments: str) -> str:
    """What `rokuon` says. Raises `CalledProcessError`."""
    whole = [sys.executable, "-m", "rokuon", "--config", str(running.config), *arguments]
    return subprocess.run(whole, capture_output=True, text=True, check=True).stdout


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Calls that are there, by chance: ids, and an agent's name and a customer's number."""

    calls: list[str]
    recordings: list[str]
    agent: str
    number: str
    last_us: int

    @property
    def ends(self) -> datetime:
        """When the last call of all began."""
        return datetime.fromtimestamp(self.last_us / 1_000_000, UTC)


def sample_of(file: Path, size: int, *, seed: int) -> Sample:
    """Draw from the catalog in `file`; anybody's ids, whenever the calls were."""
    dice = Random(seed)  # noqa: S311  # what is asked must be the same each time
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        (most,) = database.execute("SELECT max(row) FROM recording").fetchone()
        drawn = sorted(dice.sample(range(1, most + 1), min(size, most)))
        rows = [database.execute(_ONE, (row,)).fetchone() for row in drawn]
        (agent,) = database.execute(
            "SELECT name FROM agent_period ORDER BY row LIMIT 1 OFFSET 7"
        ).fetchone()
        number = _last_caller(database)
        (last_us,) = database.execute("SELECT max(started_us) FROM recording").fetchone()
    return Sample(
        calls=[row[0] for row in rows],
        recordings=[row[1] for row in rows],
        agent=agent,
        number=number.partition(":")[2].partition("@")[0],
        last_us=last_us,
    )


_ONE: Final = (
    "SELECT lower(hex(c.id)), lower(hex(r.id)) FROM recording r"
    " JOIN conversation c ON c.row = r.conversation WHERE r.row = ?"
)
# Whose number it is stands in the first event of the last call; no table of numbers is named here.
_LAST_EVENTS: Final = "SELECT form, body FROM packed_events ORDER BY recording DESC"


def _last_caller(database: sqlite3.Connection) -> str:
    """The address that the newest call which was opened came from."""
    for form, packed in database.execute(_LAST_EVENTS):
        for body in unpack(form, packed).values():
            told = json.loads(body)
            if told["type"] == "call_opened":
                return str(told["from_uri"])
    raise LookupError("no call was opened")


def by_id(client: Client, sample: Sample) -> Iterator[Waited]:
    """One thing after another, each by its id."""
    yield timed("GET /health", [lambda: client.get("/health")] * len(sample.calls))
    kinds = (
        ("GET /calls/{id}", "/calls/{}", sample.calls),
        ("GET /recordings/{id}", "/recordings/{}", sample.recordings),
        ("GET /recordings/{id}/parts", "/recordings/{}/parts", sample.recordings),
    )
    for name, path, ids in kinds:
        yield timed(name, [_get(client, path.format(each)) for each in ids])


def _get(client: Client, path: str) -> Ask:
    return lambda: client.get(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The same search where its page is full and where it is not."""

    name: str
    full: Waited
    found: int
    scarce: Waited
    found_scarce: int

    @property
    def ratio(self) -> float:
        """How much longer the page that is not full takes."""
        return self.scarce.median_ms / self.full.median_ms if self.full.times_ms else 0.0

    def row(self) -> list[object]:
        """A line of the table."""
        full, scarce = self.full.median_ms, self.scarce.median_ms
        return [self.name, self.found, full, self.found_scarce, scarce, self.ratio]


PAGE_HEADS: Final = (
    "search", "found", "full page, median ms", "found", "page that is not full, median ms", "ratio",
)  # fmt: skip


# How long the period is, and the clues.
_Asked = tuple[timedelta, list[dict[str, str]]]


def pages(client: Client, sample: Sample, times: int) -> Iterator[Pages]:
    """By time alone, by agent, by number: where there are many, and where there are few."""
    until = sample.ends
    agent = [{"kind": "agent", "value": sample.agent}]
    last4 = [{"kind": "number", "value": sample.number[-4:]}]
    whole = [{"kind": "number", "value": sample.number}]
    kinds: tuple[tuple[str, _Asked, _Asked], ...] = (
        ("time", (timedelta(days=1), []), (timedelta(minutes=10), [])),
        ("agent", (timedelta(days=60), agent), (timedelta(hours=12), agent)),
        ("number, last digits", (timedelta(days=299), last4), (timedelta(days=10), last4)),
        ("number", (timedelta(days=299), last4), (timedelta(days=299), whole)),
    )
    for name, many, few in kinds:
        full, found = _page(client, until, many, times)
        scarce, found_scarce = _page(client, until, few, times)
        yield Pages(name=name, full=full, found=found, scarce=scarce, found_scarce=found_scarce)


def _page(client: Client, until: datetime, asked: _Asked, times: int) -> tuple[Waited, int]:
    length, clues = asked
    found = client.search(until - length, until, clues)
    ask = [lambda: client.search(until - length, until, clues)] * times
    return timed("search", ask), found


COMMAND_HEADS: Final = ("command", "times", "median ms", "worst ms", "CPU, median ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How long a command took, and how much of that it computed."""

    waited: Waited
    cpu_ms: list[float]

    def row(self) -> list[object]:
        """A line of the table."""
        times_ms = self.waited.times_ms
        worst = max(times_ms, default=0.0)
        head = [self.waited.name, len(times_ms), self.waited.median_ms]
        return [*head, worst, median_of(self.cpu_ms)]


def commands(running: Running, sample: Sample, times: int, beside: str) -> Iterator[Ran]:
    """The interpreter alone, and what people type; each a process of its own."""
    day = [sample.ends - timedelta(days=60), sample.ends]
    since, until = (f"{moment:%Y-%m-%dT%H:%M}" for moment in day)
    window = ("--from", since, "--to", until, "--zone", "UTC")
    kinds = (
        ("rokuon --help", ("--help",)),
        ("rokuon calls find --number", ("calls", "find", *window, "--number", sample.number)),
        ("rokuon calls show", ("calls", "show", sample.calls[0])),
    )
    bare = [sys.executable, "-c", "pass"]
    yield ran(f"python -c pass{beside}", lambda: subprocess.run(bare, check=True), times)
    for name, arguments in kinds:
        yield ran(name + beside, _command(running, arguments), times)


def _command(running: Running, arguments: tuple[str, ...]) -> Ask:
    return lambda: command(running, *arguments)


def ran(name: str, run: Ask, times: int) -> Ran:
    """Run what starts a process and waits for it."""
    waited, cpu_ms = Waited(name=name), []
    for _ in range(times):
        before_ms = _children_ms()
        waited.times_ms.extend(timed(name, [run]).times_ms)
        cpu_ms.append(_children_ms() - before_ms)
    return Ran(waited=waited, cpu_ms=cpu_ms)


def _children_ms() -> float:
    """CPU of all processes that have been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * MS_PER_S


@contextmanager
def busy_cores() -> Iterator[None]:
    """A process that never rests for each core, while the block lasts."""
    spin = [sys.executable, "-c", "while True: pass"]
    spinning = [subprocess.Popen(spin) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for each in spinning:
            each.kill()
            each.wait()


def synced_line(folder: Path, times: int) -> Waited:
    """What the disk takes for one line that is on it for good: every question writes one."""

    def write() -> None:
        with (folder / "synced").open("ab") as file:
            file.write(b"x" * 4_096)
            file.flush()
            os.fdatasync(file.fileno())

    return timed("one line synced to this disk", [write] * times)
