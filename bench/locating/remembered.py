"""Questions about calls that are there, as somebody remembers them: by class, of a week or of all.

The clues are those of the call, so that each of them fits some calls and not others. Knows the
tables, nothing of how calls are ranked.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from bench.questions import Client

ZONE: Final = ZoneInfo("Asia/Tokyo")
# A window holds no more rows than this.
WINDOW_ROWS: Final = 200_000
_PATH: Final = "/calls/search"
_US: Final = 1_000_000
_NOON: Final = 12
_MINUTE_MS: Final = 60_000
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A call as far as it is asked for."""

    at: datetime
    number: str
    agent: str
    extension: str
    queue: str
    tag: str
    direction: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """A question, as it is sent."""

    body: str

    def ask(self, client: Client) -> None:
        """Raises `QuestionFailed`, `OSError`, `HTTPException`."""
        try:
            client.post(_PATH, self.body)
        except (OSError, HTTPException):
            client.connection.close()
            raise

    def is_answered(self, client: Client) -> bool:
        """Whether the columns are made; raises as `ask` does."""
        return client.is_answered(_PATH, self.body)


def _likely(kind: str, value: str, **more: Any) -> Fields:
    return {"kind": kind, "value": value, "likely": True, **more}


def _when(call: Call) -> Fields:
    half = "午前" if call.at.hour < _NOON else "午後"
    return _likely("when", f"{call.at.month}月{call.at.day}日の{half}")


CLASSES: Final[Mapping[str, Callable[[Call], list[Fields]]]] = {
    "when": lambda call: [_when(call)],
    "last four digits": lambda call: [_likely("number", f"下4桁{call.number[-4:]}")],
    "first digits": lambda call: [_likely("number", f"{call.number[:3]}で始まる")],
    "agent": lambda call: [_likely("agent", call.agent)],
    "extension": lambda call: [_likely("extension", call.extension)],
    "queue": lambda call: [_likely("queue", call.queue)],
    "direction, length": lambda call: [
        _likely("direction", call.direction),
        _likely("length", f"{call.minutes}分くらい"),
    ],
    "transferred": lambda _: [_likely("happened", "transferred", was=True)],
    "gist": lambda call: [_likely("gist", call.tag)],
    "customer": lambda call: [_likely("customer", call.agent)],
    "when, agent, last four": lambda call: [
        _when(call),
        _likely("agent", call.agent),
        _likely("number", f"下4桁{call.number[-4:]}"),
    ],
    "seven clues": lambda call: [
        _when(call),
        _likely("agent", call.agent),
        _likely("number", f"下4桁{call.number[-4:]}"),
        _likely("queue", call.queue),
        _likely("direction", call.direction),
        _likely("length", f"{call.minutes}分くらい"),
        _likely("gist", call.tag),
    ],
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """Calls of a catalog, and how long a window is that has no more than `WINDOW_ROWS`."""

    calls: tuple[Call, ...]
    window: timedelta

    def questions(self, name: str, *, windowed: bool) -> Iterator[Remembered]:
        """One of each call."""
        for call in self.calls:
            body: Fields = {"zone": ZONE.key, "clues": CLASSES[name](call), "limit": 20}
            if windowed:
                begin = call.at - self.window / 2
                end = begin + self.window
                body["window"] = {
                    "from": begin.isoformat(), "to": end.isoformat(), "zone": ZONE.key
                }  # fmt: skip
            yield Remembered(json.dumps(body))


def draw(file: Path, count: int, *, seed: int) -> Drawn:
    """So many calls of the catalog in `file`, in no order."""
    dice = Random(seed)  # noqa: S311  # what is asked must be the same each time
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        (rows,) = database.execute("SELECT max(row) FROM recording").fetchone()
        times = "SELECT min(started_us), max(started_us) FROM recording"
        first_us, last_us = database.execute(times).fetchone()
        calls: list[Call] = []
        while len(calls) < count:
            found = database.execute(_ONE, (dice.randint(1, rows),)).fetchone()
            if found is not None:
                calls.append(_call(*found))
    # Rows lie closer together by day than on average: so many of them in a working week.
    share = min(WINDOW_ROWS / rows / 1.5, 1.0)
    return Drawn(tuple(calls), timedelta(microseconds=(last_us - first_us) * share))


# By the indexes of what hangs on a recording: SQLite would read all that the tenant has of a kind.
_ONE: Final = """
SELECT r.started_us, r.direction, r.duration_ms, outside.raw, ours.raw, agent.name,
  coalesce((SELECT folded FROM mark
    WHERE tenant = r.tenant AND likelihood(recording = r.row, 0.00001) AND kind = 'queue'),
    'support'),
  coalesce((SELECT folded FROM mark
    WHERE tenant = r.tenant AND likelihood(recording = r.row, 0.00001) AND kind = 'tag'),
    'urgent')
FROM recording r
CROSS JOIN leg customer ON customer.tenant = r.tenant AND customer.recording = r.row
CROSS JOIN leg agent ON agent.tenant = r.tenant AND agent.recording = r.row
CROSS JOIN leg_address outside ON outside.tenant = r.tenant AND outside.recording = r.row
CROSS JOIN leg_address ours ON ours.tenant = r.tenant AND ours.recording = r.row
WHERE r.row = ? AND customer.side = 'customer' AND agent.side = 'agent' AND agent.name != ''
  AND outside.leg = customer.row AND ours.leg = agent.row AND outside.raw || '' GLOB '+81*'
"""


def _call(
    at_us: int, direction: str, length_ms: int, number: str, extension: str, *told: str
) -> Call:
    name, queue, tag = told
    return Call(
        at=datetime.fromtimestamp(at_us / _US, UTC).astimezone(ZONE),
        number=f"0{number.removeprefix('+81')}",
        agent=name.split()[0],
        extension=extension,
        queue=queue,
        tag=tag,
        direction=direction,
        minutes=max(1, round(length_ms / _MINUTE_MS)),
    )
