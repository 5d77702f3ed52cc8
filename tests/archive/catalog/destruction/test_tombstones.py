"""Nothing brings back what was destroyed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from archive.call.adoption import Adoption
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstones import (
    RecordingDestroyed,
    Tombstone,
    digest_of,
    has_tombstone,
    place_tombstone,
)
from archive.catalog.index.rebuild import Rebuilt
from archive.catalog.index.removal import remove_recording
from archive.catalog.tables.catalog import recording, tombstone
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, RecordingId, TenantId
from tests.archive.catalog.examples import (
    NOW_US,
    OTHER_TENANT,
    adopt,
    adoption,
    index_dump,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.ledger import page, refused
from tests.told import all_told

KEPT = adoption(2)
PARTS = [adoption(1, part=0, is_last=False), adoption(1, part=1)]


def destroy(engine: Engine, own: RecordingId, tenant: TenantId = DEFAULT_TENANT) -> None:
    """As whoever destroys will: the tombstone first, then the rows."""
    with writing(engine) as connection:
        row = ensure_tenant(connection, tenant)
        place_tombstone(connection, row, Tombstone(recording=own, destroyed_us=NOW_US, journal=17))
        wanted = select(recording.c.row).where(recording.c.id == own.raw, recording.c.tenant == row)
        known = connection.scalar(wanted)
        if known is not None:
            remove_recording(connection, row, known)


def without(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """The index with the one recording that is kept."""
    adopt(engine, KEPT)
    return index_dump(engine)


@pytest.mark.parametrize("parts", [PARTS, PARTS[::-1], PARTS[:1]])
def test_a_rebuild_leaves_out_what_has_a_tombstone_and_says_so(
    tmp_path: Path, parts: list[Adoption]
) -> None:
    """Its file may still be there, or have come back from a copy."""
    engine = new_catalog(tmp_path)
    before = without(engine)
    adopt(engine, *parts)
    destroy(engine, recording_id(1))
    rebuilt = rebuild(engine, [*parts, KEPT])

    assert rebuilt == Rebuilt(1, [each.part_name for each in parts])
    assert index_dump(engine) == before


def test_a_recording_with_a_tombstone_is_not_adopted_again(tmp_path: Path) -> None:
    """Nor a part of it that comes late; the journal says of nothing that it was adopted."""
    engine = new_catalog(tmp_path)
    before = without(engine)
    adopt(engine, PARTS[0])
    destroy(engine, recording_id(1))
    with reading(engine) as connection:
        told = all_told(connection)
    for part in PARTS:
        with pytest.raises(RecordingDestroyed):
            adopt(engine, part)

    assert index_dump(engine) == before
    with reading(engine) as connection:
        assert all_told(connection) == told


def test_a_ledger_page_with_a_tombstone_stays_away_too(tmp_path: Path) -> None:
    """It is destroyed as a recording is."""
    engine = new_catalog(tmp_path)
    own = page(1, refused(1))
    destroy(engine, own.part_name.recording)
    with pytest.raises(RecordingDestroyed):
        adopt(engine, own)

    assert rebuild(engine, [own]) == Rebuilt(0, [own.part_name])


def test_a_tombstone_is_its_tenants(tmp_path: Path) -> None:
    """Nobody takes another's recordings away."""
    engine = new_catalog(tmp_path)
    destroy(engine, recording_id(1), OTHER_TENANT)
    adopt(engine, PARTS[0])

    with pytest.raises(RecordingDestroyed):
        adopt(engine, replace(PARTS[0], tenant=OTHER_TENANT))


def test_a_tombstone_outlives_a_rebuild_and_is_one_however_often_it_is_placed(
    tmp_path: Path,
) -> None:
    """It belongs to the register."""
    engine = new_catalog(tmp_path)
    destroy(engine, recording_id(1))
    destroy(engine, recording_id(1))
    rebuild(engine, PARTS)
    with reading(engine) as connection:
        rows = connection.execute(select(tombstone)).all()
        assert has_tombstone(connection, rows[0].tenant, recording_id(1))

    assert [(row.digest, row.destroyed_us, row.journal) for row in rows] == [
        (digest_of(recording_id(1)), NOW_US, 17)
    ]


@pytest.mark.parametrize(
    "change",
    [lambda: delete(tombstone), lambda: update(tombstone).values(digest=bytes(32))],
)
def test_the_database_itself_keeps_tombstones(tmp_path: Path, change: Callable[[], object]) -> None:
    """A fault of ours must not be a way back."""
    engine = new_catalog(tmp_path)
    destroy(engine, recording_id(1))

    with pytest.raises(DBAPIError, match="only added"), writing(engine) as connection:
        connection.execute(change())  # type: ignore[call-overload]  # a statement


def test_a_tombstone_does_not_say_which_recording_it_was(tmp_path: Path) -> None:
    """The id holds the time of the call; who has the id can ask, who has not learns nothing."""
    digest = digest_of(recording_id(1))

    assert len(digest) == 32
    assert recording_id(1).raw not in digest
    assert digest != digest_of(recording_id(2))
    with writing(new_catalog(tmp_path)) as connection:
        row = ensure_tenant(connection, DEFAULT_TENANT)
        connection.execute(
            insert(tombstone).values(tenant=row, digest=digest, destroyed_us=1, journal=1)
        )
        assert has_tombstone(connection, row, recording_id(1))
