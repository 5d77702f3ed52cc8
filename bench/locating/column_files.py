"""Columns of locating: how long they take to build, to score, to bring forward, to erase from.

`python -m bench.locating.column_files [--rows 10000000] [--folder build/columns]`: rows are drawn,
not loaded from a catalog; `numpy` and one file system are all that is measured. Knows no table.
"""

import argparse
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from archive.disk.files import LocalDisk
from archive.ids import DEFAULT_TENANT
from archive.locate.columns.best import ScoredMonth, rank
from archive.locate.columns.layout import Identity
from archive.locate.columns.manifest import Place
from archive.locate.columns.month_file import MonthFile
from archive.locate.columns.rows import DURATION_CODES
from archive.locate.columns.source import SOURCE, Source, month_begin_us
from archive.locate.columns.store import Changes, ColumnStore
from archive.locate.columns.weights import OUTSIDE, Steps, Weights, bounded, within

IDENTITY: Final = Identity(DEFAULT_TENANT, bytes(16))
MONTHS: Final = tuple(range(202511, 202513)) + tuple(range(202601, 202611))
LINES: Final = 40
_AGENTS: Final = ["", *(f'{{"p":{row}}}' for row in range(1, 3_000))]
_GROUPS: Final = ["", *(f'{{"q":["queue {n % 40}"],"t":["team {n // 40}"]}}' for n in range(400))]
# Customers call three times a year.
ROWS_A_NUMBER: Final = 3
FLOOR: Final = -9.0
FEW_ROWS: Final = 200_000
TIMES: Final = 9
BEST: Final = 200
DAY_US: Final = 86_400_000_000


