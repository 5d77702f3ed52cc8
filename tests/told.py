"""What the journal tells, read past the application: every entry, however many there are.

A page of the journal ends at `MAX_PAGE`, and the time of an entry is what its writer's clock said:
what was written last is known by its place alone.
"""

from sqlalchemy import Connection, func, select

from archive.catalog.tables import journal
from archive.catalog.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, TenantId
from archive.journal import JournalEntry, entries


def all_told(connection: Connection, tenant: TenantId = DEFAULT_TENANT) -> tuple[JournalEntry, ...]:
    """The tenant's entries in the order of writing."""
    found: list[JournalEntry] = []
    while page := entries(connection, tenant, after=found[-1].seq if found else 0):
        found += page
    return tuple(found)


def last_told(connection: Connection, tenant: TenantId = DEFAULT_TENANT) -> JournalEntry:
    """The tenant's entry that was written last."""
    of_tenant = journal.c.tenant == tenant_row(connection, tenant)
    place = connection.scalar(select(func.max(journal.c.seq)).where(of_tenant)) or 0
    (entry,) = entries(connection, tenant, after=place - 1)
    return entry
