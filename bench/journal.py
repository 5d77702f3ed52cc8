"""How fast the journal answers auditors, and what the indexes that they need cost whoever writes.

Run `python -m bench.journal --json FILE`; exit code 3 where a promise is missed. The cost is a
ratio: entries are committed in turns to the journal as it is and to one without these indexes.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Connection

from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.journal.breach import AccountPeriod, reach, reached_calls
from archive.catalog.search.audit import JournalQuery, tail, who_heard
from archive.ids import DEFAULT_TENANT, ConversationId, RecordingId, TenantId
from bench.facts import machine_facts
from bench.filled_journal import (
    APART_US,
    ENTRIES_A_CALL,
    FIRST_US,
    ON_A_PAGE,
    FilledJournal,
    account,
    call_id,
    fill,
)
from bench.journal_entries import HEADS as ENTRY_HEADS, Appended, append_in_turns, drop_indexes
from bench.progress import steps
from bench.promises import AUDIT_MS, FINDINGS, JOURNAL_INDEX_MAX_RATIO, JOURNAL_ROWS
from bench.questions import Ran, Waited
from bench.report import table, write_json

SEED: Final = 16
MIB: Final = 1 << 20
DAY_US: Final = 86_400_000_000
WHO_HEARD: Final = "who heard a call"
REACH: Final = "reach of an account in a month"
QUESTION_HEADS: Final = ("question", "times", "median ms", "worst ms", "CPU, median ms")
_NS_PER_MS: Final = 1_000_000

_Question = Callable[[Connection, TenantId, AccountPeriod], object]


@dataclass(slots=True, kw_only=True)
class JournalFigures:
    """Everything that was measured of the journal."""

    command: list[str]
    machine: dict[str, object]
    filled: FilledJournal
    questions: list[Ran] = field(default_factory=list)
    appended: list[Appended] = field(default_factory=list)
    index_bytes: int = 0

    @property
    def missed(self) -> list[str]:
        """The promises that were measured and not kept, in words."""
        promised = [one.waited for one in self.questions if one.waited.name in {WHO_HEARD, REACH}]
        return [
            *(
                f"{one.name}: {one.median_ms:.0f} ms"
                for one in promised
                if one.median_ms > AUDIT_MS
            ),
            *(
                f"{one.name}: {one.ratio:.2f} × with the indexes"
                for one in self.appended
                if one.ratio > JOURNAL_INDEX_MAX_RATIO
            ),
        ]

    def tables(self) -> tuple[str, str]:
        """Questions, and entries."""
        return (
            table(QUESTION_HEADS, [one.row() for one in self.questions]),
            table(ENTRY_HEADS, [one.row() for one in self.appended]),
        )

    def told(self) -> str:
        """What was asked, in a sentence."""
        filled = self.filled
        return (
            f"{filled.entries:,} entries about {filled.calls:,} calls,"
            f" {filled.size_bytes / MIB:,.0f} MiB, of which the two indexes are"
            f" {self.index_bytes / MIB:,.0f} MiB, {self.index_bytes / filled.entries:.0f} bytes an"
            " entry.\n"
        )


def measure(arguments: argparse.Namespace, command: Sequence[str]) -> JournalFigures:
    """Make the journal, ask, write; written to the file after each step."""
    folder: Path = arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    file = folder / "catalog.db"
    figures = JournalFigures(
        command=list(command), machine=machine_facts(), filled=_filled(file, arguments)
    )
    with steps(2) as step:
        step("questions")
        figures.questions = _ask(file, arguments)
        write_json(arguments.json, figures)
        step("entries")
        bare = folder / "bare.db"
        shutil.copyfile(file, bare)
        figures.index_bytes = drop_indexes(bare)
        at_us = FIRST_US + arguments.entries * APART_US
        figures.appended = append_in_turns(file, bare, arguments.turns, at_us)
        write_json(arguments.json, figures)
    shutil.rmtree(folder)
    return figures


def _filled(file: Path, arguments: argparse.Namespace) -> FilledJournal:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"{arguments.entries:,} entries", total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return fill(file, arguments.entries, seed=SEED, step=step)


def _ask(file: Path, arguments: argparse.Namespace) -> list[Ran]:
    """Each question on a connection that stays open, about what chance names."""
    random = Random(SEED)  # noqa: S311  # no secret
    calls = max(ON_A_PAGE, arguments.entries // ENTRIES_A_CALL)
    ids = [call_id(random.randrange(calls)) for _ in range(arguments.questions)]
    starts = [
        FIRST_US + random.randrange(max(1, arguments.entries * APART_US - 30 * DAY_US))
        for _ in range(arguments.questions)
    ]
    engine = open_engine(catalog_url(file))
    with reading(engine) as connection:
        asked = [
            _timed(WHO_HEARD, [_heard(connection, ConversationId(one)) for one in ids]),
            _timed("who heard a recording", [_heard(connection, RecordingId(one)) for one in ids]),
            _timed("reach of an account in a day", _reaches(connection, reach, starts, 1)),
            _timed(REACH, _reaches(connection, reach, starts, 30)),
            _timed("every call of a day", _reaches(connection, reached_calls, starts, 1)),
            _timed("a page of a month", [_page(connection, at) for at in starts]),
        ]
    engine.dispose()
    return asked


def _timed(name: str, questions: Sequence[Callable[[], object]]) -> Ran:
    """Ask one after another."""
    ran = Ran(waited=Waited(name=name), cpu_ms=[])
    for ask in questions:
        began_ns, began_cpu_ns = time.perf_counter_ns(), time.thread_time_ns()
        ask()
        ran.waited.times_ms.append((time.perf_counter_ns() - began_ns) / _NS_PER_MS)
        ran.cpu_ms.append((time.thread_time_ns() - began_cpu_ns) / _NS_PER_MS)
    return ran


def _heard(connection: Connection, target: ConversationId | RecordingId) -> Callable[[], object]:
    return lambda: who_heard(connection, DEFAULT_TENANT, target)


def _reaches(
    connection: Connection, question: _Question, starts: Sequence[int], days: int
) -> list[Callable[[], object]]:
    def ask(number: int, start_us: int) -> Callable[[], object]:
        period = AccountPeriod(
            actor=account(number), from_us=start_us, to_us=start_us + days * DAY_US
        )
        return lambda: question(connection, DEFAULT_TENANT, period)

    return [ask(number, start_us) for number, start_us in enumerate(starts)]


def _page(connection: Connection, start_us: int) -> Callable[[], object]:
    query = JournalQuery(from_us=start_us, to_us=start_us + 30 * DAY_US)
    return lambda: tail(connection, DEFAULT_TENANT, query)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this bench can be asked for."""
    add = parser.add_argument
    add("--entries", type=int, default=JOURNAL_ROWS, help="entries in the journal")
    add("--questions", type=int, default=100, help="how often each thing is asked")
    add("--turns", type=int, default=30, help="turns of committed entries, with and without")
    add("--folder", type=Path, default=Path("build/journal"), help="where the journal is made")


def main() -> int:
    """Measure, write the JSON file, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-journal.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.journal", *sys.argv[1:]])
    print("\n".join((figures.told(), *figures.tables())))
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
