"""The register's count of what must go and is in no plan, and of what has no end.

Kept from one walk over all recordings to the next. Knows nothing of how is judged or counted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, insert, select, update

from archive.catalog.tables.catalog import due_count, tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCount:
    """As of `at_us` (µs since 1970 UTC): of so many recordings so many must go, by reasons.

    `oldest_no_end_us` is when the oldest call began that has no end; None: there is none.
    """

    at_us: int
    recordings: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    no_end: int = 0
    oldest_no_end_us: int | None = None


def last_count(connection: Connection, tenant: int) -> DueCount | None:
    """The last one; None before the first."""
    row = connection.execute(select(due_count).where(due_count.c.tenant == tenant)).first()
    if row is None:
        return None
    return DueCount(
        at_us=row.at_us,
        recordings=row.recordings,
        reasons=json.loads(row.reasons),
        no_end=row.no_end,
        oldest_no_end_us=row.oldest_no_end_us,
    )


def write_count(connection: Connection, tenant: int, count: DueCount) -> None:
    """In the place of the last one."""
    values = {
        "at_us": count.at_us,
        "recordings": count.recordings,
        "reasons": json.dumps(dict(sorted(count.reasons.items()))),
        "no_end": count.no_end,
        "oldest_no_end_us": count.oldest_no_end_us,
    }
    known = update(due_count).where(due_count.c.tenant == tenant).values(values)
    if not connection.execute(known).rowcount:
        connection.execute(insert(due_count).values({**values, "tenant": tenant}))


def destroyed_behind(connection: Connection, tenant: int, row: int) -> tuple[int, int]:
    """How many tombstones of recordings there are behind a row, and the last row of them."""
    last, count = connection.execute(
        select(func.max(tombstone.c.row), func.count()).where(
            tombstone.c.tenant == tenant, tombstone.c.row > row, tombstone.c.scope != "ledger"
        )
    ).one()
    return (int(last or row), int(count))
