"""How many recordings a second the key daemon destroys, beside bare deletes of SQLite.

Run `python -m bench.destruction --json FILE`; exit code 3 where a promise is missed. In turns, on
two copies of one keystore and with every commit on disk: the guard with all that it asks, writes
down and folds in before it answers, and a bare DELETE of as many rows in a transaction.
"""

import argparse
import hashlib
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from archive.ids import DEFAULT_TENANT, HoldId, KeyId, PlanId, RecordingId
from archive.keys import holds
from archive.keys.destruction import Why
from archive.keys.guard_desk import GuardDesk
from archive.keys.guard_messages import MAX_DESTROYED, MAX_KEYS, Destroy, DestroyedAnswer, HoldKeys
from archive.keys.plans import MILLION, PlanTerms, open_plan, plan_recordings, seal_plan
from archive.keys.schema import open_database
from bench.facts import machine_facts
from bench.progress import steps
from bench.promises import (
    DESTROYED_PER_S,
    FINDINGS,
    HELD_KEYS_PER_S,
    HELD_UP_MS,
)
from bench.report import median_of, table, write_json

SEED: Final = 18
FIRST_US: Final = 1_795_564_800_000_000
APART_US: Final = 3_000_000
DAY_US: Final = 86_400_000_000
HEADS: Final = ("what", "turns", "a second, median", "longest batch ms")
_NS_PER_S: Final = 1_000_000_000
_NS_PER_MS: Final = 1_000_000


@dataclass(slots=True)
class Rate:
    """How fast something went in each turn, and what one batch of it took at the most."""

    name: str
    per_s: list[float] = field(default_factory=list)
    longest_ms: float = 0.0

    def time(self, rows: int, batches: Iterator[Callable[[], object]]) -> None:
        """Run the batches of one turn."""
        began_ns = time.perf_counter_ns()
        for batch in batches:
            batch_ns = time.perf_counter_ns()
            batch()
            took_ms = (time.perf_counter_ns() - batch_ns) / _NS_PER_MS
            self.longest_ms = max(self.longest_ms, took_ms)
        self.per_s.append(rows * _NS_PER_S / (time.perf_counter_ns() - began_ns))

    @property
    def median(self) -> float:
        """Of all turns."""
        return median_of(self.per_s)

    def row(self) -> tuple[object, ...]:
        """For the table."""
        return self.name, len(self.per_s), f"{self.median:,.0f}", self.longest_ms


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
    """Make the keystore and a copy; destroy, delete and hold in turns."""
    folder: Path = arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    figures = DestructionFigures(
        command=list(command), machine=machine_facts(), recordings=arguments.recordings
    )
    file, copy = folder / "keystore.db", folder / "bare.db"
    with steps(arguments.turns + 1) as step:
        step("filling")
        fill(file, arguments.recordings)
        shutil.copyfile(file, copy)
        figures.size_bytes = file.stat().st_size
        _turns(figures, arguments, (file, copy), step)
    write_json(arguments.json, figures)
    shutil.rmtree(folder)
    return figures


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
    desk = GuardDesk(guarded, lambda: FIRST_US)
    for turn in range(arguments.turns):
        step(f"turn {turn + 1}")
        some = iter(chosen[3 * turn * arguments.each :])
        parts = [sorted(next(some) for _ in range(arguments.each)) for _ in range(3)]
        plan = _approved(guarded, turn, parts[0])
        figures.guard.time(arguments.each, _destroying(desk, plan, parts[0]))
        figures.bare.time(arguments.each, _deleting(bare, parts[1]))
        hold = _placed(guarded, turn)
        figures.held.time(arguments.each, _holding(desk, hold, parts[2]))
        holds.activate_hold(guarded, hold)


def fill(file: Path, recordings: int) -> None:
    """One key for each recording, every one archived, over days as a site has them."""
    connection = open_database(file)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO epoch (id, created_us, wrapped_probe, state) VALUES (1, 0, x'', 'current')"
    )
    for day in range(1 + recordings * APART_US // DAY_US):
        connection.execute(
            "INSERT INTO shard (id, tenant, day, epoch, wrapped_key)"
            " VALUES (?, ?, ?, 1, zeroblob(60))",
            (day + 1, DEFAULT_TENANT.raw, day),
        )
    connection.executemany(
        "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"
        " created_us, adopted_us, archived_us) VALUES (?, ?, 0, 0, ?, ?, 'adopted', ?, ?, ?)",
        (_row(number) for number in range(recordings)),
    )
    connection.execute(
        "INSERT INTO census VALUES (?, ?, ?, 0, 0)", (DEFAULT_TENANT.raw, recordings, recordings)
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _row(number: int) -> tuple[object, ...]:
    at_us = FIRST_US + number * APART_US
    shard = 1 + number * APART_US // DAY_US
    wrapped = hashlib.sha512(number.to_bytes(8, "big")).digest()[:40]
    return _key(number).raw, _recording(number).raw, shard, wrapped, at_us, at_us, at_us


def _key(number: int) -> KeyId:
    return KeyId(hashlib.sha256(number.to_bytes(8, "big")).digest()[:16])


def _recording(number: int) -> RecordingId:
    at_ms = (FIRST_US + number * APART_US) // 1_000
    return RecordingId(at_ms.to_bytes(6, "big") + _key(number).raw[:10])


def _approved(connection: sqlite3.Connection, turn: int, numbers: Sequence[int]) -> PlanId:
    plan = PlanId(b"plan" + turn.to_bytes(12, "big"))
    terms = PlanTerms(tenant=DEFAULT_TENANT, digest=bytes(32), due_us=FIRST_US, share_ppm=MILLION)
    open_plan(connection, plan, terms)
    plan_recordings(connection, plan, [(_recording(number), 1) for number in numbers])
    seal_plan(connection, plan, FIRST_US)
    return plan


def _placed(connection: sqlite3.Connection, turn: int) -> HoldId:
    hold = HoldId(b"hold" + turn.to_bytes(12, "big"))
    holds.place_hold(connection, hold, DEFAULT_TENANT)
    return hold


def _destroying(
    desk: GuardDesk, plan: PlanId, numbers: Sequence[int]
) -> Iterator[Callable[[], object]]:
    generation = holds.read_fence(desk.connection, DEFAULT_TENANT).generation
    for some in _batches(numbers, MAX_DESTROYED):
        ids = tuple(_recording(number).raw for number in some)
        yield lambda ids=ids: _all_destroyed(  # type: ignore[misc]
            desk.answer(Destroy(plan=plan.raw, generation=generation, recordings=ids))
        )


def _all_destroyed(answer: object) -> None:
    assert isinstance(answer, DestroyedAnswer)
    assert not {*answer.outcomes} & {*Why}


def _holding(
    desk: GuardDesk, hold: HoldId, numbers: Sequence[int]
) -> Iterator[Callable[[], object]]:
    for some in _batches(numbers, MAX_KEYS):
        keys = tuple(_key(number).raw for number in some)
        yield lambda keys=keys: desk.answer(HoldKeys(hold=hold.raw, keys=keys))  # type: ignore[misc]


def _deleting(
    connection: sqlite3.Connection, numbers: Sequence[int]
) -> Iterator[Callable[[], object]]:
    for some in _batches(numbers, MAX_DESTROYED):
        yield lambda some=some: _delete(connection, some)  # type: ignore[misc]


def _delete(connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "DELETE FROM data_key WHERE recording = ?",
        [(_recording(number).raw,) for number in numbers],
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


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-destruction.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.destruction", *sys.argv[1:]])
    print(figures.told())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
