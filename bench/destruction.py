"""How many recordings a second the key daemon destroys, beside bare deletes of SQLite.

Run `python -m bench.destruction --json FILE`; exit code 3 where a promise is missed. In turns, on
two copies of one keystore, both on disk before anything is timed, and with every commit on disk:
the guard with all that it asks, writes down and folds in before it answers, and a bare DELETE of
as many rows in a transaction.
"""

import argparse
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from archive.ids import DEFAULT_TENANT, HoldId, PlanId
from archive.keys.daemon.guard_responder import GuardResponder
from archive.keys.guard.destruction import Why
from archive.keys.guard.plans import MILLION, PlanTerms, open_plan, plan_recordings, seal_plan
from archive.keys.store import legal_holds
from archive.keys.store.schema import open_database
from archive.keys.wire.guard_messages import (
    MAX_DESTROYED,
    MAX_KEYS,
    Destroy,
    DestroyedAnswer,
    HoldKeys,
)
from bench.call_load import percentile
from bench.facts import machine_facts
from bench.filled_keystore import FIRST_US, key_numbered, make, recording_numbered
from bench.progress import steps
from bench.promises import DESTROYED_PER_S, FINDINGS, HELD_KEYS_PER_S, HELD_UP_MS
from bench.report import median_of, table, write_json

SEED: Final = 18
HEADS: Final = ("what", "turns", "a second, median", "batch p50 ms", "p99 ms", "longest ms")
_NS_PER_S: Final = 1_000_000_000
_NS_PER_MS: Final = 1_000_000


@dataclass(slots=True)
class Rate:
    """How fast something went in each turn, and what one batch of it took at the most."""

    name: str
    per_s: list[float] = field(default_factory=list)
    batches_ms: list[float] = field(default_factory=list)

    def time(self, rows: int, batches: Iterator[Callable[[], object]]) -> None:
        """Run the batches of one turn."""
        began_ns = time.perf_counter_ns()
        for batch in batches:
            batch_ns = time.perf_counter_ns()
            batch()
            self.batches_ms.append((time.perf_counter_ns() - batch_ns) / _NS_PER_MS)
        self.per_s.append(rows * _NS_PER_S / (time.perf_counter_ns() - began_ns))

    @property
    def median(self) -> float:
        """Of all turns."""
        return median_of(self.per_s)

    @property
    def longest_ms(self) -> float:
        """Of all batches."""
        return max(self.batches_ms)

    def row(self) -> tuple[object, ...]:
        """For the table."""
        shares = (percentile(self.batches_ms, share) for share in (0.5, 0.99))
        return self.name, len(self.per_s), f"{self.median:,.0f}", *shares, self.longest_ms


@dataclass(slots=True, kw_only=True)
class DestructionFigures:
    """Everything that was measured of destroying."""

    command: list[str]
    machine: dict[str, object]
    recordings: int
    size_bytes: int = 0
    guard: Rate = field(default_factory=lambda: Rate("destroyed under the guard"))
    bare: Rate = field(default_factory=lambda: Rate("deleted by SQLite alone"))
    held: Rate = field(default_factory=lambda: Rate("keys held"))

    @property
    def missed(self) -> list[str]:
        """The promises that were measured and not kept, in words."""
        slow = [
            f"{rate.name}: {rate.median:,.0f} a second"
            for rate, least in ((self.guard, DESTROYED_PER_S), (self.held, HELD_KEYS_PER_S))
            if rate.median < least
        ]
        long = [
            f"{rate.name}: {rate.longest_ms:.0f} ms in one batch"
            for rate in (self.guard, self.held)
            if rate.longest_ms > HELD_UP_MS
        ]
        return slow + long

    def told(self) -> str:
        """Table and ratio."""
        rates = (self.guard, self.bare, self.held)
        ratio = self.guard.median / self.bare.median
        return (
            f"{self.recordings:,} recordings, {self.size_bytes >> 20:,} MiB of keystore.\n\n"
            f"{table(HEADS, [rate.row() for rate in rates])}\n"
            f"The guard destroys {ratio:.2f} × as many as SQLite deletes.\n"
        )


def measure(arguments: argparse.Namespace, command: Sequence[str]) -> DestructionFigures:
    """Make a keystore, unless one is there, and two copies; destroy, delete and hold in turns."""
    folder: Path = arguments.folder
    figures = DestructionFigures(
        command=list(command), machine=machine_facts(), recordings=arguments.recordings
    )
    filled = folder / "filled.db"
    copies = folder / "guarded.db", folder / "bare.db"
    with steps(arguments.turns + 1) as step:
        step("filling")
        if arguments.only != "measure":
            make(folder, filled, arguments.recordings)
        for copy in copies:
            _copy(filled, copy)
        figures.size_bytes = filled.stat().st_size
        _turns(figures, arguments, copies, step)
    write_json(arguments.json, figures)
    shutil.rmtree(folder)
    return figures


