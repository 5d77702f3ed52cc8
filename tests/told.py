"""What the journal tells, read past the application: every entry, however many there are.

A page of the journal ends at `MAX_PAGE`, and the time of an entry is what its writer's clock said:
what was written last is known by its place alone.
"""

from sqlalchemy import Connection, func, select

from archive.catalog.journal.entries import JournalEntry, entries
from archive.catalog.tables.catalog import journal
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, TenantId


def all_told(
    connection: Connection, tenant: TenantId = DEFAULT_TENANT, *, after: int = 0
) -> tuple[JournalEntry, ...]:
    """The tenant's entries behind the place `after`, in the order of writing."""
    found: list[JournalEntry] = []
    while page := entries(connection, tenant, after=found[-1].seq if found else after):
        found += page
    return tuple(found)


def last_place(connection: Connection, tenant: TenantId = DEFAULT_TENANT) -> int:
    """The place of the tenant's entry that was written last; 0: there is none."""
    of_tenant = journal.c.tenant == tenant_row(connection, tenant)
    return connection.scalar(select(func.max(journal.c.seq)).where(of_tenant)) or 0


def last_told(connection: Connection, tenant: TenantId = DEFAULT_TENANT) -> JournalEntry:
    """The tenant's entry that was written last."""
    (entry,) = entries(connection, tenant, after=last_place(connection, tenant) - 1)
    return entry
