"""How fast inline calls are set up: a rate after another, up to and with the first that fails.

Every call goes through both legs to 200 and ACK, speaks, and is hung up after two seconds.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.call_load import paced, percentile
from bench.chorus import singing
from bench.inline_peers import Peers, open_peers
from bench.inline_server import InlineServer, fresh_inline
from bench.ours import ROOM
from bench.processes import machine_cpu_s
from bench.relay_ours import Crowd, number_of
from bench.report import median_of, spread
from rokuon.machine.clock import monotonic_s

RATE_S: Final = 10
TALK_S: Final = 2.0
# Beyond this nobody waits: it ends the ramp as a failure does.
MAX_P99_MS: Final = 1_000.0
# The last BYE has to reach the other side.
_SETTLE_S: Final = 1.0
HEADS: Final = (
    "set-ups/s asked", "reached", "failures", "p50 ms", "p99 ms", "worst ms",
    "p99 without the callee's time", "CPU of machine",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineRate:
    """One rate; from INVITE to 200 as the caller sees it. `server`: less what the callee took."""

    asked_per_s: float
    tried: int
    answered: int
    failures: dict[str, int]
    seconds: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    server_p99_ms: float
    busy_cores: float
    cpus: int

    @property
    def failed(self) -> int:
        """Calls that did not come about, were not ended, or of which a leg missed something."""
        return sum(self.failures.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFigures:
    """The runs of one rate, each with a fresh recorder: what failed in any of them has failed."""

    asked_per_s: float
    runs: list[InlineRate]

    @property
    def failed(self) -> int:
        """Of all runs together."""
        return sum(run.failed for run in self.runs)

    @property
    def p99_ms(self) -> float:
        """The median of the runs."""
        return median_of([run.p99_ms for run in self.runs])

    def row(self) -> list[object]:
        """A line of the table: medians with least and most, the worst of all runs."""
        failures = sum((Counter(run.failures) for run in self.runs), Counter[str]())
        failed = ", ".join(f"{count} × {name}" for name, count in failures.items())
        return [
            f"{self.asked_per_s:,.0f}",
            median_of([run.answered / run.seconds if run.seconds else 0.0 for run in self.runs]),
            failed or "none",
            spread([run.p50_ms for run in self.runs]),
            spread([run.p99_ms for run in self.runs]),
            max((run.worst_ms for run in self.runs), default=0.0),
            spread([run.server_p99_ms for run in self.runs]),
            f"{median_of([run.busy_cores for run in self.runs]):.2f} of {self.runs[0].cpus}",
        ]


class _Ramp:
    """Calls of one rate and what they took."""

    def __init__(self, crowd: Crowd, peers: Peers) -> None:
        self._crowd, self._peers = crowd, peers
        self.setups_ms: list[float] = []
        self.server_ms: list[float] = []
        self.last_answer_s = 0.0

    async def one(self, number: bytes) -> None:
        """From INVITE to BYE."""
        call = await self._crowd.place(number)
        if call is None:
            return
        self.setups_ms.append(1_000 * call.setup_s)
        self.server_ms.append(1_000 * call.server_s)
        self.last_answer_s = call.answered_s
        await asyncio.sleep(TALK_S)
        await self._crowd.end(call)
        await asyncio.sleep(_SETTLE_S)
        for reached, what in ((call.leg.acknowledged, "ACK"), (call.leg.ended.is_set(), "BYE")):
            if not reached:
                self._crowd.failures[f"no {what} at the callee"] += 1
        self._peers.forget(call)


async def set_up_at(server: InlineServer, per_s: float, seconds: int) -> InlineRate:
    """Calls begun at that rate for `seconds`."""
    calls = round(per_s * seconds)
    with singing((b"", b""), max_streams=2 * calls) as engine:
        async with open_peers(server.target, server.callee) as peers:
            crowd = Crowd(peers, engine)
            ramp = _Ramp(crowd, peers)
            begun_s, worked_s = monotonic_s(), machine_cpu_s()
            await paced([number_of(number) for number in range(calls)], per_s, ramp.one)
            busy = (machine_cpu_s() - worked_s) / (monotonic_s() - begun_s)
    return InlineRate(
        asked_per_s=per_s,
        tried=calls,
        answered=len(ramp.setups_ms),
        failures=dict(crowd.failures),
        seconds=ramp.last_answer_s - begun_s,
        p50_ms=percentile(ramp.setups_ms, 0.50),
        p99_ms=percentile(ramp.setups_ms, 0.99),
        worst_ms=max(ramp.setups_ms, default=0.0),
        server_p99_ms=percentile(ramp.server_ms, 0.99),
        busy_cores=busy,
        cpus=os.cpu_count() or 1,
    )


def at_fresh_recorder(per_s: float, seconds: int = RATE_S) -> InlineRate:
    """One rate, with a recorder that has no calls yet."""
    with fresh_inline(max_calls=round(per_s * seconds) + ROOM) as server:
        return asyncio.run(set_up_at(server, per_s, seconds))


def at_fresh_recorders(per_s: float, runs: int) -> RateFigures:
    """One rate several times: machines are noisy, and a second's neighbour is a p99."""
    return RateFigures(asked_per_s=per_s, runs=[at_fresh_recorder(per_s) for _ in range(runs)])


def highest(rates: Sequence[RateFigures], within_ms: float) -> float:
    """The highest rate up to which nothing failed and p99 stayed within; 0 where there is none."""
    good = 0.0
    for rate in rates:
        if rate.failed or rate.p99_ms > within_ms:
            break
        good = rate.asked_per_s
    return good
