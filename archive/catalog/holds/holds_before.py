"""Which legal holds have had recordings: what is due is in none that still protects it.

Knows nothing of why it is due.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, select

from archive.catalog.tables.catalog import hold_recording
from archive.ids import RecordingId

_AT_ONCE: Final = 500


def holds_before(
    connection: Connection, tenant: int, own: Sequence[RecordingId]
) -> Mapping[RecordingId, tuple[int, ...]]:
    found: dict[RecordingId, tuple[int, ...]] = {}
    for at in range(0, len(own), _AT_ONCE):
        ids = [each.raw for each in own[at : at + _AT_ONCE]]
        wanted = select(hold_recording.c.recording, hold_recording.c.hold).where(
            hold_recording.c.tenant == tenant, hold_recording.c.recording.in_(ids)
        )
        for row in sorted(connection.execute(wanted), key=lambda row: int(row.hold)):
            own_id = RecordingId(row.recording)
            found[own_id] = (*found.get(own_id, ()), row.hold)
    return found
