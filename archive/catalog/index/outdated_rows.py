"""Recordings and ledger pages whose rows are of an older form: made anew, or put aside by name.

One whose stored events cannot be read keeps nobody else waiting. Knows nothing of how rows are
made.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, select, update

from archive.catalog.database.database_errors import OF_ONE_CALL, is_away
from archive.catalog.index.derivation import derive_recording
from archive.catalog.index.page_rows import derive_page, mark_derived
from archive.catalog.locating.changes import note_change
from archive.catalog.retention.retention_classes import declassify
from archive.catalog.tables.catalog import ledger_page, recording, tenant as tenant_table
from archive.catalog.tables.derived_forms import ASIDE, FORM, SOONER
from archive.catalog.tables.stored_events import EventsUnread, add_bodies
from archive.ids import RecordingId

_NEVER_TRIED: Final = 0


def derive_or_put_aside(connection: Connection, tenant: int, row: int) -> None:
    """Derive one recording; where its events cannot be read its rows stay as they are."""
    try:
        derive_recording(connection, tenant, row)
    except EventsUnread:
        _put_aside(connection, tenant, row)


def _put_aside(connection: Connection, tenant: int, row: int) -> None:
    declassify(connection, tenant, row)
    connection.execute(update(recording).where(recording.c.row == row).values(derived=ASIDE))
    note_change(connection, tenant, row)


@dataclass(frozen=True, slots=True)
class Worked:
    """The rows of the recordings that were taken on, and how many pages."""

    recordings: tuple[int, ...]
    pages: int

    @property
    def count(self) -> int:
        """How many there were in all."""
        return len(self.recordings) + self.pages


def derive_stale(connection: Connection, tenant: int, limit: int) -> Worked:
    """Take on up to `limit` recordings and pages whose rows are of an older form."""
    found = _stale(tenant).order_by(recording.c.derived).limit(limit)
    stale = tuple(connection.scalars(found))
    for row in stale:
        _derive_alone(connection, tenant, row)
    pages = connection.scalars(_stale_pages(tenant).limit(limit - len(stale))).all()
    for page in pages:
        _derive_page_or_put_aside(connection, tenant, page)
    return Worked(stale, len(pages))


def _derive_alone(connection: Connection, tenant: int, row: int) -> None:
    """Whatever one of them is refused for, the others go on."""
    try:
        with connection.begin_nested():
            derive_or_put_aside(connection, tenant, row)
            # Those of before move into one row.
            add_bodies(connection, tenant, row, {})
    except OF_ONE_CALL as failed:
        if is_away(failed):
            raise
        _put_aside(connection, tenant, row)


def _derive_page_or_put_aside(connection: Connection, tenant: int, page: bytes) -> None:
    try:
        with connection.begin_nested():
            derive_page(connection, tenant, page)
    except OF_ONE_CALL as failed:
        if is_away(failed):
            raise
        mark_derived(connection, tenant, page, ASIDE)


def stale_tenants(connection: Connection) -> list[int]:
    """The rows of the tenants that have recordings or pages whose rows are of an older form."""
    return list(connection.scalars(_STALE_TENANTS))


def put_aside(connection: Connection) -> list[RecordingId]:
    """The recordings of all tenants whose stored events this version could not read."""
    return [
        RecordingId(each)
        for tenant in _tenants(connection)
        for each in connection.scalars(_aside(tenant).order_by(recording.c.id))
    ]


def try_again(connection: Connection) -> None:
    """Take what was put aside for stale: by another version, perhaps, that knows fewer events."""
    for tenant in _tenants(connection):
        for table in (recording, ledger_page):
            connection.execute(
                update(table)
                .where(table.c.tenant == tenant, table.c.derived == ASIDE)
                .values(derived=_NEVER_TRIED)
            )


def _tenants(connection: Connection) -> list[int]:
    return list(connection.scalars(select(tenant_table.c.row).order_by(tenant_table.c.row)))


def _stale(tenant: int | ColumnElement[int]) -> Select[int]:
    return select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.derived.between(SOONER, FORM - 1)
    )


def _stale_pages(tenant: int | ColumnElement[int]) -> Select[bytes]:
    return select(ledger_page.c.id).where(
        ledger_page.c.tenant == tenant, ledger_page.c.derived.between(SOONER, FORM - 1)
    )


def _stale_tenants() -> Select[int]:
    of = tenant_table.c.row
    return select(of).where(_stale(of).exists() | _stale_pages(of).exists()).order_by(of)


# Asked again and again for ever: to put it together takes as long as to ask it.
_STALE_TENANTS: Final = _stale_tenants()


def _aside(tenant: int) -> Select[bytes]:
    return select(recording.c.id).where(recording.c.tenant == tenant, recording.c.derived == ASIDE)
