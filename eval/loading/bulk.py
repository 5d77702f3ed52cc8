"""A catalog with a world in it, in bulk: the rows of `eval.loading.catalog`, made of patterns.

Its indexes are made when all rows are there. Knows nothing of what stands in rows.
"""

import tempfile
from collections import defaultdict
from collections.abc import Collection
from contextlib import closing
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from sqlite3 import connect
from typing import Final

from sqlalchemy import Connection, Table, delete

from archive.catalog.database.engine import writing
from archive.catalog.index.details import piece_rows
from archive.catalog.locating.changes import KEPT
from archive.catalog.tables.catalog import (
    catalog,
    journal,
    packed_events,
    recording,
    recording_change,
    retention_class,
    text_piece,
    tombstone,
)
from archive.catalog.tables.derived_forms import FORM
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from bench.filled_catalog import take_indexes
from eval.loading.catalog import Step, begin, end, made
from eval.loading.own_values import Own, OwnValues
from eval.loading.patterns import Pattern, Row
from eval.loading.sampled import SampledPatterns, last_key
from eval.loading.shapes import shape_of
from eval.world.world import Fate, World

_AT_ONCE: Final = 5_000
# Without these nobody sees what happened in a call, nor who adopted it.
BARE: Final[tuple[Table, ...]] = (packed_events, journal)
# A recorder whose keys do not know these destructions keeps its gate shut, and adopts nothing.
NONE_DESTROYED: Final[tuple[Table, ...]] = (tombstone,)


def fill(file: Path, world: World, step: Step, without: Collection[Table] = ()) -> None:
    """Make the catalog `file`, which is not there yet, and leave these tables empty.

    `step` is told how many calls are in it.
    """
    with made(file) as engine:
        with closing(connect(file)) as database:
            indexes = take_indexes(database)
        begin(engine, world)
        with (
            tempfile.TemporaryDirectory() as folder,
            made(Path(folder) / "samples.db") as elsewhere,
            writing(engine) as connection,
        ):
            own = OwnValues(connection, world, with_events=packed_events not in without)
            _write(world, own, SampledPatterns(elsewhere), _Rows(connection, without), step)
            _forget_changes(connection)
        if tombstone not in without:
            end(engine, world)
        with writing(engine) as connection:
            for _, made_by in indexes:
                connection.exec_driver_sql(made_by)


def _write(
    world: World, own: OwnValues, patterns: SampledPatterns, rows: "_Rows", step: Step
) -> None:
    for call in range(len(world)):
        if world.fate[call] != Fate.DESTROYED:
            rows.add(patterns.of(shape_of(world, call, own.seats)), own.of(call))
        if call % _AT_ONCE == 0:
            rows.write()
            step(call, len(world))
    rows.write()
    step(len(world), len(world))


class _Rows:
    """What is not written yet, and the last keys of each table."""

    def __init__(self, connection: Connection, without: Collection[Table]) -> None:
        self._connection = connection
        self._left_out = {each.name for each in without}
        self._tenant = tenant_row(connection, DEFAULT_TENANT)
        self._keys = {name: last_key(connection, each) for name, each in catalog.tables.items()}
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._classes: dict[bytes, int] = {}

    def add(self, pattern: Pattern, own: Own) -> None:
        """A call."""
        if pattern.classes:
            self._add_pieces(own)
        classes = [self._class(str(each.filled(own.values))) for each in pattern.classes]
        for name, rows in pattern.rows_of(own.values, self._keys, classes).items():
            if name not in self._left_out:
                self._rows[name] += rows
            self._keys[name] += len(rows)

    def _add_pieces(self, own: Own) -> None:
        """Of what was written of its recordings, whose rows are the next ones."""
        name = text_piece.name
        for at, (began_us, texts) in enumerate(own.written, self._keys[recording.name] + 1):
            for piece in _pieces(texts):
                self._keys[name] += 1
                row = (self._keys[name], self._tenant, at, began_us, piece)
                self._rows[name].append(row)

    def _class(self, content: str) -> int:
        digest = sha256(f"{FORM} {content}".encode()).digest()
        known = self._classes.get(digest)
        if known is None:
            known = self._classes[digest] = self._keys[retention_class.name] + 1
            self._keys[retention_class.name] = known
            row = (known, self._tenant, digest, FORM, content)
            self._rows[retention_class.name].append(row)
        return known

    def write(self) -> None:
        """All of it."""
        for name, rows in self._rows.items():
            columns = catalog.tables[name].columns
            names = ", ".join(f'"{each.name}"' for each in columns)
            places = ", ".join("?" for _ in columns)
            into = f'INSERT INTO "{name}" ({names}) VALUES ({places})'  # noqa: S608  # our own names
            self._connection.exec_driver_sql(into, rows)
        self._rows.clear()


@lru_cache(1 << 14)
def _pieces(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(each["piece"]) for each in piece_rows(texts))


def _forget_changes(connection: Connection) -> None:
    """What the keeper would have let go by now."""
    last = last_key(connection, recording_change)
    connection.execute(delete(recording_change).where(recording_change.c.row <= last - KEPT))
