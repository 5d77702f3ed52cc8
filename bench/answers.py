"""How fast a catalog of a million calls answers: one thing by its id, a page, the command.

Run `python -m bench.answers --json FILE`; exit code 3 where a promise is missed. The
catalog is made first (bench/filled_catalog.py), and is as the product leaves it: nothing is
gathered or rearranged for the bench.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress

from bench.facts import machine_facts
from bench.filled_catalog import Filled, fill
from bench.progress import steps
from bench.promises import (
    ANSWER_BY_ID_MS,
    CATALOG_CALLS,
    COMMAND_MS,
    FINDINGS,
    REACH_PAGE_MS,
    RESULT_PAGE_MORE_MS,
    SCARCE_PAGE_MAX_RATIO,
)
from bench.questions import (
    COMMAND_HEADS,
    HEADS,
    PAGE_HEADS,
    Pages,
    Ran,
    Waited,
    busy_cores,
    by_id,
    client_of,
    commands,
    pages,
    sample_of,
    synced_line,
)
from bench.reach_pages import reach_pages
from bench.report import table, write_json
from bench.result_pages import SHOWN_HEADS, Shown, reader_of, shown_pages
from bench.server import Running, start_rokuon

SEED: Final = 15
MIB: Final = 1 << 20
# A page is asked for so many times as often as other things: of a hundred the 99th percentile is
# the second worst, which says more of this machine than of the page.
SHOWN_TIMES: Final = 5
BESIDE: Final = ", every core busy"


@dataclass(slots=True, kw_only=True)
class AnswerFigures:
    """Everything that was measured of answers."""

    command: list[str]
    machine: dict[str, object]
    filled: Filled
    by_id: list[Waited] = field(default_factory=list)
    pages: list[Pages] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    within: list[Waited] = field(default_factory=list)
    commands: list[Ran] = field(default_factory=list)

    @property
    def missed(self) -> list[str]:
        """The promises that were measured and not kept, in words."""
        slow = [one for one in self.by_id if one.median_ms > ANSWER_BY_ID_MS]
        late = [one.waited for one in self.commands if one.waited.median_ms > COMMAND_MS]
        scarce = [one for one in self.pages if one.ratio > SCARCE_PAGE_MAX_RATIO]
        wide = [one for one in self.within if one.median_ms > REACH_PAGE_MS]
        slower = [one for one in self.shown if one.more_ms > RESULT_PAGE_MORE_MS]
        return [
            *(f"{one.name}: {one.median_ms:.1f} ms" for one in slow),
            *(f"a page by {one.name} that is not full: {one.ratio:.2f} ×" for one in scarce),
            *(f"{one.name}: {one.median_ms:.0f} ms" for one in wide),
            *(f"the page for {one.name}: {one.more_ms:.0f} ms more" for one in slower),
            *(f"{one.name}: {one.median_ms:,.0f} ms" for one in late),
        ]

    def tables(self) -> tuple[str, str, str, str, str]:
        """By id, pages of a search, also within a reach, the page that people see, commands."""
        return (
            table(HEADS, [one.row() for one in self.by_id]),
            table(PAGE_HEADS, [one.row() for one in self.pages]),
            table(HEADS, [one.row() for one in self.within]),
            table(SHOWN_HEADS, [one.row() for one in self.shown]),
            table(COMMAND_HEADS, [one.row() for one in self.commands]),
        )

    def told(self) -> str:
        """What was asked, in a sentence."""
        size = self.filled.size_bytes
        rows = sum(self.filled.rows.values())
        return (
            f"{self.filled.calls:,} calls, {rows:,} rows in {len(self.filled.rows)} tables,"
            f" {size / MIB:,.0f} MiB: {self.filled.bytes_per_call / 1_000:.1f} kB a call.\n"
        )


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this bench can be asked for."""
    add = parser.add_argument
    add("--catalog-calls", type=int, default=CATALOG_CALLS, help="calls in the catalog")
    add("--questions", type=int, default=100, help="how often each thing is asked")
    add("--commands", type=int, default=10, help="how often each command is run")
    add("--folder", type=Path, default=Path("build/answers"), help="where the catalog is made")
    add("--keep", action="store_true", help="leave the catalog there")


def measure(arguments: argparse.Namespace, command: Sequence[str]) -> AnswerFigures:
    """Make the catalog, start Rokuon on it, ask; written to the file after each step."""
    folder: Path = arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    file = folder / "var" / "catalog" / "catalog.db"
    file.parent.mkdir(parents=True)
    figures = AnswerFigures(
        command=list(command), machine=machine_facts(), filled=_filled(file, arguments)
    )
    running = start_rokuon(folder, first=("--welcome",))
    try:
        _ask(figures, running, file, arguments)
    finally:
        running.stop()
        if not arguments.keep:
            shutil.rmtree(folder)
    return figures


def _filled(file: Path, arguments: argparse.Namespace) -> Filled:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"{arguments.catalog_calls:,} calls", total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return fill(file, arguments.catalog_calls, seed=SEED, step=step)


def _ask(
    figures: AnswerFigures, running: Running, file: Path, arguments: argparse.Namespace
) -> None:
    sample = sample_of(file, arguments.questions, seed=SEED)
    with steps(6) as step, client_of(running) as client:
        step("one thing by its id")
        figures.by_id = [synced_line(file.parent, arguments.questions)]
        figures.by_id += by_id(client, sample)
        write_json(arguments.json, figures)
        step("pages")
        figures.pages = list(pages(client, sample, arguments.questions))
        write_json(arguments.json, figures)
        step("pages within a reach")
        figures.within = list(reach_pages(file, sample, arguments.questions))
        write_json(arguments.json, figures)
        step("the page that people see")
        with reader_of(running) as reader:
            times = arguments.questions * SHOWN_TIMES
            figures.shown = list(shown_pages(client, reader, sample, times))
        write_json(arguments.json, figures)
        step("commands")
        figures.commands = list(commands(running, sample, arguments.commands, ""))
        write_json(arguments.json, figures)
        step("commands while every core is busy")
        with busy_cores():
            figures.commands += commands(running, sample, arguments.commands, BESIDE)
        write_json(arguments.json, figures)


def main() -> int:
    """Measure, write the JSON file, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-answers.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.answers", *sys.argv[1:]])
    print("\n".join((figures.told(), *figures.tables())))
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
