"""Tombstones: what is left of a destroyed recording, so that nothing brings it back.

Knows nothing of why a recording was destroyed: its entry in the journal says that.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from archive.catalog.tables import tombstone
from archive.errors import ArchiveError
from archive.ids import RecordingId
from archive.tombstone_digest import digest_of as digest_of


class RecordingDestroyed(ArchiveError):
    """A part came of a recording that was destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """Which recording (or ledger page) was destroyed, when (µs UTC), by which journal entry."""

    recording: RecordingId
    destroyed_us: int
    journal: int


def place_tombstone(connection: Connection, tenant: int, placed: Tombstone) -> None:
    """Write it down in the caller's transaction; the first stays, twice is as good as once."""
    if has_tombstone(connection, tenant, placed.recording):
        return
    connection.execute(
        insert(tombstone).values(
            tenant=tenant,
            digest=digest_of(placed.recording),
            destroyed_us=placed.destroyed_us,
            journal=placed.journal,
        )
    )


def has_tombstone(connection: Connection, tenant: int, own: RecordingId) -> bool:
    """Return whether the recording was destroyed, as far as this row of `tenant` is concerned."""
    known = select(tombstone.c.row).where(
        tombstone.c.tenant == tenant, tombstone.c.digest == digest_of(own)
    )
    return connection.scalar(known) is not None


def every_digest(connection: Connection) -> tuple[bytes, ...]:
    """Return the digests of all tenants' tombstones, oldest first."""
    return tuple(connection.scalars(select(tombstone.c.digest).order_by(tombstone.c.row)))


def refuse_destroyed(connection: Connection, tenant: int, own: RecordingId) -> None:
    """Raise `RecordingDestroyed` where it has a tombstone."""
    if has_tombstone(connection, tenant, own):
        raise RecordingDestroyed(f"{own} was destroyed")
