"""How many calls are held without a lost packet, and what stands in the way of more.

Knows nothing of how the calls are made.
"""

import asyncio
import os
from dataclasses import dataclass
from typing import Final

from bench.ours import ROOM, OursRun, measure
from bench.server import fresh_rokuon, refusals

HEADS: Final = (
    "calls", "answered", "lost", "µs/packet", "CPU of ours", "CPU of generator", "CPU of machine",
    "generator's worst lateness, ms", "clean", "what limits",
)  # fmt: skip
# The rest of a machine is needed by whoever comes next: set-ups, keeper, searches.
SATURATED: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One number of calls, held; `refusals` are the recorder's own reasons, `cpus` of the host."""

    calls: int
    run: OursRun
    cpus: int
    refusals: tuple[str, ...] = ()

    @property
    def lossless(self) -> bool:
        """Every call answered, no packet lost on either side."""
        return self.run.setup.answered == self.calls and not self.run.dropped + self.lost_unsent

    @property
    def clean(self) -> bool:
        """And the generator itself was in time all along."""
        return self.lossless and self.run.generator.missed_slots == 0

    @property
    def lost_unsent(self) -> int:
        """Packets that the generator could not send."""
        return self.run.generator.failed

    @property
    def busy_cores(self) -> float:
        """Cores at work on the machine, recorder, generator and kernel together."""
        return self.run.machine_cpu_s / self.run.seconds

    @property
    def limits(self) -> list[str]:
        """What went wrong or is used up, each with its figure; empty where there is room."""
        run, sent = self.run, self.run.generator
        why = f" ({', '.join(self.refusals)})" if self.refusals else ""
        told = (
            (self.calls - run.setup.answered, "calls not answered: " + _failures(run) + why),
            (run.dropped, "packets dropped from full receive queues"),
            (sent.failed, "packets that the generator could not send"),
            (sent.missed_slots, "beats that the generator missed"),
        )
        found = [f"{count:,} {what}" for count, what in told if count]
        if self.busy_cores >= SATURATED * self.cpus:
            found.append(f"CPU: {self.busy_cores:.2f} of {self.cpus} cores at work")
        return found

    def row(self) -> list[object]:
        """A line of the table; CPU in cores."""
        run, sent = self.run, self.run.generator
        return [
            f"{self.calls:,}",
            f"{run.setup.answered:,}",
            run.dropped + sent.failed,
            run.us_per_packet,
            run.cpu_s / run.seconds,
            sent.cpu_s / sent.seconds,
            self.busy_cores,
            sent.worst_late_ms,
            "yes" if self.clean else "no",
            "; ".join(self.limits) or "nothing yet",
        ]


def _failures(run: OursRun) -> str:
    return ", ".join(f"{count} × {name}" for name, count in run.setup.failures.items()) or "none"


def hold(calls: int, seconds: int, *, per_s: float) -> Held:
    """A fresh recorder with that many calls for `seconds`."""
    with fresh_rokuon(max_calls=calls + ROOM) as running:
        run = asyncio.run(measure(running, calls, seconds, per_s=per_s))
        reasons = refusals(running.log.read_text(errors="replace"))
    return Held(calls=calls, run=run, cpus=os.cpu_count() or 1, refusals=reasons)


def most_held(held: list[Held]) -> int:
    """The largest number of calls of which nothing was lost; 0 where there is none."""
    return max((one.calls for one in held if one.lossless), default=0)
