"""Whether an installation is declared one person's: then one word is enough, and says so for ever.

Knows nothing of who may declare it.
"""

from sqlalchemy import Connection, select

from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, append
from archive.catalog.journal.sealed_rows import believed, insert_row, update_rows
from archive.catalog.tables.catalog import one_person
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.ids import TenantId

TARGET = "installation"


def is_one_person_enough(connection: Connection, tenant: TenantId) -> bool:
    """Whether it is declared so now."""
    in_force = (
        one_person.c.tenant == tenant_row(connection, tenant),
        one_person.c.ended_us.is_(None),
    )
    rows = connection.execute(select(one_person).where(*in_force))
    return bool(believed(connection, one_person, rows))


def declare_one_person(connection: Connection, author: Author, proposal: int | None) -> None:
    """Let one person's word be enough: at the first start, or as two wanted; does it once."""
    if is_one_person_enough(connection, author.access.tenant):
        return
    insert_row(
        connection,
        one_person,
        tenant=ensure_tenant(connection, author.access.tenant),
        declared_us=author.access.at_us,
        proposal=proposal,
    )
    detail: dict[str, Detail] = {} if proposal is None else {"proposal": proposal}
    append(connection, author.entry("one_person_declared", TARGET, detail))


def end_one_person(connection: Connection, author: Author) -> None:
    """Let it take two again; nothing is done where it does already."""
    in_force = (
        one_person.c.tenant == tenant_row(connection, author.access.tenant),
        one_person.c.ended_us.is_(None),
    )
    if update_rows(connection, one_person, in_force, ended_us=author.access.at_us):
        append(connection, author.entry("one_person_ended", TARGET, {}))
