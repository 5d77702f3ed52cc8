"""Replays the archive into the index, from nothing, in one transaction.

Knows nothing of how parts are read. The register (journal, agents, users) is not touched.
"""

from collections.abc import Iterable

from sqlalchemy import Engine, delete

from archive.adoption import Adoption
from archive.catalog.engine import writing
from archive.catalog.indexing import index_part
from archive.catalog.tables import INDEX_TABLES
from archive.catalog.tenants import ensure_tenant
from archive.ids import PartName, TenantId


def rebuild(engine: Engine, parts: Iterable[Adoption]) -> int:
    """Delete the index and write it again from `parts`, in any order; returns how many there were.

    Until it returns, everybody sees the former index; if `parts` raises, it stays.
    """
    seen: set[tuple[TenantId, PartName]] = set()
    with writing(engine) as connection:
        for table in INDEX_TABLES:
            connection.execute(delete(table))
        for adoption in parts:
            key = (adoption.tenant, adoption.part_name)
            if key not in seen:
                seen.add(key)
                index_part(connection, ensure_tenant(connection, adoption.tenant), adoption)
    return len(seen)
