"""`make soak`: calls that come and go for half an hour, and what the processes hold all the time.

Run `python -m bench.soak --calls 200 --minutes 30 --json FILE`; exit code 3 where descriptors do
not come back, memory grows, or a call fails.
"""

import argparse
import asyncio
import random
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.call_load import paced
from bench.chorus import singing
from bench.facts import machine_facts
from bench.footprint import HEADS, Footprint, Watch
from bench.generator import raise_descriptor_limit
from bench.inline_keys import new_keys
from bench.inline_peers import Peers, open_peers
from bench.inline_server import NOTICED, InlineServer, fresh_inline
from bench.ours import ROOM
from bench.progress import Step, steps
from bench.promises import FINDINGS, SOAK_MAX_GROWTH, SOAK_SETTLED_MIN
from bench.relay_ours import Crowd, number_of
from bench.report import table, write_json
from bench.server import FIRST_RTP_PORT
from rokuon.machine.clock import monotonic_s

CALL_S: Final = (30.0, 90.0)
READ_EVERY_S: Final = 30.0
# After the last call: the quarantine of ports, the archive, a round of everybody who looks around.
SETTLE_S: Final = 45.0
MINUTE_S: Final = 60.0
# One call in so many hears a notice first.
NOTICED_EVERY: Final = 4
BEGIN_PER_S: Final = 10.0
# Of pairs beyond those of the calls that are up. All are used once before the first reading: a
# relay asks for the sockets of a pair when a call first needs them, and keeps them.
SPARE_PAIRS: Final = 1.5
QUARANTINE_S: Final = 5
_RETRY_S: Final = 1.0


@dataclass(slots=True, kw_only=True)
class SoakFigures:
    """What was held by whom, and how many calls there were. `settled_s`: growth counts from it."""

    command: list[str]
    machine: dict[str, object]
    calls: int
    minutes: float
    settled_s: float
    secure: bool
    placed: int
    failures: dict[str, int]
    footprints: list[Footprint]

    @property
    def missed(self) -> list[str]:
        """What was not kept, in words."""
        told = [f"{count} × {name}" for name, count in self.failures.items()]
        for each in self.footprints:
            growth = each.growth(self.settled_s)
            if each.end is None:
                told.append(f"{each.name} ended")
            if each.descriptors_left > 0:
                told.append(f"{each.name}: {each.descriptors_left} descriptors more than before")
            if growth >= SOAK_MAX_GROWTH:
                told.append(f"{each.name}: memory grew by {100 * growth:.1f} %")
        return told

    def table(self) -> str:
        """A line per process."""
        return table(HEADS, [each.row(self.settled_s) for each in self.footprints])


class _Churn:
    """So many calls that are up at any time, each of them soon another one."""

    def __init__(self, peers: Peers, crowd: Crowd, luck: random.Random) -> None:
        self._peers, self._crowd, self._luck = peers, crowd, luck
        self.placed = 0
        self.enough = asyncio.Event()

    async def line(self, number: int) -> None:
        """One after another; begun in turn, ended together."""
        await self._wait(number / BEGIN_PER_S)
        while not self.enough.is_set():
            await self._call()

    async def _call(self) -> None:
        self.placed += 1
        prefix = NOTICED.encode() if self.placed % NOTICED_EVERY == 0 else b"+8150"
        call = await self._crowd.place(number_of(self.placed, prefix))
        if call is None:
            await self._wait(_RETRY_S)
            return
        await self._wait(self._luck.uniform(*CALL_S))
        if call.ended_by_server.is_set() or call.leg.ended.is_set():
            self._crowd.failures["ended by the server"] += 1
        await self._crowd.end(call)
        self._peers.forget(call)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.enough.wait(), seconds)


async def _read(watch: Watch, until_s: float, begun_s: float, step: Step) -> None:
    while (now_s := monotonic_s()) < until_s:
        step(f"{(now_s - begun_s) / MINUTE_S:.1f} minutes")
        watch.read(now_s - begun_s)
        await asyncio.sleep(min(READ_EVERY_S, until_s - now_s))
    watch.read(monotonic_s() - begun_s)


def pairs_for(calls: int) -> int:
    """How many port pairs the recorder has."""
    return round(2 * calls * SPARE_PAIRS) + 2


async def _warm(crowd: Crowd, calls: int) -> None:
    """As many calls as there are ports for; what has started late has started then."""

    async def place(number: int) -> None:
        await crowd.place(number_of(number, b"+8170"))

    await paced(range(calls), BEGIN_PER_S, place)
    await paced(list(crowd.calls), BEGIN_PER_S, crowd.end)
    await asyncio.sleep(SETTLE_S)


async def soak(
    server: InlineServer, arguments: argparse.Namespace, step: Step
) -> tuple[list[Footprint], int, Counter[str]]:
    """Calls for so many minutes; footprints, calls placed, failures."""
    keys = new_keys(secure=arguments.secure)
    with singing(keys, max_streams=2 * arguments.calls + ROOM) as engine:
        async with open_peers(server.target, server.callee) as peers:
            step("every port once")
            await _warm(Crowd(peers, engine), pairs_for(arguments.calls) // 2)
            watch, begun_s = Watch(server.running.pids), monotonic_s()
            crowd = Crowd(peers, engine)
            churn = _Churn(peers, crowd, random.Random(arguments.seed))  # noqa: S311 - repeatable
            async with asyncio.TaskGroup() as group:
                for number in range(arguments.calls):
                    group.create_task(churn.line(number), name=f"line {number}")
                await _read(watch, begun_s + MINUTE_S * arguments.minutes, begun_s, step)
                churn.enough.set()
            step("nothing up")
            await asyncio.sleep(SETTLE_S)
    return watch.finish(), churn.placed, crowd.failures


def measure(arguments: argparse.Namespace, command: list[str]) -> SoakFigures:
    """A fresh recorder, soaked; written to the file."""
    raise_descriptor_limit()
    readings = int(MINUTE_S * arguments.minutes / READ_EVERY_S) + 3
    with (
        steps(readings) as step,
        fresh_inline(
            max_calls=arguments.calls + ROOM,
            secure=arguments.secure,
            noticed=True,
            quarantine_s=QUARANTINE_S,
            last_port=FIRST_RTP_PORT + 2 * (pairs_for(arguments.calls) - 1),
        ) as server,
    ):
        footprints, placed, failures = asyncio.run(soak(server, arguments, step))
    figures = SoakFigures(
        command=command,
        machine=machine_facts(),
        calls=arguments.calls,
        minutes=arguments.minutes,
        # A short run settles in a shorter time, and proves less.
        settled_s=MINUTE_S * min(SOAK_SETTLED_MIN, arguments.minutes / 2),
        secure=arguments.secure,
        placed=placed,
        failures=dict(failures),
        footprints=footprints,
    )
    write_json(arguments.json, figures)
    return figures


def main() -> int:
    """Soak, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--calls", type=int, default=200, help="calls that are up at any time")
    add("--minutes", type=float, default=30.0, help="how long")
    add("--secure", action="store_true", help="SRTP on both sides")
    add("--seed", type=int, default=1, help="of the calls' lengths")
    add("--json", type=Path, default=Path("build/soak.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.soak", *sys.argv[1:]])
    print(f"{figures.placed:,} calls in {figures.minutes:g} minutes\n")
    print(figures.table())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
