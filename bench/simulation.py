"""How long it takes to say what another retention policy would make of a whole archive, and what
must go.

Run `python -m bench.simulation --recordings N [--catalog postgresql] --json FILE`; exit code 3
where a promise is missed. Asks the catalog itself, HTTP and journal left out, each question in a
process of its own; beside them the database groups the same recordings by their class. Knows no
table.
"""

import argparse
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select

from api.destruction.drafts import due_now
from api.simulations.archive_simulation import simulate_archive
from api.simulations.simulation import Supposition
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.journal.authors import Author
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.moments import microseconds
from bench.facts import machine_facts
from bench.filled_catalog import OF_RETENTION, ONE_BY_ONE, Filling, fill
from bench.promises import ARCHIVE_ANSWER_S, ARCHIVE_PEAK_MIB, ARCHIVE_RECORDINGS, FINDINGS
from bench.report import table, write_json
from bench.served_catalog import served
from retention.policies.policy_file import read_policy
from retention.policies.shipped_policy import SHIPPED

SEED: Final = 18
PATTERNS: Final = 4_000
HEADS: Final = ("question", "seconds", "of them CPU", "recordings/s", "peak MiB", "of it")
# Half a year after the first call: some of them are over their time, others are not.
NOW: Final = datetime(2026, 7, 1, tzinfo=UTC)
POLICY: Final = """
form = 1
zone = "Asia/Tokyo"
[[rule]]
id = "default"
[rule.audio]
delete_after = "P2Y"
[[rule]]
id = "support"
[rule.match]
queue = ["support"]
[rule.audio]
delete_after = "P30D"
[[rule]]
id = "small-team"
[rule.match]
team = ["small"]
[rule.audio]
keep_at_least = "P1Y"
[[rule]]
id = "osaka"
[rule.match]
source = ["sbc-osaka"]
direction = ["inbound"]
[rule.audio]
delete_after = "P90D"
"""
NUMBERS: Final = """
[[rule]]
id = "tokyo-numbers"
rank = "law"
[rule.match]
number = ["+813*"]
[rule.audio]
keep_at_least = "P5Y"
"""
_KIB_PER_MIB: Final = 1_024

