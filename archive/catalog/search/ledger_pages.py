"""Ledger pages as the catalog tells them: which there are, and where each lies; no recordings.

Each answer that leads to a file takes a grant. Knows nothing of the rows of the ledger.
"""

from sqlalchemy import Connection, Row, select

from archive.catalog.access.grants import ExportGrant, NotGranted, TraceGrant, VerifyGrant
from archive.catalog.destruction.planned_recordings import is_under_way
from archive.catalog.search.calls import StoredPart
from archive.catalog.tables.catalog import ledger_page, refused_call
from archive.catalog.tables.tenants import tenant_row
from archive.ids import KeyId, PageId, PartName, RecordingId, TenantId, is_id


def page_ids(connection: Connection, tenant: TenantId) -> tuple[PageId, ...]:
    """The ids of all the tenant's ledger pages, oldest first: a verification reads them too.

    Without what is no id.
    """
    own, row = ledger_page.c.id, tenant_row(connection, tenant)
    ids = connection.scalars(
        select(own)
        .where(ledger_page.c.tenant == row, ~is_under_way(row, own))
        .group_by(own)
        .order_by(own)
    )
    return tuple(PageId(raw) for raw in ids if is_id(raw))


def page_of(connection: Connection, tenant: TenantId, call_id: str) -> PageId | None:
    """The ledger page of the last call of that Call-ID that has no recording."""
    row = tenant_row(connection, tenant)
    found = connection.scalar(
        select(refused_call.c.page)
        .where(
            refused_call.c.tenant == row,
            refused_call.c.call_id == call_id,
            ~is_under_way(row, refused_call.c.page),
        )
        .order_by(refused_call.c.started_us.desc())
        .limit(1)
    )
    return None if found is None else PageId(found)


def stored_page(
    connection: Connection, page: PageId, grant: ExportGrant | TraceGrant | VerifyGrant
) -> tuple[StoredPart, ...]:
    """Where a page's parts lie, the latest generation of each; () where it is gone, or going."""
    if grant.target != str(page):
        raise NotGranted("the grant is for something else")
    row = tenant_row(connection, grant.tenant)
    rows = connection.execute(
        select(ledger_page)
        .where(
            ledger_page.c.tenant == row,
            ledger_page.c.id == page.raw,
            ~is_under_way(row, ledger_page.c.id),
        )
        .order_by(ledger_page.c.part, ledger_page.c.generation)
    )
    latest = {row.part: _part(row) for row in rows}
    return tuple(latest.values())


def _part(row: Row[tuple[object, ...]]) -> StoredPart:
    """Nothing was said in it that came as a packet."""
    return StoredPart(
        name=PartName(RecordingId(row.id), row.part, row.generation),
        key_id=KeyId(row.key_id),
        path=row.path,
        map_path=row.map_path,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        segments=row.segments,
        packets=0,
        first_us=row.first_us,
        last_us=row.last_us,
        end_reason=row.end_reason,
        is_last=bool(row.is_last),
    )
