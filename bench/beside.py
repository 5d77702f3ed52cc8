"""Calls that are recorded while others are heard and searched: what was lost, who had to wait.

Knows the recorder by its command line, its wire and its HTTP interface, nothing of its inside.
"""

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bench.audience import Door, Question, Waits, listen, search
from bench.call_load import CallLoad, SetupReport, open_load
from bench.held import Held
from bench.ours import WARM_S, OursRun, difference, dropped, reading
from bench.promises import SEARCH_P99_MAX_RATIO
from bench.questions import Client
from bench.relay_ours import wait_for_recordings
from bench.server import Running
from rokuon.selftest.signalling import Target

BEGIN_PER_S: Final = 50.0
# The keeper takes over what is sealed when it comes to it, and a busy machine lets it wait.
FOUND_WITHIN_S: Final = 300.0
HEADS: Final = (
    "calls recorded", "answered", "packets sent", "kept", "lost", "pieces heard", "too late",
    "piece p99, ms", "searches", "failed", "search p50, ms", "search p99, ms", "× alone",
    "CPU of ours", "CPU of machine", "what limits",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the audience asked and how it was answered."""

    heard: Waits
    searched: Waits


@dataclass(frozen=True, slots=True)
class Kept:
    """By the far end: packets that were sent, and those in the parts of the recordings."""

    sent: int
    recordings: int
    packets: int

    @property
    def missing(self) -> int:
        """Sent and in no recording."""
        return self.sent - self.packets


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The audience beside so many calls."""

    calls: int
    run: OursRun
    kept: Kept
    asked: Asked
    cpus: int

    @property
    def lost(self) -> int:
        """Dropped from a receive queue, not sent at all, or in no recording."""
        return max(self.kept.missing, self.run.dropped) + self.run.generator.failed

    def ratio(self, alone: Waits) -> float:
        """How much longer a search takes than without anything beside it."""
        return self.asked.searched.p99_ms / alone.p99_ms if alone.p99_ms else 0.0

    def limits(self, alone: Waits) -> list[str]:
        """What went wrong, or is used up; empty where there is room."""
        heard, searched = self.asked.heard, self.asked.searched
        told = (
            (self.kept.missing, "packets sent that no recording has"),
            (heard.failed, "pieces that nobody got"),
            (heard.late, "silences in a player"),
            (searched.failed, "searches without an answer"),
        )
        found = [f"{count:,} {what}" for count, what in told if count]
        ratio = self.ratio(alone)
        if ratio > SEARCH_P99_MAX_RATIO:
            found.append(f"search p99 {ratio:.1f} × its own alone")
        return [*found, *Held(calls=self.calls, run=self.run, cpus=self.cpus).limits]

    def is_kept(self, alone: Waits) -> bool:
        """Whether all that is promised holds; what the generator missed is its own affair."""
        asked, answered = self.asked, self.run.setup.answered
        failed = asked.heard.failed + asked.heard.late + asked.searched.failed
        return (
            answered == self.calls
            and not self.lost + failed
            and self.ratio(alone) <= SEARCH_P99_MAX_RATIO
        )

    def row(self, alone: Waits) -> list[object]:
        """A line of the table; CPU in cores."""
        run, heard, searched = self.run, self.asked.heard, self.asked.searched
        return [
            f"{self.calls:,}", f"{run.setup.answered:,}", f"{self.kept.sent:,}",
            f"{self.kept.packets:,}", self.lost, f"{heard.asked:,}", heard.late, heard.p99_ms,
            f"{searched.asked:,}", searched.failed, searched.p50_ms, searched.p99_ms,
            self.ratio(alone), run.cpu_s / run.seconds, run.machine_cpu_s / run.seconds,
            "; ".join(self.limits(alone)) or "nothing yet",
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """So many who listen to these recordings, and so many of these searches a second."""

    door: Door
    recordings: tuple[str, ...]
    asked: tuple[Question, ...]
    listeners: int
    per_s: float

    async def ask(self, pool: ProcessPoolExecutor, seconds: float) -> Asked:
        """All of it at once."""
        loop = asyncio.get_running_loop()
        heard = loop.run_in_executor(
            pool, listen, self.door, self.recordings, self.listeners, seconds
        )
        searched = loop.run_in_executor(pool, search, self.door, self.asked, self.per_s, seconds)
        return Asked(await heard, await searched)

    async def search(self, pool: ProcessPoolExecutor, seconds: float) -> Waits:
        """Searches alone."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(pool, search, self.door, self.asked, self.per_s, seconds)


@dataclass(frozen=True, slots=True)
class Begun:
    """So many calls were begun between two moments; all recordings of that time are theirs."""

    since: datetime
    until: datetime
    setup: SetupReport

    async def recordings(self, running: Running) -> tuple[str, ...]:
        """Their ids, once there are as many; raises `CalledProcessError`."""
        found = await asyncio.to_thread(
            wait_for_recordings,
            running,
            self.since,
            self.until,
            self.setup.answered,
            within_s=FOUND_WITHIN_S,
        )
        return tuple(found)


async def begin(load: CallLoad, calls: int) -> Begun:
    """Set up so many more calls and let them speak."""
    since = datetime.now(UTC) - timedelta(seconds=1)
    setup = await load.place(calls, per_s=BEGIN_PER_S)
    return Begun(since, datetime.now(UTC) + timedelta(seconds=1), setup)


async def record(running: Running, calls: int, seconds: float) -> tuple[str, ...]:
    """The recordings of so many calls of that length."""
    async with open_load(Target(port=running.sip_port), max_calls=calls) as load:
        begun = await begin(load, calls)
        await asyncio.sleep(seconds)
        await load.end(per_s=BEGIN_PER_S)
    return await begun.recordings(running)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A running recorder, its audience, and the processes that the audience asks from."""

    running: Running
    audience: Audience
    pool: ProcessPoolExecutor

    async def alone(self, seconds: float) -> Waits:
        """Searches with nothing beside them."""
        return await self.audience.search(self.pool, seconds)

    async def beside(self, calls: int, seconds: float) -> Beside:
        """Set up the calls, let the audience ask while they are up, end them, count."""
        async with open_load(Target(port=self.running.sip_port), max_calls=calls) as load:
            dropped_before = dropped()
            begun = await begin(load, calls)
            await asyncio.sleep(WARM_S)
            before = reading(load, self.running.pids)
            asked = await self.audience.ask(self.pool, seconds)
            after = reading(load, list(before.cpu))
            run = difference(before, after, begun.setup, dropped() - dropped_before)
            sent = sum(each.packets for each in await load.end(per_s=BEGIN_PER_S))
        found = await begun.recordings(self.running)
        with self.audience.door.client() as client:
            packets = sum(packets_of(client, each) for each in found)
        return Beside(
            calls=calls,
            run=run,
            kept=Kept(sent, len(found), packets),
            asked=asked,
            cpus=os.cpu_count() or 1,
        )


def packets_of(client: Client, recording: str) -> int:
    """What its parts hold; raises `QuestionFailed`."""
    answer = client.get(f"/recordings/{recording}/parts")
    assert isinstance(answer, dict)
    return sum(int(part["packets"]) for part in answer["parts"])
