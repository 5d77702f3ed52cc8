"""What people who listen and search cost the calls being recorded, and these cost their searches.

Run `python -m bench.listeners --json FILE`; exit code 3 where a promise is missed. The recorder,
the load and everybody who asks share one machine.
"""

import argparse
import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bench.answers import SEED
from bench.audience import KINDS, Door, Waits, searches
from bench.beside import HEADS, Audience, Beside, Scene, record
from bench.facts import machine_facts
from bench.filled_catalog import Filled, fill
from bench.generator import raise_descriptor_limit
from bench.ours import ROOM
from bench.progress import Step, steps
from bench.promises import BESIDE_CALLS, CATALOG_CALLS, FINDINGS, LISTENERS, SEARCHES_PER_S
from bench.questions import Client, client_of, sample_of
from bench.report import table, write_json
from bench.server import Running, start_rokuon

CALLS: Final = (BESIDE_CALLS, 400, 300, 200, 100, 50)
# A search by an agent's name takes a third of a second of CPU at a million calls: five a second of
# them alone are more than this machine has.
ASKED: Final = ("day", "digits", "number")
# What a first search reads from the disk is nobody's doing.
WARM_S: Final = 5.0
# Calls that are heard, by two listeners each.
HEARD_EACH: Final = 2


@dataclass(slots=True, kw_only=True)
class ListenerFigures:
    """Everything that was measured; `alone` are the searches with nothing beside them."""

    command: list[str]
    machine: dict[str, object]
    filled: Filled
    listeners: int
    per_s: float
    kinds: list[str]
    seconds: int
    alone: Waits | None = None
    beside: list[Beside] = field(default_factory=list)

    @property
    def most(self) -> int:
        """The most calls beside which everything holds; 0 where there are none."""
        alone = self.alone
        kept = [one.calls for one in self.beside if alone is not None and one.is_kept(alone)]
        return max(kept, default=0)

    @property
    def missed(self) -> list[str]:
        """The promise, where it was measured and not kept, in words."""
        if self.alone is None:
            return []
        alone = self.alone
        promised = [one for one in self.beside if one.calls >= BESIDE_CALLS]
        return [
            f"beside {one.calls:,} calls: {'; '.join(one.limits(alone))}"
            for one in promised
            if not one.is_kept(alone)
        ]

    def table(self) -> str:
        """What was asked, the searches alone, and a line for each number of calls."""
        if self.alone is None:
            return ""
        alone = self.alone
        return (
            f"{self.filled.calls:,} calls in the catalog; {self.listeners} listeners and"
            f" {self.per_s:g} searches a second ({', '.join(self.kinds)}, in turn) for"
            f" {self.seconds} s. Searches alone: p50"
            f" {alone.p50_ms:.1f} ms, p99 {alone.p99_ms:.1f} ms, {alone.failed} of {alone.asked:,}"
            " failed.\n\n"
            + table(HEADS, [one.row(alone) for one in self.beside])
            + f"\nMost calls beside which everything held: {self.most:,}.\n"
        )


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this bench can be asked for."""
    add = parser.add_argument
    add("--catalog-calls", type=int, default=CATALOG_CALLS, help="calls in the catalog")
    add("--calls", type=int, nargs="*", default=list(CALLS), help="calls recorded beside, in turn")
    add("--listeners", type=int, default=LISTENERS, help="people who listen")
    add("--searches-per-s", type=float, default=SEARCHES_PER_S, help="searches a second")
    add("--kinds", nargs="*", choices=KINDS, default=list(ASKED), help="searches, in turn")
    add("--seconds", type=int, default=60, help="how long all of it lasts, each time")
    add("--folder", type=Path, default=Path("build/listeners"), help="where the catalog is made")


def until_kept(
    numbers: Sequence[int], one: Callable[[int], Beside], alone: Waits
) -> Iterator[Beside]:
    """Each number of calls in turn, up to and with the first beside which everything holds."""
    for calls in numbers:
        tried = one(calls)
        yield tried
        if tried.is_kept(alone):
            return


def measure(arguments: argparse.Namespace, command: Sequence[str]) -> ListenerFigures:
    """Make the catalog, record what is heard, search alone, then beside calls.

    Written to the file after each number of calls.
    """
    raise_descriptor_limit()
    folder: Path = arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    file = folder / "var" / "catalog" / "catalog.db"
    file.parent.mkdir(parents=True)
    with steps(len(arguments.calls) + 3) as step:
        step("the catalog")
        figures = ListenerFigures(
            command=list(command),
            machine=machine_facts(),
            filled=fill(file, arguments.catalog_calls, seed=SEED, step=lambda _done, _all: None),
            listeners=arguments.listeners,
            per_s=arguments.searches_per_s,
            kinds=arguments.kinds,
            seconds=arguments.seconds,
        )
        running = start_rokuon(folder, max_calls=max(arguments.calls, default=0) + ROOM)
        try:
            with client_of(running) as client, _pool() as pool:
                step("calls to be heard")
                scene = Scene(
                    running=running, audience=_audience(running, client, file, arguments), pool=pool
                )
                _measure(figures, scene, step, arguments)
        finally:
            running.stop()
            shutil.rmtree(folder)
    return figures


def _pool() -> ProcessPoolExecutor:
    """One process for who listens, one for who searches; neither shares a lock with the load."""
    return ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn"))


def _audience(
    running: Running, client: Client, file: Path, arguments: argparse.Namespace
) -> Audience:
    sample = sample_of(file, 1, seed=SEED)
    calls = max(1, arguments.listeners // HEARD_EACH)
    return Audience(
        door=Door(running.http_port, client.token),
        recordings=asyncio.run(record(running, calls, arguments.seconds)),
        asked=searches(sample, arguments.kinds),
        listeners=arguments.listeners,
        per_s=arguments.searches_per_s,
    )


def _measure(
    figures: ListenerFigures, scene: Scene, step: Step, arguments: argparse.Namespace
) -> None:
    step("searches alone")
    asyncio.run(scene.alone(WARM_S))
    alone = figures.alone = asyncio.run(scene.alone(arguments.seconds))
    write_json(arguments.json, figures)

    def one(calls: int) -> Beside:
        step(f"beside {calls:,} calls")
        return asyncio.run(scene.beside(calls, arguments.seconds))

    for tried in until_kept(arguments.calls, one, alone):
        figures.beside.append(tried)
        write_json(arguments.json, figures)


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-listeners.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.listeners", *sys.argv[1:]])
    print(figures.table())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
