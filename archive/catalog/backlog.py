"""The recordings whose rows are of an older form: made anew step by step, or put aside by name.

One whose stored events cannot be read keeps nobody else waiting. Knows nothing of how rows are
made.
"""

from typing import Final

from sqlalchemy import Connection, Select, select, update

from archive.catalog.derivation import derive_recording
from archive.catalog.forms import ASIDE, FORM, SOONER
from archive.catalog.stored_events import EventsUnread
from archive.catalog.tables import recording, tenant as tenant_table
from archive.ids import RecordingId

_NEVER_TRIED: Final = 0


def derive_or_put_aside(connection: Connection, tenant: int, row: int) -> None:
    """Derive one recording; where its events cannot be read its rows stay as they are."""
    try:
        derive_recording(connection, tenant, row)
    except EventsUnread:
        connection.execute(update(recording).where(recording.c.row == row).values(derived=ASIDE))


def derive_stale(connection: Connection, tenant: int, limit: int) -> int:
    """Take on up to `limit` recordings whose rows are of an older form; returns how many."""
    stale = connection.scalars(_stale(tenant).order_by(recording.c.derived).limit(limit)).all()
    for row in stale:
        derive_or_put_aside(connection, tenant, row)
    return len(stale)


def stale_tenants(connection: Connection) -> list[int]:
    """The rows of the tenants that have recordings whose rows are of an older form."""
    return [row for row in _tenants(connection) if connection.scalar(_stale(row).limit(1))]


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
        connection.execute(
            update(recording)
            .where(recording.c.tenant == tenant, recording.c.derived == ASIDE)
            .values(derived=_NEVER_TRIED)
        )


def _tenants(connection: Connection) -> list[int]:
    return list(connection.scalars(select(tenant_table.c.row).order_by(tenant_table.c.row)))


def _stale(tenant: int) -> Select[int]:
    return select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.derived.between(SOONER, FORM - 1)
    )


def _aside(tenant: int) -> Select[bytes]:
    return select(recording.c.id).where(recording.c.tenant == tenant, recording.c.derived == ASIDE)
