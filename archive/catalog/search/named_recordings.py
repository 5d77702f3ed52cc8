"""Recordings by their ids, as a search tells them: within a reach, none that is about to go.

Knows nothing of why they are asked for.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from archive.catalog.access.grants import SearchGrant
from archive.catalog.access.reach import within
from archive.catalog.access.served_recordings import is_served
from archive.catalog.access.use import moment
from archive.catalog.search.calls import FoundRecording, select_recordings, with_legs
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId

# Values of one statement.
_AT_ONCE: Final = 500


def recordings_named(
    connection: Connection, grant: SearchGrant, own: Sequence[RecordingId]
) -> Mapping[RecordingId, FoundRecording]:
    """Those of them that who asks may find."""
    tenant, allowed = tenant_row(connection, grant.tenant), grant.access.within
    found: dict[RecordingId, FoundRecording] = {}
    for at in range(0, len(own), _AT_ONCE):
        ids = [each.raw for each in own[at : at + _AT_ONCE]]
        wanted = select_recordings().where(
            recording.c.tenant == tenant,
            recording.c.id.in_(ids),
            *is_served(tenant),
            *within(tenant, allowed.timeless),
        )
        rows = connection.execute(wanted, moment(allowed)).all()
        found |= {each.recording: each for each in with_legs(connection, tenant, rows)}
    return found
