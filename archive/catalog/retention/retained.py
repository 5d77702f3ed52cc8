"""What decides how long recordings are kept, read from the index for many at a time.

Knows no policy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, func, select

from archive.access.reach import Within
from archive.catalog.access.reach import within
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.retention.retained_values import IndexRow, is_known, values_of
from archive.catalog.retention.told_events import days_told
from archive.catalog.tables.catalog import conversation, recording
from archive.ids import ConversationId, RecordingId
from archive.lifecycle.recording_values import NOTHING_TOLD, RetainedRecording, Values

# Conversations whose recordings are read by one statement of each kind.
_AT_ONCE: Final = 500


def _of(column: ColumnElement[int]) -> ColumnElement[bool]:
    return column.in_(bindparam("rows", expanding=True))


_TENANT: Final[BindParameter[int]] = bindparam("tenant")
_FOUND: Final = (
    select(recording, conversation.c.id.label("call"))
    .join_from(recording, conversation, conversation.c.row == recording.c.conversation)
    .where(recording.c.tenant == _TENANT, _of(recording.c.conversation))
    .order_by(recording.c.conversation, recording.c.row)
)


def retained_of(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> tuple[RetainedRecording, ...]:
    """All recordings of the conversations that these belong to, oldest row first."""
    wanted = select(recording.c.conversation).where(
        recording.c.tenant == tenant, recording.c.id.in_([each.raw for each in recordings])
    )
    calls = list(dict.fromkeys(connection.scalars(wanted)))
    return _retained(connection, tenant, calls)


def retained_at(
    connection: Connection, tenant: int, rows: Sequence[int]
) -> tuple[RecordingId, ...]:
    """The ids of recordings by their rows."""
    # By their rows: SQLite would rather read all of the tenant's than some hundred keys.
    own = (recording.c.tenant + 0 == tenant, recording.c.row.in_(rows))
    wanted = select(recording.c.id).where(*own)
    return tuple(RecordingId(each) for each in connection.scalars(wanted))


def reached_of(
    connection: Connection, tenant: int, own: Sequence[RecordingId], allowed: Within
) -> frozenset[RecordingId]:
    """Those that lie within a reach and are covered by its purpose."""
    wanted = select(recording.c.id).where(
        recording.c.tenant == tenant,
        recording.c.id.in_([each.raw for each in own]),
        *within(tenant, allowed),
    )
    return frozenset(RecordingId(each) for each in connection.scalars(wanted))


def call_place(connection: Connection, tenant: int, own: ConversationId) -> int:
    """The place of a conversation in the order of `retained_behind`; 0 where there is none."""
    wanted = select(conversation.c.row).where(
        conversation.c.tenant == tenant, conversation.c.id == own.raw
    )
    return int(connection.scalar(wanted) or 0)


def all_retained(connection: Connection, tenant: int) -> Iterator[tuple[RetainedRecording, ...]]:
    """Every recording of the tenant, in batches that divide no conversation."""
    after, batch = retained_behind(connection, tenant, 0)
    while after:
        yield batch
        after, batch = retained_behind(connection, tenant, after)


def retained_behind(
    connection: Connection, tenant: int, after: int
) -> tuple[int, tuple[RetainedRecording, ...]]:
    """The batch behind the place `after`, and the place behind which the next one is; 0: none."""
    wanted = {"tenant": tenant, "after": after, "most": _AT_ONCE}
    calls = list(connection.scalars(_CALLS, wanted))
    return (calls[-1], _retained(connection, tenant, calls)) if calls else (0, ())


def count_retained(connection: Connection, tenant: int) -> int:
    """How many recordings the tenant has."""
    wanted = select(func.count()).select_from(recording).where(recording.c.tenant == tenant)
    return int(connection.execute(wanted).scalar_one())


_CALLS: Final = (
    select(recording.c.conversation)
    .where(recording.c.tenant == _TENANT, recording.c.conversation > bindparam("after"))
    .distinct()
    .order_by(recording.c.conversation)
    .limit(bindparam("most"))
)


def _retained(
    connection: Connection, tenant: int, calls: Sequence[int]
) -> tuple[RetainedRecording, ...]:
    rows = connection.execute(_FOUND, {"tenant": tenant, "rows": list(calls)}).all()
    values = values_of(connection, tenant, rows)
    return _with_events(connection, tenant, [_recording(row, values[row.row]) for row in rows])


def _with_events(
    connection: Connection, tenant: int, found: Sequence[RetainedRecording]
) -> tuple[RetainedRecording, ...]:
    """With the days that were told of their keys."""
    told = days_told(connection, tenant, {key for each in found for key in each.event_keys})
    if not told:
        return tuple(found)
    return tuple(
        replace(each, told={key: told[key] for key in each.event_keys if key in told})
        for each in found
    )


def _recording(row: IndexRow, values: Values) -> RetainedRecording:
    """Of one whose parts are not all here, or whose rows are of an older form, nothing is known."""
    return RetainedRecording(
        recording=RecordingId(row.id),
        call=ConversationId(row.call),
        started_us=row.started_us,
        ended_us=row.ended_us if is_known(row) else None,
        size_bytes=row.size_bytes,
        values=values,
        told=NOTHING_TOLD,
        is_audio_gone=row.state == DESTROYED,
    )
