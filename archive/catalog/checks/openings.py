"""Entries of the journal that open keys, by the ids under which the key daemon remembers them.

Questions only. Knows nothing of the key daemon.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, func, select

from archive.catalog.journal.entries import told_text
from archive.catalog.register.cells import is_readable
from archive.catalog.tables.catalog import journal, tenant
from archive.ids import TenantId, is_id


def told_by_opening(connection: Connection, openings: Sequence[bytes]) -> Mapping[bytes, bytes]:
    """What is to be told of those that there are, whosever, of at most some hundred ids.

    Of an entry that cannot be read nothing, which nobody was ever told.
    """
    return {
        row.opening: _told(row._asdict(), own)
        for number, own in _tenants(connection)
        for row in connection.execute(
            select(journal).where(journal.c.tenant == number, journal.c.opening.in_(openings))
        )
    }


def count_openings(connection: Connection) -> int:
    """How many entries there are that may open keys."""
    return sum(
        connection.scalar(
            select(func.count())
            .select_from(journal)
            .where(journal.c.tenant == number, journal.c.opening.is_not(None))
        )
        or 0
        for number, _ in _tenants(connection)
    )


def _told(line: Mapping[str, object], own: TenantId) -> bytes:
    return told_text(line, own) if is_readable(journal, line) else b""


def _tenants(connection: Connection) -> Iterator[tuple[int, TenantId]]:
    for number, raw in connection.execute(select(tenant.c.row, tenant.c.id)).all():
        if is_id(raw):
            yield number, TenantId(raw)
