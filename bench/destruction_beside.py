"""Calls that are being recorded while an archive is destroyed: what is lost, what is found late.

Run `python -m bench.destruction_beside --json FILE`; exit code 3 where a promise is missed. The
whole product runs: recorder, keeper, key daemon, runner, API. Knows it by its command line, its
wire and its HTTP interface.
"""

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from archive.disk.archive_place import ArchivePlace
from archive.disk.files import LocalDisk
from bench.beside import BEGIN_PER_S, Begun, Kept, begin, packets_of
from bench.call_load import CallLoad, open_load
from bench.condemned import condemn, hand_over, wait_until_through
from bench.facts import machine_facts
from bench.filled_catalog import fill
from bench.filled_registers import KEPT
from bench.held import Held
from bench.ours import ROOM, WARM_S, OursRun, difference, dropped, reading
from bench.progress import steps
from bench.promises import FINDINGS, SEARCHABLE_WITHIN_S
from bench.questions import client_of
from bench.report import median_of, table, write_json
from bench.searchable import Timing, api_finder
from bench.server import Running, data_of, start_rokuon
from rokuon.machine.clock import monotonic_s
from rokuon.selftest.signalling import Target

SEED: Final = 18
PROBES: Final = 2
HEADS: Final = (
    "calls recorded", "packets sent", "kept", "lost", "destroyed", "destroyed/s", "timed",
    "found after s, median", "worst", "never", "CPU of ours", "CPU of machine", "what limits",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How long after their end calls were found, how many never, while so many were destroyed.

    `through_s` is the monotonic second at which nothing of the plan was left to do.
    """

    delays_s: list[float]
    never: int
    destroyed: int
    through_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionBeside:
    """So many calls beside the destruction of so many recordings, which took `seconds`."""

    calls: int
    recordings: int
    seconds: float
    run: OursRun
    kept: Kept
    found: Found

    @property
    def lost(self) -> int:
        """Dropped from a receive queue, not sent at all, or in no recording."""
        return max(self.kept.missing, self.run.dropped) + self.run.generator.failed

    @property
    def missed(self) -> list[str]:
        """The promises that were not kept, in words."""
        worst_s = max(self.found.delays_s, default=0.0)
        told = (
            (self.calls - self.run.setup.answered, "calls not answered"),
            (self.lost, "packets lost"),
            (self.recordings - self.found.destroyed, "recordings still there"),
            (self.found.never, "calls never found"),
            (worst_s if worst_s > SEARCHABLE_WITHIN_S else 0, "s until a call was found"),
        )
        return [f"{count:,.0f} {what}" for count, what in told if count]

    def told(self) -> str:
        """The table."""
        run, found = self.run, self.found
        limits = Held(calls=self.calls, run=run, cpus=os.cpu_count() or 1).limits
        row = [
            f"{self.calls:,}", f"{self.kept.sent:,}", f"{self.kept.packets:,}", self.lost,
            f"{found.destroyed:,}", found.destroyed / self.seconds, len(found.delays_s),
            median_of(found.delays_s), max(found.delays_s, default=0.0), found.never,
            run.cpu_s / run.seconds, run.machine_cpu_s / run.seconds,
            "; ".join(limits) or "nothing yet",
        ]  # fmt: skip
        return table(HEADS, [row])


@dataclass(frozen=True, slots=True)
class _Scene:
    """A running recorder, where its data lies, and the plan that waits."""

    running: Running
    data: Path
    plan: int

    async def measure(self, load: CallLoad, calls: int, recordings: int) -> DestructionBeside:
        """Set up the calls, let the run begin, time calls until it ends; count."""
        dropped_before = dropped()
        begun = await begin(load, calls)
        await asyncio.sleep(WARM_S)
        before, began_s = reading(load, self.running.pids), monotonic_s()
        await asyncio.to_thread(hand_over, self.data, self.plan)
        found = await self._time_until_through()
        after = reading(load, list(before.cpu))
        run = difference(before, after, begun.setup, dropped() - dropped_before)
        sent = sum(each.packets for each in await load.end(per_s=BEGIN_PER_S))
        return DestructionBeside(
            calls=calls,
            recordings=recordings,
            seconds=found.through_s - began_s,
            run=run,
            kept=await self._kept(begun, sent),
            found=found,
        )

    async def _time_until_through(self) -> Found:
        timing = Timing(
            Target(port=self.running.sip_port), await asyncio.to_thread(api_finder, self.running)
        )
        async with asyncio.TaskGroup() as group:
            for number in range(PROBES):
                group.create_task(timing.probe(), name=f"probe {number}")
            gone = await asyncio.to_thread(wait_until_through, self.data, self.plan)
            through_s = monotonic_s()
            timing.enough.set()
        return Found(
            delays_s=timing.delays_s,
            never=timing.not_found,
            destroyed=gone,
            through_s=through_s,
        )

    async def _kept(self, begun: Begun, sent: int) -> Kept:
        found = await begun.recordings(self.running)
        with client_of(self.running) as client:
            packets = sum(packets_of(client, each) for each in found)
        return Kept(sent, len(found), packets)


async def _measured(scene: _Scene, calls: int, recordings: int) -> DestructionBeside:
    target = Target(port=scene.running.sip_port)
    async with open_load(target, max_calls=calls) as load:
        return await scene.measure(load, calls, recordings)


def measure(arguments: argparse.Namespace) -> DestructionBeside:
    """Fill a catalog, have Rokuon make its keys, condemn the archive, start it again, measure."""
    folder: Path = arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    data = data_of(folder)
    file = data / "catalog" / "catalog.db"
    file.parent.mkdir(parents=True)
    most = arguments.calls + ROOM
    more = f"\n[retention]\nper_second = {arguments.per_second}\n"
    with steps(3) as step:
        step("filling")
        filled = fill(file, arguments.recordings, seed=SEED, step=lambda _done, _total: None)
        archive = data / "archive"
        archive.mkdir()
        # Else it is one whose disk is not mounted.
        ArchivePlace(archive, tuple).begin(LocalDisk())
        step("keys, files and a plan")
        start_rokuon(folder, max_calls=most, first=("--welcome",)).stop()
        plan = condemn(data)
        step(f"destroying beside {arguments.calls} calls")
        running = start_rokuon(folder, max_calls=most, more=more, first=("--welcome",))
        try:
            scene = _Scene(running, data, plan)
            return asyncio.run(_measured(scene, arguments.calls, filled.calls - KEPT))
        finally:
            running.stop()
            if not arguments.keep:
                shutil.rmtree(folder)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this bench can be asked for."""
    add = parser.add_argument
    add("--calls", type=int, default=500, help="being recorded all along")
    archived = f"in the archive; all are destroyed but {KEPT}, which a hold has"
    add("--recordings", type=int, default=100_000, help=archived)
    add("--per-second", type=int, default=200, help="the rate; what is shipped unless said")
    add("--folder", type=Path, default=Path("build/beside"), help="where the archive is made")
    add("--keep", action="store_true", help="leave it there")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-destruction-beside.json"))
    asked = parser.parse_args(arguments)
    figures = measure(asked)
    command = ["python", "-m", "bench.destruction_beside", *sys.argv[1:]]
    write_json(
        asked.json, {"command": command, "machine": machine_facts(), "beside": asdict(figures)}
    )
    print(figures.told())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
