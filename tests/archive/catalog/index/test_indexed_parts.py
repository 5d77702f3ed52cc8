"""What index and journal know of parts."""

from pathlib import Path

from archive.call.archived_recording import MISSING
from archive.catalog.database.engine import writing
from archive.catalog.index.indexed_parts import has_parts, indexed_parts, recording_row, told_parts
from archive.ids import RecordingId
from tests.archive.catalog.examples import adopt, new_catalog, recording_id
from tests.archive.catalog.rebuilding import PARTS, rebuild


def test_a_part_is_lost_until_the_journal_says_that_it_was_found(tmp_path: Path) -> None:
    """The latest entry of each part counts; its row keeps all that it had."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    rebuild(engine, PARTS[2:])
    rebuild(engine, PARTS[1:])
    with writing(engine) as connection:
        told = told_parts(connection, 1, recording_id(1))
        found = told_parts(connection, 1, recording_id(2))
        row = recording_row(connection, 1, recording_id(1))
        known = indexed_parts(connection, 1, recording_id(1))
        nobody = indexed_parts(connection, 1, RecordingId(bytes(16)))
        assert row is not None
        assert has_parts(connection, 1, row)
        assert not has_parts(connection, 1, 999)

    assert told.lost == {PARTS[0].part_name: MISSING}
    assert (found.lost, len(found.adopted)) == ({}, 2)
    assert known.names == {PARTS[0].part_name}
    assert known.rows[PARTS[0].part_name]["key_id"] == PARTS[0].key_id.raw
    assert len(known.events) == len(PARTS[0].events)
    assert not nobody.names
