"""The journal: who did what to which recording, appended and never changed.

Knows nothing of who may do it, and keeps no whole telephone number: it outlives every erasure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy import Connection, insert, select

from archive.catalog.tables import journal
from archive.catalog.tenants import ensure_tenant, tenant_row
from archive.ids import TenantId

Action = Literal[
    "adopted",
    "searched",
    "read",
    "listened",
    "exported",
    "verified",
    "live_seen",
    "live_paused",
    "live_resumed",
    "live_started",
    "live_stopped",
    "live_told",
    "agents_imported",
    "user_added",
    "token_created",
    "token_revoked",
]
Detail = str | int | list[str]

# A page of the journal: what a terminal or a screen shows at once.
MAX_PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: `target` is an id or a name ("" for a search), `reason` why, as the actor says."""

    tenant: TenantId
    at_us: int
    actor: str
    action: Action
    target: str
    reason: str = ""
    detail: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An entry with its place in the journal."""

    seq: int
    entry: Entry


def append(connection: Connection, entry: Entry) -> int:
    """Write one entry in the caller's transaction; returns its place, which only grows."""
    seq: int = connection.execute(
        insert(journal)
        .values(
            tenant=ensure_tenant(connection, entry.tenant),
            at_us=entry.at_us,
            actor=entry.actor,
            action=entry.action,
            target=entry.target,
            reason=entry.reason,
            detail=json.dumps(dict(entry.detail), ensure_ascii=False, sort_keys=True),
        )
        .returning(journal.c.seq)
    ).scalar_one()
    return seq


def entries(
    connection: Connection, tenant: TenantId, *, after: int = 0, limit: int = MAX_PAGE
) -> tuple[JournalEntry, ...]:
    """The tenant's entries behind the place `after`, oldest first, at most `limit`."""
    rows = connection.execute(
        select(journal)
        .where(journal.c.tenant == tenant_row(connection, tenant), journal.c.seq > after)
        .order_by(journal.c.seq)
        .limit(min(limit, MAX_PAGE))
    )
    return tuple(
        JournalEntry(
            row.seq,
            Entry(
                tenant=tenant,
                at_us=row.at_us,
                actor=row.actor,
                action=row.action,
                target=row.target,
                reason=row.reason,
                detail=json.loads(row.detail),
            ),
        )
        for row in rows
    )
