"""What is counted of tombstones as they are placed is what a walk over all of them would count."""

from pathlib import Path

from sqlalchemy import Engine

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstone_counts import (
    counted_tombstones,
    dispute,
    every_digest,
    is_disputed,
)
from archive.catalog.destruction.tombstones import Tombstone, place_bare, place_tombstone
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.tombstone import digest_of
from archive.set_hash import SetHash
from tests.archive.catalog.examples import OTHER_TENANT, new_catalog, recording_id

DIGESTS = sorted(digest_of(recording_id(each)) for each in (1, 2, 3))


def place(engine: Engine, *numbers: int) -> None:
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        for number in numbers:
            own = recording_id(number)
            place_tombstone(connection, tenant, Tombstone(recording=own, destroyed_us=1, journal=1))


def counted(engine: Engine) -> SetHash:
    with reading(engine) as connection:
        return counted_tombstones(connection)


def test_each_is_counted_once_of_every_tenant(tmp_path: Path) -> None:
    """The keystore counts all tenants together; a step that is done again places nothing."""
    engine = new_catalog(tmp_path)
    assert counted(engine) == SetHash()
    place(engine, 1, 2)
    place(engine, 1)
    with writing(engine) as connection:
        other = ensure_tenant(connection, OTHER_TENANT)
        place_bare(connection, other, digest_of(recording_id(3)), 1, 1)

    assert counted(engine) == SetHash().with_all(DIGESTS)
    with reading(engine) as connection:
        assert list(every_digest(connection)) == DIGESTS


def test_a_disputed_one_is_not_counted_until_it_is_destroyed_after_all(tmp_path: Path) -> None:
    """Two persons did not believe it; later a plan may have it go."""
    engine = new_catalog(tmp_path)
    place(engine, 1, 2)
    disputed = digest_of(recording_id(1))
    for _ in range(2):
        with writing(engine) as connection:
            dispute(connection, [disputed])
            assert is_disputed(connection, 1, disputed)
            assert list(every_digest(connection)) == [digest_of(recording_id(2))]
    assert counted(engine) == SetHash().with_all([digest_of(recording_id(2))])
    place(engine, 1)

    assert counted(engine).members == 2
    with reading(engine) as connection:
        assert not is_disputed(connection, 1, disputed)
