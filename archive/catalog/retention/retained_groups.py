"""Rows of recordings that a retention policy may have to judge one by one, and when calls ended.

Knows no policy.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, func, select

from archive.catalog.tables.catalog import recording, retention_class
from archive.ids import RecordingId

_AT_ONCE: Final = 5_000
_ENDED: Final = (
    recording.c.row,
    recording.c.id,
    recording.c.started_us,
    recording.c.ended_us,
    recording.c.size_bytes,
)


def span(connection: Connection, tenant: int) -> tuple[int, int] | None:
    """When the first and the last recording of any class ended; None where there is none."""
    ended = recording.c.ended_us
    first, last = (
        select(made)
        .where(
            recording.c.tenant == tenant,
            recording.c.retention_class == retention_class.c.row,
        )
        .scalar_subquery()
        for made in (func.min(ended), func.max(ended))
    )
    of_classes = select(first.label("first"), last.label("last")).where(
        retention_class.c.tenant == tenant
    )
    own = of_classes.subquery()
    found = connection.execute(select(func.min(own.c.first), func.max(own.c.last))).one()
    return None if found[0] is None else (int(found[0]), int(found[1]))


def joined_rows(connection: Connection, tenant: int) -> tuple[int, ...]:
    """Recordings that share their conversation with another one."""
    several = (
        select(recording.c.conversation)
        .where(recording.c.tenant == tenant)
        .group_by(recording.c.conversation)
        .having(func.count() > 1)
    )
    wanted = select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.conversation.in_(several)
    )
    return tuple(connection.scalars(wanted))


def all_rows(connection: Connection, tenant: int) -> tuple[int, ...]:
    return tuple(connection.scalars(select(recording.c.row).where(recording.c.tenant == tenant)))


def rows_of(
    connection: Connection, tenant: int, own: Sequence[RecordingId]
) -> Mapping[RecordingId, int]:
    """The rows of recordings that the index has."""
    found: dict[RecordingId, int] = {}
    for at in range(0, len(own), _AT_ONCE):
        ids = [each.raw for each in own[at : at + _AT_ONCE]]
        wanted = select(recording.c.id, recording.c.row).where(
            recording.c.tenant == tenant, recording.c.id.in_(ids)
        )
        found |= {RecordingId(row.id): row.row for row in connection.execute(wanted)}
    return found


class EndedRecording(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A recording of a class, when it began and ended, and the bytes of its files."""

    row: int
    recording: RecordingId
    started_us: int
    ended_us: int
    size_bytes: int


def ended_between(
    connection: Connection, tenant: int, of_classes: Sequence[int], within: range
) -> Iterator[EndedRecording]:
    """Recordings of these classes that ended within a time (µs since 1970 UTC)."""
    for at in range(0, len(of_classes), _AT_ONCE):
        wanted = select(*_ENDED).where(
            recording.c.tenant == tenant,
            recording.c.retention_class.in_(of_classes[at : at + _AT_ONCE]),
            recording.c.ended_us >= within.start,
            recording.c.ended_us < within.stop,
        )
        for row, own, started_us, ended_us, size_bytes in connection.execute(wanted):
            yield EndedRecording(
                row=row,
                recording=RecordingId(own),
                started_us=started_us,
                ended_us=ended_us,
                size_bytes=size_bytes,
            )
