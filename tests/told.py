"""What the journal tells, read past the application: every entry, however many there are.

The time of an entry is what its writer's clock said: what was written last is known by its place
alone.
"""

from sqlalchemy import Connection, func, select

from archive.catalog.journal.entries import JournalEntry, entry_of, told_entries
from archive.catalog.tables.catalog import journal
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, TenantId


def all_told(
    connection: Connection, tenant: TenantId = DEFAULT_TENANT, *, after: int = 0
) -> tuple[JournalEntry, ...]:
    """The tenant's entries behind the place `after`, in the order of writing."""
    own = (journal.c.tenant == tenant_row(connection, tenant), journal.c.seq > after)
    rows = connection.execute(told_entries().where(*own).order_by(journal.c.seq))
    return tuple(entry_of(row, tenant) for row in rows)


def last_place(connection: Connection, tenant: TenantId = DEFAULT_TENANT) -> int:
    """The place of the tenant's entry that was written last; 0: there is none."""
    of_tenant = journal.c.tenant == tenant_row(connection, tenant)
    return connection.scalar(select(func.max(journal.c.seq)).where(of_tenant)) or 0


def last_told(connection: Connection, tenant: TenantId = DEFAULT_TENANT) -> JournalEntry:
    """The tenant's entry that was written last."""
    (entry,) = all_told(connection, tenant, after=last_place(connection, tenant) - 1)
    return entry
