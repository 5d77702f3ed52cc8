"""Inline calls through a whole Rokuon, between telephones that know what they said and heard.

One seeded run of each kind of kill; what may be expected is said by the tests.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from bench.inline_peers import InlineCall, Peers, callee_socket, open_peers
from bench.inline_sdp import parties
from bench.inline_server import inline_config
from rokuon.selftest.signalling import Target, Transport
from tests.crash.load import OK, Sent
from tests.crash.relayed import PACKET_S, Line, phone
from tests.crash.runs import Asker, Figures, judge, recover
from tests.crash.whole import STOP_WITHIN_S, WORKERS, Whole, is_gone, wait_until

CALLS: Final = 5
TALK_S: Final = 5.0
# A spare needs a moment to load before the first kill, and calls go on for a while after the last.
KILL_S: Final = (2.5, 3.5)
NOTICED_WITHIN_S: Final = 5.0
_NANO: Final = 1_000_000_000

Kill = Callable[["Floor"], Awaitable[None]]


@dataclass(slots=True)
class Talk:
    """A call that is up: its two telephones, the caller's first, and what each sends to."""

    call: InlineCall
    lines: tuple[Line, Line]
    ports: tuple[int, int]


@dataclass(slots=True)
class Floor:
    """A Rokuon with calls up; `answered_s`: how long each call's in-dialog request took."""

    whole: Whole
    peers: Peers
    luck: random.Random
    talks: list[Talk] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    answered_s: list[float] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [line for talk in self.talks for line in talk.lines]

    async def place(self, number: int) -> None:
        """Set one more call up."""
        lines = Line(2 * number, phone()), Line(2 * number + 1, phone())
        ends = parties([line.sock.getsockname()[1] for line in lines], (b"", b""))
        call = await self.peers.place(b"+8150%08d" % number, *ends)
        assert call.leg.told is not None
        self.talks.append(Talk(call, lines, (call.told.port, call.leg.told.port)))

    def speak(self, seconds: float) -> None:
        """Everybody, fifty times a second."""
        begun_s = time.monotonic()
        for packet in range(round(seconds / PACKET_S)):
            for talk in self.talks:
                for line, port in zip(talk.lines, talk.ports, strict=True):
                    line.say(port)
                    line.hear()
            time.sleep(max(0.0, begun_s + (packet + 1) * PACKET_S - time.monotonic()))

    def hear(self) -> None:
        """What has come since."""
        for line in self.lines:
            line.hear()

    def sent(self) -> list[Sent]:
        """What every telephone has said up to now."""
        return [Sent(1_000 + line.pair, 0, len(line.sent)) for line in self.lines]

    def longest_gap_s(self) -> float:
        """The longest time in which a party heard nothing, beyond a packet's own."""
        gaps = [
            after[1] - before[1]
            for line in self.lines
            for before, after in zip(line.heard, line.heard[1:], strict=False)
        ]
        return max(gaps) / _NANO - PACKET_S

    def unheard(self) -> int:
        """Packets that were said and never came to the other party."""
        missing = 0
        for talk in self.talks:
            for said, heard in (talk.lines, talk.lines[::-1]):
                missing += len(set(range(len(said.sent))) - {number for number, _ in heard.heard})
        return missing

    async def kill(self, name: str) -> None:
        """kill -9 of one part."""
        await asyncio.to_thread(self.whole.kill, name)
        self.killed.append(name)

    async def ask_all(self) -> None:
        """OPTIONS inside of every call; raises where a call is not known any more."""
        for talk in self.talks:
            asked_s = time.monotonic()
            assert await self.peers.ask(talk.call) == OK
            self.answered_s.append(time.monotonic() - asked_s)

    async def hang_up(self) -> None:
        """BYE of every caller; each callee gets one too."""
        for talk in self.talks:
            assert await self.peers.hang_up(talk.call) == OK
            async with asyncio.timeout(NOTICED_WITHIN_S):
                await talk.call.leg.ended.wait()

    def close(self) -> None:
        for line in self.lines:
            line.sock.close()