def _copy(file: Path, copy: Path) -> None:
    """On disk as a whole: what the system still has to write would be waited for later."""
    shutil.copyfile(file, copy)
    with copy.open("rb+") as copied:
        os.fsync(copied.fileno())


def _turns(
    figures: DestructionFigures,
    arguments: argparse.Namespace,
    files: tuple[Path, Path],
    step: Callable[[str], None],
) -> None:
    """Each turn has recordings of its own, in the order of a plan: by time."""
    chosen = Random(SEED).sample(range(arguments.recordings), 3 * arguments.turns * arguments.each)  # noqa: S311
    guarded, bare = open_database(files[0]), open_database(files[1])
    bare.execute("PRAGMA foreign_keys=OFF")
    responder = GuardResponder(guarded, lambda: FIRST_US)
    for turn in range(arguments.turns):
        step(f"turn {turn + 1}")
        some = iter(chosen[3 * turn * arguments.each :])
        parts = [sorted(next(some) for _ in range(arguments.each)) for _ in range(3)]
        plan = _approved(guarded, turn, parts[0])
        figures.guard.time(arguments.each, _destroying(responder, plan, parts[0]))
        figures.bare.time(arguments.each, _deleting(bare, parts[1]))
        hold = _placed(guarded, turn)
        figures.held.time(arguments.each, _holding(responder, hold, parts[2]))
        legal_holds.activate_hold(guarded, hold)


def _approved(connection: sqlite3.Connection, turn: int, numbers: Sequence[int]) -> PlanId:
    plan = PlanId(b"plan" + turn.to_bytes(12, "big"))
    terms = PlanTerms(tenant=DEFAULT_TENANT, digest=bytes(32), due_us=FIRST_US, share_ppm=MILLION)
    open_plan(connection, plan, terms)
    plan_recordings(connection, plan, [(recording_numbered(number), 1) for number in numbers])
    seal_plan(connection, plan, terms.digest, FIRST_US)
    return plan


def _placed(connection: sqlite3.Connection, turn: int) -> HoldId:
    hold = HoldId(b"hold" + turn.to_bytes(12, "big"))
    legal_holds.place_hold(connection, hold, DEFAULT_TENANT)
    return hold


def _destroying(
    responder: GuardResponder, plan: PlanId, numbers: Sequence[int]
) -> Iterator[Callable[[], object]]:
    answers = dict(responder.rows())
    generation = legal_holds.read_fence(responder.connection, DEFAULT_TENANT).generation
    for some in _batches(numbers, MAX_DESTROYED):
        ids = tuple(recording_numbered(number).raw for number in some)
        yield lambda ids=ids: _all_destroyed(  # type: ignore[misc]
            answers[Destroy](Destroy(plan=plan.raw, generation=generation, recordings=ids))
        )


def _all_destroyed(answer: object) -> None:
    assert isinstance(answer, DestroyedAnswer)
    assert not {*answer.outcomes} & {*Why}


def _holding(
    responder: GuardResponder, hold: HoldId, numbers: Sequence[int]
) -> Iterator[Callable[[], object]]:
    answers = dict(responder.rows())
    for some in _batches(numbers, MAX_KEYS):
        keys = tuple(key_numbered(number).raw for number in some)
        yield lambda keys=keys: answers[HoldKeys](HoldKeys(hold=hold.raw, keys=keys))  # type: ignore[misc]


def _deleting(
    connection: sqlite3.Connection, numbers: Sequence[int]
) -> Iterator[Callable[[], object]]:
    for some in _batches(numbers, MAX_DESTROYED):
        yield lambda some=some: _delete(connection, some)  # type: ignore[misc]


def _delete(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "DELETE FROM data_key WHERE recording = ?",
        [(recording_numbered(number).raw,) for number in numbers],
    )
    connection.execute("COMMIT")


def _batches(numbers: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (numbers[first : first + size] for first in range(0, len(numbers), size))


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this bench can be asked for."""
    add = parser.add_argument
    add("--recordings", type=int, default=1_000_000, help="in the keystore, one key each")
    add("--each", type=int, default=6_400, help="destroyed, deleted and held in a turn")
    add("--turns", type=int, default=5, help="how often")
    add("--folder", type=Path, default=Path("build/destruction"), help="where keystores are made")
    add("--only", choices=("make", "measure"), help="make the keystore, or measure with it")


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-destruction.json"))
    arguments = parser.parse_args()
    if arguments.only == "make":
        make(arguments.folder, arguments.folder / "filled.db", arguments.recordings)
        return 0
    figures = measure(arguments, ["python", "-m", "bench.destruction", *sys.argv[1:]])
    print(figures.told())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
