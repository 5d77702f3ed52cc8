"""The count of what must go and is in no plan."""

from pathlib import Path

from archive.catalog.database.engine import writing
from archive.catalog.destruction.due_counts import (
    DueCount,
    destroyed_behind,
    last_count,
    write_count,
)
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.lifecycle.tombstone import Remains, Tombstone
from tests.archive.catalog.examples import new_catalog


def test_a_count_takes_the_place_of_the_last_one(tmp_path: Path) -> None:
    """There is one of each tenant."""
    first = DueCount(at_us=1, recordings=9, reasons={"held": 2}, no_end=1, oldest_no_end_us=7)
    with writing(new_catalog(tmp_path)) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        seen = [last_count(connection, tenant)]
        for each in (first, DueCount(at_us=2)):
            write_count(connection, tenant, each)
            seen.append(last_count(connection, tenant))

    assert seen == [None, first, DueCount(at_us=2)]


def test_tombstones_are_counted_behind_the_last_one(tmp_path: Path) -> None:
    """So that nobody counts all of them twice."""
    with writing(new_catalog(tmp_path)) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        seen = [destroyed_behind(connection, tenant, 0)]
        for number in (1, 2):
            own = RecordingId(bytes([number]) * 16)
            placed = Tombstone(recording=own, destroyed_us=1, journal=1, remains=Remains())
            place_tombstone(connection, tenant, placed)
            seen.append(destroyed_behind(connection, tenant, number - 1))

    assert seen == [(0, 0), (1, 1), (2, 1)]
