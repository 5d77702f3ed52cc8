"""Rows of a small call centre, and a model of columns that is a plain dictionary."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from archive.disk.files import Disk, LocalDisk
from archive.ids import DEFAULT_TENANT
from archive.locate.columns.layout import Identity
from archive.locate.columns.manifest import Place
from archive.locate.columns.month_file import MonthFile
from archive.locate.columns.rows import DURATION_FROM_MS, decode_rows, duration_codes
from archive.locate.columns.source import SOURCE, Source, month_begin_us, months_of
from archive.locate.columns.store import Changes, ColumnStore

IDENTITY: Final = Identity(DEFAULT_TENANT, b"catalog 16 bytes")
OCTOBER: Final = 202610
MONTHS: Final = (202608, 202609, 202610)
MONTH_MS: Final = 29 * 86_400_000
AGENTS: Final = ("", '{"p":7}', '{"n":"田中"}', '{"i":"smith","x":"204"}')
GROUPS: Final = ("{}", '{"q":["support"]}', '{"q":["sales"],"t":["east"]}')


@dataclass(frozen=True, slots=True)
class Row:
    """A row as one would say it."""

    recording: int
    start_us: int
    conversation: int = 1
    number: bytes = b""
    agent: str = ""
    line: bytes = b""
    group: str = "{}"
    duration_ms: int = 0
    flags: int = 0


def source(rows: Iterable[Row]) -> Source:
    """As the catalog hands them in."""
    rows = list(rows)
    agents, groups = ["", *(row.agent for row in rows)], ["", *(row.group for row in rows)]
    made = np.zeros(len(rows), SOURCE)
    for at, row in enumerate(rows):
        own = replace(row, agent="", group="")
        for name in SOURCE.names or ():
            made[name][at] = 1 + at if name in {"agent", "group"} else getattr(own, name)
    return Source(made, agents, groups)


def rows_of(files: Iterable[MonthFile]) -> list[Row]:
    """All rows that are not erased, as one would say them."""
    found = []
    for file in files:
        kept = decode_rows(file.rows, file.header.month)
        for each in kept.rows:
            values = {name: each[name].item() for name in SOURCE.names or ()}
            values["agent"] = kept.agents[values["agent"]]
            values["group"] = kept.groups[values["group"]]
            found.append(Row(**values))
    return sorted(found, key=repr)


def kept(row: Row) -> Row:
    """What a file keeps of a row: milliseconds, and the step of its length."""
    code = duration_codes(np.array([row.duration_ms]))[0]
    start_us = row.start_us // 1_000 * 1_000
    return replace(row, start_us=start_us, duration_ms=int(DURATION_FROM_MS[code]))


def luck(seed: int) -> random.Random:
    """The same each time."""
    return random.Random(seed)  # noqa: S311 - a test must be repeatable


def drawn(by: random.Random, recording: int) -> list[Row]:
    """One recording with one to three rows."""
    start_us = month_begin_us(by.choice(MONTHS)) + by.randrange(MONTH_MS) * 1_000 + by.randrange(9)
    numbers = [f"{by.randrange(10**6):06}".encode() for _ in range(by.choice((1, 1, 2, 3)))]
    return [
        Row(
            recording,
            start_us,
            conversation=by.randrange(1, 9),
            number=number,
            agent=by.choice(AGENTS),
            line=by.choice((b"", b"0210")),
            group=by.choice(GROUPS),
            duration_ms=by.randrange(10_000_000),
            flags=by.randrange(64),
        )
        for number in numbers
    ]


@dataclass(slots=True)
class Model:
    """What should be in the columns: rows by recording."""

    rows: dict[int, list[Row]] = field(default_factory=dict)

    def change(self, by: random.Random) -> tuple[list[int], list[Row]]:
        """A few recordings adopted, corrected or destroyed; which, and their rows of now."""
        changed = sorted({by.randrange(1, 60) for _ in range(by.randrange(1, 8))})
        for recording in changed:
            self.rows.pop(recording, None)
            if by.random() < 0.7:
                self.rows[recording] = drawn(by, recording)
        return changed, [row for each in changed for row in self.rows.get(each, [])]

    def all(self) -> list[Row]:
        """As `rows_of` tells them."""
        return sorted((kept(row) for rows in self.rows.values() for row in rows), key=repr)


def changes(sequence: int, recordings: Iterable[int], rows: Iterable[Row]) -> Changes:
    """As the catalog hands them in."""
    return Changes(Place(sequence, 0), np.array(list(recordings), np.int64), source(rows))


def built(folder: Path, rows: Iterable[Row], disk: Disk | None = None) -> ColumnStore:
    """Columns made of these rows, of change 0."""
    whole = source(rows)
    months = sorted(set(months_of(whole.rows).tolist()))
    store = ColumnStore.create(folder, IDENTITY, Place(0, 0), months, disk or LocalDisk())
    for month, own in whole.by_month():
        store.replace_month(month, own, 0)
    return store


def opened(folder: Path, disk: Disk | None = None) -> ColumnStore:
    """What lies there, for a catalog that has all changes."""
    return ColumnStore.open(folder, IDENTITY, lambda _: True, disk or LocalDisk())


def bytes_below(folder: Path) -> bytes:
    """Every byte of every file."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def kept_duration(row: dict[str, Any]) -> dict[str, Any]:
    """What a file keeps of a row that is told as a dictionary."""
    start_us = row["start_us"] // 1_000 * 1_000
    parted = [(*told, _kept_ms(length_ms)) for *told, length_ms in row["parted"]]
    own = {"start_us": start_us, "duration_ms": _kept_ms(row["duration_ms"]), "parted": parted}
    return row | own


def _kept_ms(length_ms: int) -> int:
    return int(DURATION_FROM_MS[duration_codes(np.array([length_ms]))[0]])
