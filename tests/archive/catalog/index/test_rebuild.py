"""The index from nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.call.archived_recording import MISSING, ArchivedRecording, LostPart
from archive.catalog.database.database_errors import words
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.index.rebuild import Rebuilding, Rebuilt, rebuild as rebuild_recordings
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    index_dump,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.rebuilding import PARTS, rebuild, states
from tests.told import all_told


@pytest.mark.both
def test_a_rebuild_gives_the_rows_that_were_there(tmp_path: Path) -> None:
    """The index holds nothing of its own; the archive alone is enough, in any order, repeated."""
    engine = new_catalog(tmp_path)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    adopt(engine, *PARTS)
    before = index_dump(engine)

    rebuilt = rebuild(engine, [*reversed(PARTS), *PARTS])

    assert rebuilt == Rebuilt(len(PARTS))
    assert index_dump(engine) == before
    assert "A17" in repr(before["leg"])


def test_what_is_not_in_the_archive_any_more_stays_and_says_so_also_the_next_time(
    tmp_path: Path,
) -> None:
    """It is found by what was known of it; the journal says once since when it is lost."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    before = index_dump(engine)

    lost = [rebuild(engine, PARTS[:1]).lost for _ in range(2)]

    gone = [LostPart(each.part_name, MISSING) for each in PARTS[1:]]
    assert lost == [gone, gone]
    after = index_dump(engine)
    for table in ("packed_events", "leg", "leg_address"):
        assert after[table] == before[table] != []
    assert states(engine) == {recording_id(1): "complete", recording_id(2): "missing"}
    with reading(engine) as connection:
        told = [each.entry for each in all_told(connection)]
    written = [(each.target, each.detail) for each in told if each.action == "part_lost"]
    detail = {"generation": 0, "because": MISSING}
    assert written == [(str(recording_id(2)), {**detail, "part": part}) for part in (0, 1)]


@pytest.mark.both
def test_events_that_only_a_lost_part_had_stay_with_what_followed_from_them(
    tmp_path: Path,
) -> None:
    """Who joined after the first hour is found though that hour's file is gone, for good."""
    engine = new_catalog(tmp_path)
    told = tuple(enumerate(inbound()))
    first = replace(adoption(3, is_last=False), events=told[:3])
    adopt(engine, first, replace(adoption(3, part=1), events=told[3:]))
    before = index_dump(engine)

    for _ in range(2):
        rebuild(engine, [first])

    after = index_dump(engine)
    for table in ("packed_events", "leg", "leg_address"):
        assert after[table] == before[table] != []
    assert states(engine) == {recording_id(3): "partial"}


def test_what_comes_back_is_as_it_was_and_the_journal_says_so(tmp_path: Path) -> None:
    """From a copy of the archive, say."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    before = index_dump(engine)
    rebuild(engine, [])

    assert rebuild(engine, PARTS).lost == []

    assert index_dump(engine) == before
    with reading(engine) as connection:
        told = [each.entry.action for each in all_told(connection)]
    assert (told.count("part_lost"), told.count("part_found")) == (3, 3)


def test_a_rebuild_does_not_touch_the_register(tmp_path: Path) -> None:
    """The journal tells what happened to the archive, not what happened to an index."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    with reading(engine) as connection:
        before = all_told(connection)

    rebuild(engine, PARTS)

    with reading(engine) as connection:
        assert all_told(connection) == before


@pytest.mark.both
def test_a_part_that_the_database_refuses_falls_out_of_a_rebuild_alone(tmp_path: Path) -> None:
    """Nobody could rebuild anything for one odd call; it is told of by name."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    refused = replace(adoption(7), segments=None)  # type: ignore[arg-type]  # what no column takes

    rebuilt = rebuild(engine, [*PARTS[:2], refused, *PARTS[2:]])

    assert rebuilt.parts == len(PARTS)
    ((name, said),) = rebuilt.refused
    assert name == refused.part_name
    assert "null" in words(said).lower()


def test_a_rebuild_that_ends_early_leaves_what_it_did_not_reach(tmp_path: Path) -> None:
    """The key daemon may go away meanwhile; no call is hidden by that."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    before = index_dump(engine)

    def away() -> Iterator[ArchivedRecording]:
        yield ArchivedRecording(DEFAULT_TENANT, recording_id(1), PARTS[:1])
        raise KeyUnavailable("away")

    with pytest.raises(KeyUnavailable):
        rebuild_recordings(engine, away(), Rebuilding(asks=access, is_there=lambda _: False))

    assert index_dump(engine) == before
