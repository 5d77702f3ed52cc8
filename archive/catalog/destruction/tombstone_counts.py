"""Which tombstones there are, counted with each as it is placed, to compare with the keystore.

Knows nothing of the keystore. A change is the caller's transaction.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, delete, insert, select, update

from archive.catalog.tables.catalog import (
    disputed_tombstone,
    planned_recording,
    tenant as tenants,
    tombstone,
    tombstone_count,
)
from archive.set_hash import SetHash

# Digests that are in memory at once.
_AT_ONCE = 10_000


def count_tombstone(connection: Connection, tenant: int, digest: bytes) -> None:
    """Count one that was placed now, or that was disputed until now."""
    counts = tombstone_count.c
    found = connection.execute(
        select(counts.recordings, counts.total).where(counts.tenant == tenant).with_for_update()
    ).one_or_none()
    before = SetHash() if found is None else SetHash(members=found[0], total=found[1])
    now = before.with_all([digest])
    values = {"recordings": now.members, "total": now.total}
    if found is None:
        connection.execute(insert(tombstone_count).values(tenant=tenant, **values))
    else:
        connection.execute(update(tombstone_count).where(counts.tenant == tenant).values(**values))


def counted_tombstones(connection: Connection) -> SetHash:
    known = SetHash()
    for row in connection.execute(select(tombstone_count.c.recordings, tombstone_count.c.total)):
        known = known.joined(SetHash(members=row.recordings, total=row.total))
    return known


def digests_under_way(connection: Connection) -> tuple[bytes, ...]:
    """The digests of what may be destroyed by now and has no tombstone yet, of all tenants."""
    planned = planned_recording.c
    digests: list[bytes] = []
    # One by one: asked of all at once SQLite reads all that was ever planned.
    for tenant in connection.scalars(select(tenants.c.row).order_by(tenants.c.row)).all():
        found = select(planned.digest).where(
            planned.tenant == tenant, planned.stage.in_(("intended", "keyless"))
        )
        digests += connection.scalars(found.order_by(planned.row))
    return tuple(digests)


def every_digest(connection: Connection) -> Iterator[bytes]:
    """The digests of all tombstones that are counted, sorted."""
    of_it = (
        disputed_tombstone.c.tenant == tombstone.c.tenant,
        disputed_tombstone.c.digest == tombstone.c.digest,
    )
    wanted = (
        select(tombstone.c.digest)
        .where(~select(disputed_tombstone.c.row).where(*of_it).exists())
        .order_by(tombstone.c.digest)
    )
    for rows in connection.execute(wanted).partitions(_AT_ONCE):
        yield from (row.digest for row in rows)


def is_disputed(connection: Connection, tenant: int, digest: bytes) -> bool:
    """Whether two persons did not let it destroy anything."""
    row = disputed_tombstone.c
    wanted = select(row.row).where(row.tenant == tenant, row.digest == digest)
    return connection.scalar(wanted) is not None


def settle(connection: Connection, tenant: int, digest: bytes) -> None:
    """It is no longer disputed: what it says was destroyed."""
    row = disputed_tombstone.c
    connection.execute(delete(disputed_tombstone).where(row.tenant == tenant, row.digest == digest))
    count_tombstone(connection, tenant, digest)


def dispute(connection: Connection, digests: Iterable[bytes]) -> None:
    """Count anew without these."""
    for digest in digests:
        found = select(tombstone.c.tenant).where(tombstone.c.digest == digest)
        for tenant in connection.scalars(found).all():
            if not is_disputed(connection, tenant, digest):
                connection.execute(insert(disputed_tombstone).values(tenant=tenant, digest=digest))
    connection.execute(delete(tombstone_count))
    _count_anew(connection)


def _count_anew(connection: Connection) -> None:
    for tenant in connection.scalars(select(tombstone.c.tenant).distinct()).all():
        disputed = select(disputed_tombstone.c.digest).where(disputed_tombstone.c.tenant == tenant)
        rows = connection.scalars(
            select(tombstone.c.digest).where(
                tombstone.c.tenant == tenant, tombstone.c.digest.not_in(disputed)
            )
        )
        known = SetHash().with_all(rows)
        connection.execute(
            insert(tombstone_count).values(
                tenant=tenant, recordings=known.members, total=known.total
            )
        )
