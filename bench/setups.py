"""How fast calls are set up: a rate after another, up to and with the first that fails.

Knows nothing of how long the calls last or of what becomes of them.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.call_load import SetupReport, open_load
from bench.ours import ROOM
from bench.processes import machine_cpu_s
from bench.server import fresh_rokuon
from rokuon.machine.clock import monotonic_s
from rokuon.selftest.signalling import Target

# Longer than any start-up effect, short enough for a handful of rates.
RATE_S: Final = 10
# Asked for and reached: the generator begins its calls by the clock, so less is the recorder.
HEADS: Final = (
    "set-ups/s asked", "reached", "failures", "p50 ms", "p99 ms", "worst ms", "CPU of machine",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One rate; latencies are from INVITE to 200 as the client sees it. CPU in cores."""

    asked_per_s: float
    setup: SetupReport
    busy_cores: float
    cpus: int

    @property
    def failures(self) -> int:
        """Set-ups that did not come about, and calls that could not be ended."""
        return sum(self.setup.failures.values())

    def row(self) -> list[object]:
        """A line of the table."""
        setup = self.setup
        failed = ", ".join(f"{count} × {name}" for name, count in setup.failures.items())
        return [
            f"{self.asked_per_s:,.0f}",
            setup.setups_per_s,
            failed or "none",
            setup.p50_ms,
            setup.p99_ms,
            setup.worst_ms,
            f"{self.busy_cores:.2f} of {self.cpus}",
        ]


async def set_up_at(target: Target, per_s: float, seconds: int) -> Rate:
    """Calls begun at that rate for `seconds`, all speaking, then all ended."""
    calls = int(per_s * seconds)
    async with open_load(target, max_calls=calls) as load:
        begun_s, worked_s = monotonic_s(), machine_cpu_s()
        setup = await load.place(calls, per_s=per_s)
        busy_cores = (machine_cpu_s() - worked_s) / (monotonic_s() - begun_s)
        await load.end(per_s=per_s)
    cpus = os.cpu_count() or 1
    return Rate(asked_per_s=per_s, setup=setup, busy_cores=busy_cores, cpus=cpus)


def at_fresh_recorder(per_s: float, seconds: int) -> Rate:
    """One rate, with a recorder that has no calls yet."""
    with fresh_rokuon(max_calls=int(per_s * seconds) + ROOM) as running:
        return asyncio.run(set_up_at(Target(port=running.sip_port), per_s, seconds))


def until_failure(rates: Sequence[float], one: Callable[[float], Rate]) -> list[Rate]:
    """Each rate in turn, up to and with the first at which a set-up fails."""
    reached: list[Rate] = []
    for per_s in rates:
        reached.append(one(per_s))
        if reached[-1].failures:
            break
    return reached
