"""The integer that stands for a tenant inside the catalog.

Knows nothing of what belongs to the tenant.
"""

from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from archive.catalog.tables.catalog import tenant
from archive.ids import TenantId

# No row of `tenant` has it: whoever asks for an unknown tenant finds nothing.
NOBODY: Final = 0

_ROW: Final = select(tenant.c.row).where(tenant.c.id == bindparam("named"))


def tenant_row(connection: Connection, tenant_id: TenantId) -> int:
    """The row of a tenant, or `NOBODY`."""
    found = connection.scalar(_ROW, {"named": tenant_id.raw})
    return NOBODY if found is None else int(found)


def ensure_tenant(connection: Connection, tenant_id: TenantId) -> int:
    """The row of a tenant; made where it is missing."""
    found = tenant_row(connection, tenant_id)
    if found != NOBODY:
        return found
    made = insert(tenant).values(id=tenant_id.raw).returning(tenant.c.row)
    return int(connection.execute(made).scalar_one())


def tenants(connection: Connection) -> list[tuple[TenantId, int]]:
    rows = connection.execute(select(tenant.c.id, tenant.c.row).order_by(tenant.c.row))
    return [(TenantId(own), row) for own, row in rows]


def touch(connection: Connection, tenant_id: TenantId) -> None:
    """Change nothing, and wait for the disk as a change does: so nobody can tell both apart."""
    same = update(tenant).where(tenant.c.id == tenant_id.raw).values(id=tenant.c.id)
    connection.execute(same)
