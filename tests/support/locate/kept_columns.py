"""The columns of a process over a catalog: what who asks gets, beside what the catalog says."""

from pathlib import Path

from sqlalchemy import Engine, select

from api.locate.column_keeper import ColumnKeeper
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.removal import remove_recording
from archive.catalog.locating.changes import last_change
from archive.catalog.locating.copies import copies_behind
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.locate.columns.rows import decode_rows
from archive.locate.columns.source import Source
from tests.archive.catalog.examples import NOW_US, recording_id
from tests.archive.locate.columns.examples import kept_duration
from tests.support.catalog.locating import Told, rows_now, told


class Clock:
    """Stands still until somebody sets it."""

    def __init__(self) -> None:
        self.now_us = NOW_US

    def __call__(self) -> int:
        return self.now_us


def keeper(engine: Engine, folder: Path, clock: Clock | None = None) -> ColumnKeeper:
    """Nothing of it is opened yet."""
    return ColumnKeeper(
        engine=engine,
        tenant=DEFAULT_TENANT,
        folder=folder / "columns",
        copy=b"c" * 16,
        clock_us=clock or Clock(),
    )


def made(columns: ColumnKeeper) -> ColumnKeeper:
    """Until there is nothing left to do."""
    while columns.step():
        pass
    return columns


def rows_in(columns: ColumnKeeper) -> list[Told]:
    """What who asks now gets."""
    with columns.current() as now:
        parts = [decode_rows(file.rows, file.header.month) for file in now.files]
        return told(Source.joined(parts))


def expected(engine: Engine) -> list[Told]:
    """What the catalog says, as a file keeps it."""
    return sorted((kept_duration(row) for row in rows_now(engine)), key=repr)


def row_of(engine: Engine, number: int) -> int:
    """Of the recording of that call; 0 where there is none."""
    own = recording_id(number)
    with reading(engine) as connection:
        return connection.scalar(select(recording.c.row).where(recording.c.id == own.raw)) or 0


def remove(engine: Engine, number: int) -> int:
    """As D4 does; the change in which that is."""
    row = row_of(engine, number)
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        remove_recording(connection, tenant, row)
        return last_change(connection, tenant)


def behind(engine: Engine, sequence: int, now_us: int = NOW_US) -> int:
    """How many copies D5 would wait for."""
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        return copies_behind(connection, tenant, sequence, now_us)