@asynccontextmanager
async def floor_with_calls(folder: Path, seed: int, calls: int) -> AsyncIterator[Floor]:
    """A Rokuon with so many inline calls up; it is stopped at the end."""
    luck = random.Random(seed)  # noqa: S311 - a run must be repeatable
    whole = Whole(folder)
    with callee_socket() as callee:
        tables = inline_config(callee.getsockname()[1], secure=False)
        whole.file.write_text(whole.file.read_text() + tables)
        whole.start()
        try:
            async with open_peers(Target(port=whole.sip_port), callee) as peers:
                floor = Floor(whole, peers, luck)
                for number in range(calls):
                    await floor.place(number)
                yield floor
                floor.close()
        finally:
            whole.stop()


@dataclass(slots=True, kw_only=True)
class InlineFigures:
    """What a run showed: the account of the recordings, and what the parties noticed."""

    figures: Figures
    unheard: int
    slowest_answer_s: float
    invites: list[int]
    strange: list[bytes]


async def killed_while_talking(
    folder: Path, seed: int, kill: Kill, *, calls: int = CALLS
) -> InlineFigures:
    """Calls that speak, a kill in their middle, BYE of each; then the account."""
    async with floor_with_calls(folder, seed, calls) as floor:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(floor.speak, TALK_S))
            await asyncio.sleep(floor.luck.uniform(*KILL_S))
            await kill(floor)
        await asyncio.sleep(0.5)
        floor.hear()
        await floor.hang_up()
        figures = await asyncio.to_thread(judge, floor.whole, seed, floor.sent())
        figures.killed, figures.silent_s = floor.killed, floor.longest_gap_s()
        return InlineFigures(
            figures=figures,
            unheard=floor.unheard(),
            slowest_answer_s=max(floor.answered_s, default=0.0),
            invites=[talk.call.leg.invites for talk in floor.talks],
            strange=floor.peers.callee.strange,
        )


async def kill_relays(floor: Floor) -> None:
    """Those that have calls, or may have: all."""
    for number in range(WORKERS):
        await floor.kill(f"relay-{number}")


async def kill_signalling(floor: Floor) -> None:
    """And ask at once about every call."""
    await floor.kill("signalling")
    await floor.ask_all()


async def kill_workers(floor: Floor) -> None:
    """All of them, one after another."""
    for number in range(WORKERS):
        await floor.kill(f"ingest-{number}")


async def kill_holder(folder: Path, seed: int, *, calls: int = CALLS) -> Figures:
    """kill -9 of the holder while everybody speaks; every callee gets a BYE, a new call talks."""
    async with floor_with_calls(folder, seed, calls) as floor:
        former = floor.whole.running("signalling")
        with Asker(floor.whole.sip_port, Transport.UDP) as asker:
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.to_thread(floor.speak, TALK_S))
                await asyncio.sleep(floor.luck.uniform(*KILL_S))
                sent = floor.sent()
                await floor.kill("holder")
                async with asyncio.timeout(NOTICED_WITHIN_S):
                    for talk in floor.talks:
                        await talk.call.leg.ended.wait()
            later, has_ended = floor.sent(), partial(is_gone, former)
            await asyncio.to_thread(wait_until, has_ended, within_s=STOP_WITHIN_S, what="the end")
            await asyncio.to_thread(asker.first_answer_s)
        floor.close()
        floor.talks.clear()
        await floor.place(calls)
        await asyncio.to_thread(floor.speak, 1.0)
        await floor.hang_up()
        new = floor.sent()
        figures = await asyncio.to_thread(judge, floor.whole, seed, [*sent, *new], [*later, *new])
        figures.killed = floor.killed
        return figures


async def kill_everything(folder: Path, seed: int, *, calls: int = CALLS) -> Figures:
    """kill -9 of all while everybody speaks; the keeper or `recover` closes what is left."""
    async with floor_with_calls(folder, seed, calls) as floor:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(floor.speak, TALK_S))
            await asyncio.sleep(floor.luck.uniform(*KILL_S))
            await asyncio.to_thread(floor.whole.kill_everything)
            sent = floor.sent()
        later = floor.sent()
        if floor.luck.random() < 1 / 2:
            floor.whole.start()
        else:
            await asyncio.to_thread(recover, floor.whole)
        figures = await asyncio.to_thread(judge, floor.whole, seed, sent, later)
        figures.killed = ["everything"]
        return figures
