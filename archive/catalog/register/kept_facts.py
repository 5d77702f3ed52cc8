"""The register of facts that outlive audio: sealed copies, until when, by which keys.

Knows nothing of what is in a copy. A change is the caller's transaction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, Select, delete, insert, select

from archive.catalog.tables.catalog import kept_facts, recording
from archive.ids import KeyId, RecordingId, TenantId
from archive.lifecycle.kept_facts import FactsName
from archive.lifecycle.tombstone import digest_of

# What `recording.state` says of one of which only the facts are left.
DESTROYED: Final = "destroyed"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFacts:
    """A copy: whose, since when, until when (µs since 1970 UTC; None: no rule says), its bytes."""

    name: FactsName
    kept_us: int
    until_us: int | None
    sealed: bytes


def keep_facts(connection: Connection, tenant: int, copies: Sequence[SealedFacts]) -> None:
    """Write these down, in the place of earlier ones."""
    forget_facts(connection, tenant, [each.name.recording for each in copies])
    if copies:
        connection.execute(insert(kept_facts), [_row(tenant, each) for each in copies])


def forget_facts(connection: Connection, tenant: int, own: Sequence[RecordingId]) -> None:
    """Remove the copies of these."""
    raws = [each.raw for each in own]
    of_them = (kept_facts.c.tenant == tenant, kept_facts.c.recording.in_(raws))
    connection.execute(delete(kept_facts).where(*of_them))


def sealed_facts(connection: Connection, tenant: int, of_tenant: TenantId) -> Iterator[SealedFacts]:
    """Every copy of a tenant, oldest first."""
    behind = 0
    while rows := connection.execute(_page(tenant, behind)).all():
        yield from (_sealed(of_tenant, row) for row in rows)
        behind = rows[-1].row


def digests_of_facts(
    connection: Connection, tenant: int, digests: Sequence[bytes]
) -> frozenset[bytes]:
    """Those of these tombstones whose recordings are still found."""
    wanted = select(kept_facts.c.digest).where(
        kept_facts.c.tenant == tenant, kept_facts.c.digest.in_(digests)
    )
    return frozenset(connection.scalars(wanted))


def rows_of_facts(connection: Connection, tenant: int) -> tuple[int, ...]:
    """The rows of recordings of which only the facts are left."""
    # Joined, SQLite would rather look for a copy of every recording that there is.
    kept = select(kept_facts.c.recording).where(kept_facts.c.tenant == tenant)
    wanted = select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.id.in_(kept), recording.c.state == DESTROYED
    )
    return tuple(connection.scalars(wanted))


def _page(tenant: int, behind: int) -> Select[tuple[object, ...]]:
    own = (kept_facts.c.tenant == tenant, kept_facts.c.row > behind)
    return select(kept_facts).where(*own).order_by(kept_facts.c.row).limit(_AT_ONCE)


def _row(tenant: int, copy: SealedFacts) -> dict[str, object]:
    own = copy.name.recording
    return {
        "tenant": tenant,
        "recording": own.raw,
        "digest": digest_of(own),
        "key_id": copy.name.key.raw,
        "kept_us": copy.kept_us,
        "until_us": copy.until_us,
        "sealed": copy.sealed,
    }


def _sealed(tenant: TenantId, row: Row[tuple[object, ...]]) -> SealedFacts:
    return SealedFacts(
        name=FactsName(tenant, RecordingId(row.recording), KeyId(row.key_id)),
        kept_us=row.kept_us,
        until_us=row.until_us,
        sealed=row.sealed,
    )
