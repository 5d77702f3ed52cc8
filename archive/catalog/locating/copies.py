"""Copies of the index in columns: each says how far it is, and one that is silent is dropped.

So that a destruction is over only when no copy that answers has what was destroyed. Knows nothing
of where copies lie.
"""

from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from archive.catalog.tables.catalog import column_copy

# A process that was not heard of for so long is gone, or asleep: it begins anew before it answers.
SILENT_US: Final = 3_600 * 1_000_000


def register_copy(
    connection: Connection, tenant: int, copy: bytes, sequence: int, now_us: int
) -> None:
    """One that is begun anew, at a change; nothing of before is in it."""
    connection.execute(delete(column_copy).where(*_its(tenant, copy)))
    told = {"tenant": tenant, "id": copy, "sequence": sequence, "seen_us": now_us}
    connection.execute(insert(column_copy).values(**told))


def is_registered(connection: Connection, tenant: int, copy: bytes) -> bool:
    """Whether it was not dropped."""
    found = select(column_copy.c.row).where(*_its(tenant, copy))
    return connection.scalar(found) is not None


def report_copy(
    connection: Connection, tenant: int, copy: bytes, sequence: int, now_us: int
) -> bool:
    """It has all changes up to this one; False where it was dropped meanwhile."""
    told = update(column_copy).where(*_its(tenant, copy))
    done = connection.execute(told.values(sequence=sequence, seen_us=now_us))
    return done.rowcount > 0


def copies_behind(connection: Connection, tenant: int, sequence: int, now_us: int) -> int:
    """How many have not passed a change; those that are silent are dropped."""
    silent = (column_copy.c.tenant == tenant, column_copy.c.seen_us < now_us - SILENT_US)
    connection.execute(delete(column_copy).where(*silent))
    behind = (column_copy.c.tenant == tenant, column_copy.c.sequence < sequence)
    return connection.scalar(select(func.count()).select_from(column_copy).where(*behind)) or 0


def _its(tenant: int, copy: bytes) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column_copy.c.tenant == tenant, column_copy.c.id == copy
