"""How many calls this host holds, measured with calls of our own to a running Rokuon.

Raises the load step by step until a packet is lost, a call is refused or the sender falls behind.
Knows where Rokuon listens and what the kernel counts, nothing of SIP or media.
"""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.call_load import CallLoad, open_load
from rokuon.compose.own_target import own_target
from rokuon.config.schema import Config
from rokuon.selftest.sender import lateness_of

FIRST_STEP: Final = 100
GROWTH: Final = 1.5
SETUPS_PER_S: Final = 100.0
# Beyond this share of slots that left a whole beat late, the sender measures itself.
MAX_MISSED_SHARE: Final = 0.001
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


def measure_capacity(config: Config, seconds: int) -> dict[str, object]:
    """The largest number of calls held for `seconds` without loss, and every step on the way."""
    steps = asyncio.run(_climb(config, seconds))
    held = [step.calls for step in steps if not step.limit]
    return {
        "calls_held": max(held, default=0),
        "limit": steps[-1].limit or "limits.max_calls",
        "steps": [asdict(step) for step in steps],
    }


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
