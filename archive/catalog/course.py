"""The course of a call: who joined, left, was held or replaced another, and when.

Knows the index. Knows nothing of where the events come from.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from archive.catalog.calls import FoundRecording, read_call
from archive.catalog.tables import event, recording
from archive.catalog.tenants import tenant_row
from archive.events import ParticipantChanged, decode_event
from archive.grants import ReadGrant, Target
from archive.ids import RecordingId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingCourse:
    """A recording, and the changes of its participants in their order."""

    found: FoundRecording
    changes: tuple[ParticipantChanged, ...]


def read_course(
    connection: Connection, target: Target, grant: ReadGrant
) -> tuple[RecordingCourse, ...]:
    """The recordings of a call (or the one asked for), oldest first; () where it is gone."""
    tenant = tenant_row(connection, grant.tenant)
    return tuple(
        RecordingCourse(found=found, changes=_changes(connection, tenant, found.recording))
        for found in read_call(connection, target, grant)
    )


def _changes(
    connection: Connection, tenant: int, own: RecordingId
) -> tuple[ParticipantChanged, ...]:
    bodies = connection.scalars(
        select(event.c.body)
        .join(recording, recording.c.row == event.c.recording)
        .where(event.c.tenant == tenant, recording.c.tenant == tenant, recording.c.id == own.raw)
        .order_by(event.c.serial)
    )
    told = (decode_event(body) for body in bodies)
    return tuple(each for each in told if isinstance(each, ParticipantChanged))
