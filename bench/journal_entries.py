"""What a committed entry of the journal costs, with and without the indexes that auditors need.

In turns, so that whatever else the machine does falls on both. Knows nothing of how the journals
were made.
"""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from archive.catalog.database.engine import catalog_url, open_engine, writing
from archive.catalog.journal.entries import ONE_RECORDING, Action, Entry, append
from archive.ids import DEFAULT_TENANT, RecordingId
from bench.filled_journal import ON_A_PAGE, account, call_id
from bench.report import median_of, spread

# What `rokuon audit` needs beside the indexes that the journal had before.
INDEXES: Final = ("ix_journal_tenant_actor_at_us", "ix_journal_tenant_action_at_us")
KINDS: Final[tuple[Action, ...]] = ("read", "searched", "found")
# Entries of a turn, each a commit of its own.
TURN: Final = 60
HEADS: Final = ("entry", "bytes", "ms with the indexes", "ms without", "ratio", "ratio of CPU")
_NS_PER_MS: Final = 1_000_000


@dataclass(slots=True, kw_only=True)
class Appended:
    """How long a commit of one kind of entry took in each turn, and its CPU; medians, in ms."""

    name: str
    bytes_a_row: int
    with_ms: list[float] = field(default_factory=list)
    without_ms: list[float] = field(default_factory=list)
    with_cpu_ms: list[float] = field(default_factory=list)
    without_cpu_ms: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """With ÷ without in each turn; the median of the turns."""
        return _ratio(self.with_ms, self.without_ms)

    @property
    def cpu_ratio(self) -> float:
        """The same of CPU."""
        return _ratio(self.with_cpu_ms, self.without_cpu_ms)

    def row(self) -> list[object]:
        """A line of the table."""
        return [
            self.name,
            self.bytes_a_row,
            spread(self.with_ms),
            spread(self.without_ms),
            self.ratio,
            self.cpu_ratio,
        ]


def _ratio(dividends: Sequence[float], divisors: Sequence[float]) -> float:
    return median_of([one / other for one, other in zip(dividends, divisors, strict=True)])


def drop_indexes(file: Path) -> int:
    """Leave out what auditors need; the bytes that it took."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for name in INDEXES:
            database.execute(f"DROP INDEX {name}")
        (pages,) = database.execute("PRAGMA freelist_count").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(size)


def append_in_turns(file: Path, bare: Path, turns: int, at_us: int) -> list[Appended]:
    """Commit entries of each kind to both, in turns, from the moment `at_us` on."""
    engines = [open_engine(catalog_url(each)) for each in (file, bare)]
    found = []
    for kind in KINDS:
        appended = Appended(name=kind, bytes_a_row=_size(file, kind))
        for turn in range(turns):
            _turn(appended, engines, [_entry(kind, n, at_us + n) for n in _numbers(turn)])
        found.append(appended)
    for engine in engines:
        engine.dispose()
    return found


def _numbers(turn: int) -> range:
    return range(turn * TURN, (turn + 1) * TURN)


def _size(file: Path, kind: Action) -> int:
    """The bytes of an entry's values, without what SQLite keeps beside them."""
    texts = " + ".join(
        f"coalesce(length(CAST({name} AS BLOB)), 0)"
        for name in ("actor", "action", "target", "reason", "detail", "shown")
    )
    # The place, the tenant and the time are numbers of 4, 1 and 8 bytes.
    asked = f"SELECT avg({texts}) + 13 FROM (SELECT * FROM journal WHERE action = ? LIMIT 1000)"  # noqa: S608
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute(asked, (kind,)).fetchone()[0])


def _turn(appended: Appended, engines: Sequence[Engine], entries: Sequence[Entry]) -> None:
    """Entry by entry to both, the one first that was second before."""
    times: tuple[list[_Cost], list[_Cost]] = ([], [])
    for number, entry in enumerate(entries):
        for which in (0, 1) if number % 2 else (1, 0):
            times[which].append(_commit(engines[which], entry))
    taken, bare = times
    appended.with_ms.append(median_of([each.ms for each in taken]))
    appended.with_cpu_ms.append(median_of([each.cpu_ms for each in taken]))
    appended.without_ms.append(median_of([each.ms for each in bare]))
    appended.without_cpu_ms.append(median_of([each.cpu_ms for each in bare]))


@dataclass(frozen=True, slots=True)
class _Cost:
    """Of one commit: what it took, and the CPU of it."""

    ms: float
    cpu_ms: float


def _commit(engine: Engine, entry: Entry) -> _Cost:
    began_ns, began_cpu_ns = time.perf_counter_ns(), time.thread_time_ns()
    with writing(engine) as connection:
        append(connection, entry)
    return _Cost(
        (time.perf_counter_ns() - began_ns) / _NS_PER_MS,
        (time.thread_time_ns() - began_cpu_ns) / _NS_PER_MS,
    )


def _entry(kind: Action, number: int, at_us: int) -> Entry:
    """The next entry of a kind: another account, another call."""
    shown = tuple(RecordingId(call_id(number + n)) for n in range(ON_A_PAGE))
    return Entry(
        tenant=DEFAULT_TENANT,
        at_us=at_us,
        actor=account(number),
        action=kind,
        target=call_id(number * 101).hex() if kind == "read" else "",
        reason="case:D-2026-0114",
        detail={"read": ONE_RECORDING, "searched": {"clues": ["number …7788"]}}.get(
            kind, {"search": number, "count": ON_A_PAGE}
        ),
        shown=shown if kind == "found" else (),
    )
