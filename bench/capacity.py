"""`python -m bench capacity`: how many calls this host holds, by calls to a running Rokuon.

Raises the load step by step until a packet is lost, a call is refused or the sender falls behind.
Knows where Rokuon listens and what the kernel counts, nothing of SIP or media.
"""

import argparse
import asyncio
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.call_load import CallLoad, open_load
from bench.generator import lateness_of
from bench.report import table, write_json
from rokuon.compose.selftest.own_target import own_target
from rokuon.config.load import load
from rokuon.config.schema import Config

FIRST_STEP: Final = 100
GROWTH: Final = 1.5
SETUPS_PER_S: Final = 100.0
# Beyond this share of slots that left a whole beat late, the sender measures itself.
MAX_MISSED_SHARE: Final = 0.001
STEP_S: Final = range(5, 601)
HEADS: Final = (
    "calls", "packets", "lost", "refused", "p99 of set-ups, ms", "slots missed by the sender",
    "ended by",
)  # fmt: skip
UDP_TABLES: Final = (Path("/proc/net/udp"), Path("/proc/net/udp6"))
_LOCAL_FIELD: Final = 1
_DROPS_FIELD: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One number of calls, held for a while; `limit` says what ended it, "" when nothing did."""

    calls: int
    packets: int
    lost: int
    refused: int
    p99_setup_ms: float
    sender_missed: int
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The largest number of calls held without loss, what ended the last step, and every step."""

    calls_held: int
    limit: str
    steps: list[Step]

    def told(self) -> str:
        """The steps as a table, and what they amount to."""
        rows = [[*asdict(step).values()] for step in self.steps]
        return f"{table(HEADS, rows)}\n{self.calls_held} calls held; then: {self.limit}"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this measurement can be asked for."""
    add = parser.add_argument
    add("--config", "-c", type=Path, default=os.environ.get("ROKUON_CONFIG"), help="its settings")
    add("--seconds", type=_step_s, default=60, help="length of one step, 5 to 600")
    add("--json", type=Path, default=Path("build/bench-capacity.json"))


def _step_s(text: str) -> int:
    """A slip of the keyboard must not load a machine for a day."""
    if not text.isdigit() or int(text) not in STEP_S:
        raise argparse.ArgumentTypeError(f"{text} is not between {STEP_S[0]} and {STEP_S[-1]}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Measure, write the JSON file, print the table; exit code 1 where no call came about."""
    found = measure_capacity(load(arguments.config), arguments.seconds)
    if not any(step.calls for step in found.steps):
        print("no call came about: is rokuon serve running?")
        return 1
    write_json(arguments.json, found)
    print(found.told())
    return 0


def measure_capacity(config: Config, seconds: int) -> Capacity:
    """Hold more and more calls for `seconds` each, until something gives."""
    steps = asyncio.run(_climb(config, seconds))
    held = [step.calls for step in steps if not step.limit]
    return Capacity(
        calls_held=max(held, default=0),
        limit=steps[-1].limit or "limits.max_calls",
        steps=steps,
    )


async def _climb(config: Config, seconds: int) -> list[Step]:
    target = own_target(config)
    steps: list[Step] = []
    wanted = min(FIRST_STEP, config.limits.max_calls)
    async with open_load(target, max_calls=config.limits.max_calls) as load:
        while True:
            steps.append(await _step(load, config, wanted, seconds))
            if steps[-1].limit or wanted == config.limits.max_calls:
                break
            wanted = min(int(wanted * GROWTH), config.limits.max_calls)
        await load.end(per_s=SETUPS_PER_S)
    return steps


async def _step(load: CallLoad, config: Config, calls: int, seconds: int) -> Step:
    """Add calls up to `calls` and hold them."""
    lost = dropped(config)
    setup = await load.place(calls - load.held, per_s=SETUPS_PER_S)
    packets, before = load.sent_packets, load.media()
    await asyncio.sleep(seconds)
    media = load.media()
    late = lateness_of(media.late_ms - before.late_ms)
    lost = dropped(config) - lost
    refused = sum(setup.failures.values())
    limit = "packets lost" if lost else "calls refused" if refused else ""
    if not limit and late.missed > late.slots * MAX_MISSED_SHARE:
        limit = "the sender on this host"
    return Step(
        calls=load.held,
        packets=load.sent_packets - packets,
        lost=lost,
        refused=refused,
        p99_setup_ms=round(setup.p99_ms, 1),
        sender_missed=late.missed,
        limit=limit,
    )


def dropped(config: Config) -> int:
    """Datagrams that the kernel has dropped on our RTP ports since they were opened."""
    return sum(
        count
        for table in UDP_TABLES
        if table.exists()
        for port, count in read_drops(table.read_text("ascii"))
        if config.rtp.first_port <= port <= config.rtp.last_port + 1
    )


def read_drops(table: str) -> list[tuple[int, int]]:
    """Port and drops of every socket in a table of proc(5) `/proc/net/udp`."""
    rows = [line.split() for line in table.splitlines()[1:]]
    return [
        (int(row[_LOCAL_FIELD].rpartition(":")[2], 16), int(row[_DROPS_FIELD]))
        for row in rows
        if len(row) > _DROPS_FIELD
    ]
