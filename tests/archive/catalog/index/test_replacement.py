"""The rows of one recording made anew."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from archive.call.archived_recording import MISSING, ArchivedRecording, LostPart
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.index.rebuild import Rebuilding, Rebuilt, rebuild as rebuild_recordings
from archive.catalog.index.removal import remove_recording
from archive.catalog.index.replacement import Replaced, Replacement
from archive.catalog.tables.catalog import part, recording
from archive.errors import PartOutOfPlace
from archive.ids import DEFAULT_TENANT, NodeId
from tests.archive.catalog.examples import (
    access,
    adopt,
    adoption,
    index_dump,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.rebuilding import PARTS, rebuild, states


def test_what_only_the_journal_knows_is_found_again_as_missing(tmp_path: Path) -> None:
    """Whoever takes rows and files away leaves the entry of the adoption."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    with writing(engine) as connection:
        for own in connection.scalars(select(recording.c.row)).all():
            remove_recording(connection, 1, own)

    rebuild(engine, PARTS[:1])

    assert states(engine) == {recording_id(1): "complete", recording_id(2): "missing"}


def test_a_part_out_of_place_is_named_and_is_not_in_the_index(tmp_path: Path) -> None:
    """Behind the last one, or of a node that did not begin the recording: as the keeper has it."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    behind = adoption(1, part=1)
    other = replace(adoption(2, part=1), node=NodeId(b"\x07" * 16))

    rebuilt = rebuild(engine, [PARTS[0], behind, PARTS[1], other])

    refused = {name: type(failed) for name, failed in rebuilt.refused}
    assert refused == {each.part_name: PartOutOfPlace for each in (behind, other)}
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(part)) == 3


def test_what_is_adopted_while_others_are_read_stays(tmp_path: Path) -> None:
    """Its file is there; no file that was read tells of it."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    before = index_dump(engine)
    how = Rebuilding(asks=access, is_there=lambda _: True)

    assert rebuild_recordings(engine, [], how) == Rebuilt()
    assert index_dump(engine) == before


def test_a_row_that_leads_to_another_file_does_not_stand_for_its_own(tmp_path: Path) -> None:
    """Whoever took a file away may have bent its row to one that is there."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    with writing(engine) as connection:
        bent = update(part).where(part.c.path == PARTS[0].path).values(path=PARTS[1].path)
        connection.execute(bent)
    how = Rebuilding(asks=access, is_there=lambda path: path == PARTS[1].path)
    left = [ArchivedRecording(DEFAULT_TENANT, recording_id(2), PARTS[1:3])]

    rebuild_recordings(engine, left, how)

    assert states(engine)[recording_id(1)] == "missing"


def test_nothing_of_what_was_destroyed_stays_whoever_brought_its_rows_back(tmp_path: Path) -> None:
    """A copy of the catalog, say, into which its tombstones were replayed."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    with writing(engine) as connection:
        gone = Tombstone(recording=recording_id(2), destroyed_us=1, journal=1)
        place_tombstone(connection, 1, gone)

    assert rebuild(engine, PARTS[:1]).lost == [LostPart(PARTS[3].part_name, MISSING)]

    assert states(engine) == {recording_id(1): "complete"}


def test_of_what_is_about_to_go_nothing_is_lost(tmp_path: Path) -> None:
    """Its files go before its rows do."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    read = ArchivedRecording(DEFAULT_TENANT, recording_id(2))
    replacement = Replacement(access(), is_there=lambda _: False)
    with pytest.MonkeyPatch.context() as patched, writing(engine) as connection:
        patched.setattr(
            "archive.catalog.index.replacement.under_way_among",
            lambda *_: {recording_id(2): "keyless"},
        )
        assert replacement.replace(connection, 1, read) == Replaced()

    assert states(engine)[recording_id(2)] == "complete"
