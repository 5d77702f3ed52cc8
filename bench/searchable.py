"""How long after its end a call can be found: alone, and while many calls are up and ending.

The question is a function, so that API, command line or database may be asked.
"""

import asyncio
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Final

from bench.call_load import open_load
from bench.ours import ROOM, SETUPS_PER_S
from bench.report import median_of
from bench.server import Running, fresh_rokuon
from rokuon.machine.clock import monotonic_s
from rokuon.selftest.client import japanese_call, place_call
from rokuon.selftest.signalling import Target

CALL_S: Final = 3.0
ASK_EVERY_S: Final = 0.1
GIVE_UP_AFTER_S: Final = 60.0
# Calls whose end is timed, at any moment: enough for a figure every second.
PROBES: Final = 4
HEADS: Final = (
    "calls up beside", "ends/s", "their length, s", "ended", "timed", "median s", "worst s",
    "not found",
)  # fmt: skip

# (number of the customer, begin of the search window) → whether exactly that call is found
Find = Callable[[str, datetime], bool]
# No number twice: a call that is found must be the one that has just ended.
_NUMBERS: Final = count()


class NeverFound(Exception):
    """The call did not become searchable in time."""


@dataclass(frozen=True, slots=True)
class ApiFinder:
    """Asks `POST /api/v1/calls/search`."""

    port: int
    token: str

    def __call__(self, number: str, since: datetime) -> bool:
        """Whether the search finds a call of that number; a busy API is no answer."""
        until = since + timedelta(hours=1)
        window = {"from": since.isoformat(), "to": until.isoformat(), "zone": "Asia/Tokyo"}
        body = {"window": window, "clues": [{"kind": "number", "value": number}]}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/calls/search",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        try:
            with urllib.request.urlopen(request) as response:  # noqa: S310 - our own server on loopback
                return bool(json.load(response)["calls"])
        except urllib.error.HTTPError as refused:
            if refused.code == HTTPStatus.SERVICE_UNAVAILABLE:
                return False
            raise


def api_finder(running: Running) -> ApiFinder:
    """A finder with a token of its own; raises `CalledProcessError`."""
    command = [sys.executable, "-m", "rokuon", "--config", str(running.config), "user", "token"]
    said = subprocess.run([*command, "bench"], capture_output=True, text=True, check=True)
    return ApiFinder(running.http_port, said.stdout.split()[-1])


async def searchable_after_s(target: Target, find: Find) -> float:
    """Seconds from the end of a call (BYE answered) to the first search that finds it.

    Raises `NeverFound`, and what `place_call` raises.
    """
    script = japanese_call(CALL_S)
    number = f"+8130000{next(_NUMBERS) % 10_000:04d}"
    customer = replace(script.customer, aor=f"sip:{number}@carrier.example")
    since = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    await place_call(target, replace(script, customer=customer))
    ended_s = monotonic_s()
    while monotonic_s() - ended_s < GIVE_UP_AFTER_S:
        if await asyncio.to_thread(find, number, since):
            return monotonic_s() - ended_s
        await asyncio.sleep(ASK_EVERY_S)
    raise NeverFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The calls around those that are timed: some stay up, others end so many a second."""

    standing: int
    ending: int
    per_s: float
    held_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """Seconds from call end to found, of every call that was timed."""

    crowd: Crowd
    answered: int
    delays_s: list[float] = field(default_factory=list)
    not_found: int = 0

    @property
    def worst_s(self) -> float:
        """The longest delay; 0 where none was timed."""
        return max(self.delays_s, default=0.0)

    def row(self) -> list[object]:
        """A line of the table."""
        crowd = self.crowd
        return [
            f"{crowd.standing:,}",
            f"{crowd.per_s if crowd.ending else 0:g}",
            crowd.held_s,
            f"{crowd.ending:,}",
            len(self.delays_s) + self.not_found,
            median_of(self.delays_s),
            self.worst_s,
            self.not_found,
        ]


class Timing:
    """Places and times calls, one after another, until it is told to stop."""

    def __init__(self, target: Target, find: Find) -> None:
        self._target, self._find = target, find
        self.delays_s: list[float] = []
        self.not_found = 0
        self.enough = asyncio.Event()

    async def probe(self) -> None:
        """One call after another; the last is begun before the ends stop."""
        while not self.enough.is_set():
            await self.once()

    async def once(self) -> None:
        """One call."""
        try:
            self.delays_s.append(await searchable_after_s(self._target, self._find))
        except NeverFound:
            self.not_found += 1


async def time_alone(target: Target, find: Find, times: int) -> Searchable:
    """Call after call with nothing else up."""
    timing = Timing(target, find)
    for _ in range(times):
        await timing.once()
    crowd = Crowd(standing=0, ending=0, per_s=0.0, held_s=0)
    return _result(crowd, times, timing)


async def time_in_crowd(target: Target, find: Find, crowd: Crowd) -> Searchable:
    """Set the crowd up, let it speak for `held_s`, end the ending at their rate, time all along."""
    timing = Timing(target, find)
    async with (
        open_load(target, max_calls=max(1, crowd.standing)) as standing,
        open_load(target, max_calls=crowd.ending) as ending,
    ):
        stands = await standing.place(crowd.standing, per_s=SETUPS_PER_S)
        ends = await ending.place(crowd.ending, per_s=SETUPS_PER_S)
        await asyncio.sleep(crowd.held_s)
        async with asyncio.TaskGroup() as group:
            for number in range(PROBES):
                group.create_task(timing.probe(), name=f"probe {number}")
            await ending.end(per_s=crowd.per_s)
            timing.enough.set()
    return _result(crowd, stands.answered + ends.answered, timing)


def _result(crowd: Crowd, answered: int, timing: Timing) -> Searchable:
    return Searchable(
        crowd=crowd, answered=answered, delays_s=timing.delays_s, not_found=timing.not_found
    )


def alone(times: int) -> Searchable:
    """With a fresh recorder and nothing else up."""
    with fresh_rokuon() as running:
        return asyncio.run(time_alone(Target(port=running.sip_port), api_finder(running), times))


def in_crowd(crowd: Crowd) -> Searchable:
    """With a fresh recorder and the crowd."""
    with fresh_rokuon(max_calls=crowd.standing + crowd.ending + ROOM) as running:
        target = Target(port=running.sip_port)
        return asyncio.run(time_in_crowd(target, api_finder(running), crowd))
