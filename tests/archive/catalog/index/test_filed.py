"""What the catalog says of the archive's files."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select

from archive.catalog.access.grants import Ask, NotGranted, VerifyGrant, grant
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.index.filed import adopted_parts, filed_parts, lost_recordings, unfiled
from archive.catalog.index.removal import remove_recording
from archive.catalog.tables.catalog import part, recording
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, PartName
from tests.archive.catalog.examples import (
    NOW_US,
    access,
    adopt,
    adoption,
    new_catalog,
    recording_id,
)

OWN = recording_id(1)


def test_rows_and_adoptions_are_told_under_a_grant_for_the_recording(tmp_path: Path) -> None:
    """They lead to a file."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2))
    granted = grant(engine, VerifyGrant, Ask(access=access(), target=OWN))
    with reading(engine) as connection:
        (row,) = filed_parts(connection, OWN, granted)
        (told,) = adopted_parts(connection, OWN, granted)
        with pytest.raises(NotGranted):
            filed_parts(connection, recording_id(2), granted)
        with pytest.raises(NotGranted):
            adopted_parts(connection, recording_id(2), granted)

    assert (row.name, row.values["sha256"]) == (told.name, told.sha256)
    assert row.name == PartName(OWN, 0)


def test_a_recording_without_a_row_is_lost_unless_it_was_destroyed(tmp_path: Path) -> None:
    """The journal tells of its adoption for ever."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2), adoption(3))
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        for number in (1, 2):
            row = connection.scalar(
                select(recording.c.row).where(recording.c.id == recording_id(number).raw)
            )
            remove_recording(connection, tenant, int(row or 0))
        gone = Tombstone(recording=recording_id(2), destroyed_us=NOW_US, journal=1)
        place_tombstone(connection, tenant, gone)
    with reading(engine) as connection:
        assert list(lost_recordings(connection, DEFAULT_TENANT)) == [OWN]


def test_parts_without_a_row_are_told_apart(tmp_path: Path) -> None:
    """Of a recording that is known as well."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    here, stray = PartName(OWN, 0), PartName(OWN, 1)
    with reading(engine) as connection:
        assert list(unfiled(connection, DEFAULT_TENANT, [here, stray])) == [stray]
    with writing(engine) as connection:
        connection.execute(delete(part))
    with reading(engine) as connection:
        assert list(unfiled(connection, DEFAULT_TENANT, [here])) == [here]