def drawn(month: int, rows: int, first: int, total: int) -> Source:
    """A month of rows, every second or third conversation with two."""
    random = np.random.default_rng(month)
    year, number = divmod(month, 100)
    following = month + 1 if number < 12 else (year + 1) * 100 + 1
    begin_us, end_us = month_begin_us(month), month_begin_us(following)
    made = np.zeros(rows, SOURCE)
    made["start_us"] = np.sort(random.integers(begin_us, end_us, rows))
    made["recording"] = first + np.arange(rows)
    made["conversation"] = first + np.arange(rows) - (random.random(rows) < 0.06)
    customers = random.integers(0, max(1, total // ROWS_A_NUMBER), rows)
    made["number"] = np.char.add((customers * 7919 % 10**8).astype("S10"), b"09018")
    made["agent"] = random.integers(0, len(_AGENTS), rows)
    made["line"] = random.integers(0, LINES, rows).astype("S4")
    made["group"] = random.integers(1, len(_GROUPS), rows)
    made["duration_ms"] = random.lognormal(11.9, 0.9, rows)
    made["flags"] = random.integers(0, 64, rows)
    return Source(made, _AGENTS, _GROUPS)


def asked(file: MonthFile, steps: Steps) -> ScoredMonth:
    """Seven clues (when, number, agent, line, queue, how long, direction and events), and reach."""
    random = np.random.default_rng(1)
    entries = file.rows.dictionaries
    numbers = np.full(len(entries["numbers"]), -3.0)
    numbers[np.char.startswith(entries["numbers"], b"8877")] = 6.0
    groups = bounded(random.normal(-1, 2, len(entries["groups"])), FLOOR)
    weights = Weights(
        groups=within(groups, random.random(len(groups)) < 0.5),
        steps=steps,
        tables={
            "number": bounded(numbers, FLOOR),
            "agent": bounded(random.normal(-2, 3, len(entries["agents"])), FLOOR),
            "line": bounded(random.normal(-1, 1, len(entries["lines"])), FLOOR),
            "duration": bounded(-np.abs(np.arange(DURATION_CODES) - 120) / 20, FLOOR),
            "flags": bounded(random.normal(-1, 1, 256), FLOOR),
        },
    )
    return ScoredMonth(file.header.month, file.rows, weights)


def evenings() -> Steps:
    """The evenings of October in eight steps each, all other times possible."""
    begin_us = month_begin_us(202610)
    edges = np.array(
        [
            begin_us + day * DAY_US + hour * DAY_US // 24
            for day in range(31)
            for hour in range(7, 15)
        ]
    )
    return Steps(edges, bounded(np.random.default_rng(2).normal(-2, 2, len(edges) + 1), FLOOR))


def last_rows(files: tuple[MonthFile, ...]) -> Steps:
    """A window that holds the newest 200,000 rows, and nothing outside it."""
    starts = files[0].rows.columns["start"]
    first = int(starts[max(0, len(starts) - FEW_ROWS)])
    edge_us = month_begin_us(files[0].header.month) + first * 1_000
    return Steps(np.array([edge_us]), np.array([OUTSIDE, 0], np.float32))


def took_ms(work: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000


def built(folder: Path, rows: int) -> tuple[ColumnStore, float]:
    """Columns of so many rows, and the seconds they took without drawing them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    store = ColumnStore.create(folder, IDENTITY, Place(0, 0), MONTHS, LocalDisk())
    each, spent_ms = rows // len(MONTHS), 0.0
    for number, month in enumerate(MONTHS):
        made = drawn(month, each, 1 + number * each, rows)
        spent_ms += took_ms(lambda month=month, made=made: store.replace_month(month, made, 0))  # type: ignore[misc]
    return store, spent_ms / 1_000


def figures(folder: Path, rows: int) -> Iterator[tuple[str, str]]:
    """What is measured, and how much it is."""
    store, spent_s = built(folder, rows)
    yield "built, s", f"{spent_s:.1f}"
    size_bytes = sum(path.stat().st_size for path in folder.iterdir())
    yield "bytes a row on disk, dictionaries included", f"{size_bytes / rows:.1f}"
    opened = took_ms(lambda: ColumnStore.open(folder, IDENTITY, lambda _: True, LocalDisk()))
    yield "opened and verified, ms", f"{opened:.0f}"
    counted = took_ms(partial(_count_half, store))
    yield "rows of half of the groups counted by code, ms", f"{counted:.0f}"
    yield from _scored(store, rows)
    yield from _changed(store, rows)


def _scored(store: ColumnStore, rows: int) -> Iterator[tuple[str, str]]:
    steps = evenings()
    tables_ms = took_ms(lambda: [asked(file, steps) for file in store.files])
    yield "tables of a request made in this bench, ms", f"{tables_ms:.0f}"
    whole = [asked(file, steps) for file in store.files]
    waited = [took_ms(lambda: rank(whole, BEST)) for _ in range(TIMES)]
    yield f"{rows} rows, seven clues and reach, ms (median, worst)", _told(waited)
    yield "ns a row", f"{median(waited) / rows * 1e6:.1f}"
    few = [asked(file, last_rows(store.files)) for file in store.files]
    waited = [took_ms(lambda: rank(few, BEST)) for _ in range(TIMES)]
    yield f"newest {FEW_ROWS} rows, ms (median, worst)", _told(waited)
    flat = [ScoredMonth(f.header.month, f.rows, _flat(f)) for f in store.files]
    waited = [took_ms(lambda: rank(flat, BEST)) for _ in range(TIMES)]
    yield f"{rows} rows that fit alike, ms (median, worst)", _told(waited)


def _count_half(store: ColumnStore) -> None:
    for file in store.files:
        reached = np.arange(len(file.rows.dictionaries["groups"])) % 2 == 0
        for column in ("number", "agent", "line", "duration", "flags"):
            file.rows.counts(column, reached)


def _flat(file: MonthFile) -> Weights:
    entries = len(file.rows.dictionaries["groups"])
    return Weights(groups=within(np.zeros(entries, np.float32), np.ones(entries, bool)))


def _changed(store: ColumnStore, rows: int) -> Iterator[tuple[str, str]]:
    for batch, size in ((1, 100), (2, 1_500), (3, 30_000)):
        new = drawn(MONTHS[-1], size, rows + 100_000 * batch, rows)
        changes = Changes(Place(batch, 0), new.rows["recording"].copy(), new)
        yield f"{size} rows adopted (tail), ms", f"{took_ms(partial(store.apply, changes)):.0f}"
    new = drawn(MONTHS[-1], 60_000, rows + 500_000, rows)
    changes = Changes(Place(4, 0), new.rows["recording"].copy(), new)
    yield "tail and month made one, ms", f"{took_ms(lambda: store.apply(changes)):.0f}"
    yield "what was replaced wiped, ms", f"{took_ms(store.tidy):.0f}"
    gone = np.arange(1, rows, rows // 32)[:32]
    changes = Changes(Place(5, 0), gone, Source(np.empty(0, SOURCE)))
    yield "32 destroyed, in all months, ms", f"{took_ms(lambda: store.apply(changes)):.0f}"


def _told(waited: list[float]) -> str:
    return f"{median(waited):.1f}, {max(waited):.1f}"


def main() -> None:
    """Measure, print a table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.locating.column_files", description=__doc__
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=Path("build/columns"))
    options = parser.parse_args()
    for what, figure in figures(options.folder, options.rows):
        print(f"| {what} | {figure} |", flush=True)
    shutil.rmtree(options.folder)


if __name__ == "__main__":
    main()
