"""Rows of parts that are lost."""

from pathlib import Path

from sqlalchemy import select

from archive.call.archived_recording import (
    DAMAGED,
    MISSING,
    ArchivedRecording,
    DamagedPart,
    LostPart,
)
from archive.catalog.database.engine import reading
from archive.catalog.index.part_values import part_values
from archive.catalog.index.rebuild import Rebuilding, rebuild as rebuild_recordings
from archive.catalog.tables.catalog import part, recording
from tests.archive.catalog.examples import access, adopt, index_dump, new_catalog, recording_id
from tests.archive.catalog.rebuilding import PARTS, rebuild, states


def test_a_recording_of_which_a_part_is_lost_is_incomplete_and_keeps_what_was_told(
    tmp_path: Path,
) -> None:
    """What is left of it can be heard."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    before = index_dump(engine)

    rebuild(engine, [PARTS[0], PARTS[2], PARTS[3]])

    assert states(engine)[recording_id(2)] == "partial"
    assert index_dump(engine)["packed_events"] == before["packed_events"] != []
    with reading(engine) as connection:
        found = {row.id: row.flags for row in connection.execute(select(recording))}
        keys = set(connection.scalars(select(part.c.key_id).where(part.c.lost == MISSING)))
    assert "parts_lost" in found[recording_id(2).raw]
    assert keys == {PARTS[1].key_id.raw}


def test_a_damaged_file_that_nobody_knew_is_a_damaged_recording(tmp_path: Path) -> None:
    """A lost catalog, and a damaged file: its key can be destroyed when its time has come."""
    engine, own = new_catalog(tmp_path), PARTS[0]
    header = {
        name: value
        for name, value in part_values(own).items()
        if name in {"node", "key_id", "map_path", "size_bytes", "sha256", "created_us"}
    }
    damaged = DamagedPart(own.part_name, own.path, header)
    read = ArchivedRecording(own.tenant, recording_id(1), damaged=(damaged,))
    how = Rebuilding(asks=access, is_there=lambda _: True)

    assert rebuild_recordings(engine, [read], how).lost == [LostPart(own.part_name, DAMAGED)]

    assert states(engine) == {recording_id(1): "damaged"}
    with reading(engine) as connection:
        assert connection.scalar(select(part.c.key_id)) == own.key_id.raw