Question = Callable[[Connection], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """How long one question took, how much memory, and what came of it."""

    seconds: float
    cpu_s: float
    peak_mib: float
    found: dict[str, int]


@dataclass(slots=True, kw_only=True)
class SimulationFigures:
    """Everything that was measured of one archive."""

    command: list[str]
    machine: dict[str, object]
    catalog: str
    recordings: int
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def missed(self) -> list[str]:
        """The promises that were measured and not kept, in words."""
        if self.recordings < ARCHIVE_RECORDINGS:
            return []
        slow = [
            f"{name}: {one.seconds:.1f} s"
            for name, one in self.answers.items()
            if one.seconds > ARCHIVE_ANSWER_S
        ]
        large = [
            f"{name}: {one.peak_mib:.0f} MiB"
            for name, one in self.answers.items()
            if one.peak_mib > ARCHIVE_PEAK_MIB
        ]
        return slow + large

    def told(self) -> str:
        """The table; how many times as long as the database alone; and what came of each."""
        rows = [
            [
                name, one.seconds, one.cpu_s, round(self.recordings / one.seconds),
                one.peak_mib, ", ".join(f"{count} {what}" for what, count in one.found.items()),
            ]
            for name, one in self.answers.items()
        ]  # fmt: skip
        alone, simulated = self.answers["by_class"], self.answers["simulation"]
        return (
            f"{self.recordings:,} recordings in {self.catalog}.\n\n{table(HEADS, rows)}\n"
            f"A simulation takes {simulated.seconds / alone.seconds:.1f} × as long as grouping by"
            " class.\n"
        )


def by_class(connection: Connection) -> dict[str, int]:
    """What the database has to do at the least."""
    wanted = select(func.count(), func.sum(recording.c.size_bytes)).group_by(
        recording.c.retention_class
    )
    found = connection.execute(wanted).all()
    return {"recordings": sum(row[0] for row in found), "classes": len(found)}


def _simulated(connection: Connection, policy: str) -> dict[str, int]:
    what = Supposition(policy=read_policy(policy), revisions=[SHIPPED], now=NOW)
    tenant = tenant_row(connection, DEFAULT_TENANT)
    sums = simulate_archive(connection, tenant, what, lambda _done, _total: None)
    changes = {what.value: own.recordings for what, own in sums.changes.items()}
    stands = {then.value: own.recordings for then, own in sums.stands.items()}
    return {what: count for what, count in (changes | stands).items() if count}


def simulation(connection: Connection) -> dict[str, int]:
    """A policy that asks for everything but numbers."""
    return _simulated(connection, POLICY)


def with_numbers(connection: Connection) -> dict[str, int]:
    """One more rule: about numbers that a third of all calls have."""
    return _simulated(connection, POLICY + NUMBERS)


def due_list(connection: Connection) -> dict[str, int]:
    """A plan of what must go, with its digest."""
    return {"planned": len(due_now(connection, _author()).lines)}


def _author() -> Author:
    access = Access(
        tenant=DEFAULT_TENANT, actor="bench", at_us=microseconds(NOW), within=WHOLE_TENANT
    )
    return Author(access=access)


def answered(url: str, question: Question) -> Answer:
    """Ask in this process, which has asked nothing before."""
    engine = open_engine(url)
    begun_s, cpu_s = time.perf_counter(), time.process_time()
    with reading(engine) as connection:
        found = question(connection)
    seconds, cpu_s = time.perf_counter() - begun_s, time.process_time() - cpu_s
    engine.dispose()
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB
    return Answer(seconds, cpu_s, peak_mib, found)


def fill_archive(file: Path, recordings: int, *, has_numbers: bool) -> None:
    """Make the catalog; the policy without numbers is the one in force."""
    tables = tuple(one for one in OF_RETENTION if has_numbers or one not in ONE_BY_ONE)
    filling = Filling(patterns=PATTERNS, tables=tables)
    fill(file, recordings, seed=SEED, step=lambda _done, _total: None, filling=filling)
    engine = open_engine(catalog_url(file))
    with writing(engine) as connection:
        append_revision(
            connection, _author(), NewRevision(text=POLICY, in_force_us=0, is_retroactive=True)
        )
    engine.dispose()


@contextmanager
def kept(file: Path, catalog: str) -> Iterator[str]:
    """The URL of the catalog in a file, or of its copy on a server."""
    if catalog == "sqlite":
        yield catalog_url(file)
        return
    with served(file, file.parent) as url:
        yield url


def measure(file: Path, arguments: argparse.Namespace, command: Sequence[str]) -> SimulationFigures:
    """Ask every question, each of its own process."""
    figures = SimulationFigures(
        command=list(command),
        machine=machine_facts(),
        catalog=arguments.catalog,
        recordings=arguments.recordings,
    )
    questions = [by_class, simulation, due_list, *([with_numbers] if arguments.numbers else [])]
    spawned = get_context("spawn")
    with (
        kept(file, arguments.catalog) as url,
        ProcessPoolExecutor(1, mp_context=spawned, max_tasks_per_child=1) as pool,
    ):
        for question in questions:
            figures.answers[question.__name__] = pool.submit(answered, url, question).result()
    return figures


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this bench can be asked for."""
    add = parser.add_argument
    add("--recordings", type=int, default=100_000, help="in the catalog")
    add("--catalog", choices=("sqlite", "postgresql"), default="sqlite")
    add("--numbers", action=argparse.BooleanOptionalAction, default=True, help="fill and ask them")
    add("--folder", type=Path, default=Path("build/simulation"), help="where the catalog is made")


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-simulation.json"))
    arguments = parser.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    arguments.folder.mkdir(parents=True)
    file = arguments.folder / "catalog.db"
    fill_archive(file, arguments.recordings, has_numbers=arguments.numbers)
    command = ["python", "-m", "bench.simulation", *sys.argv[1:]]
    figures = measure(file, arguments, command)
    shutil.rmtree(arguments.folder)
    write_json(arguments.json, figures)
    print(figures.told())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
