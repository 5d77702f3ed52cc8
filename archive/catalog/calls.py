"""Recordings, legs and parts as the catalog tells them; each answer takes a grant.

Knows nothing of searching, nor of how audio is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from archive.catalog.found_legs import FoundLeg, found_legs
from archive.catalog.tables import FLAGS_JOINED, conversation, part, recording
from archive.catalog.tenants import tenant_row
from archive.direction import Direction
from archive.grants import ExportGrant, Grant, ListenGrant, ReadGrant, Target, VerifyGrant
from archive.ids import ConversationId, KeyId, PartName, RecordingId, TenantId

_Row = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecording:
    """One recording with its legs, in the order in which they began; times in µs UTC."""

    recording: RecordingId
    conversation: ConversationId
    source: str
    mode: str
    started_us: int
    ended_us: int
    duration_ms: int
    held_ms: int
    direction: Direction
    direction_because: str
    flags: tuple[str, ...]
    state: str
    legs: tuple[FoundLeg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """Where a part lies in the archive and which key opens it; the latest generation."""

    name: PartName
    key_id: KeyId
    path: str
    map_path: str
    size_bytes: int
    sha256: bytes
    segments: int
    packets: int
    first_us: int
    last_us: int
    end_reason: str
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecording:
    """All that a reader needs to open a recording: its tenant, legs and parts in their order."""

    tenant: TenantId
    found: FoundRecording
    parts: tuple[StoredPart, ...]


def exists(connection: Connection, tenant: TenantId, target: Target) -> bool:
    """Whether the tenant has this call or recording; tells nothing about it."""
    return connection.execute(_of(connection, tenant, target).limit(1)).first() is not None


def named_target(connection: Connection, tenant: TenantId, raw: bytes) -> Target | None:
    """What somebody means by an id: a call, else a recording, else the call that it became part of.

    None where nothing has it.
    """
    row = tenant_row(connection, tenant)
    unmerged = select(conversation.c.row).where(
        conversation.c.tenant == row,
        conversation.c.id == raw,
        conversation.c.merged_into.is_(None),
    )
    if connection.scalar(unmerged) is not None:
        return ConversationId(raw)
    targets: tuple[Target, ...] = (RecordingId(raw), ConversationId(raw))
    return next((each for each in targets if exists(connection, tenant, each)), None)


def read_call(
    connection: Connection, target: Target, grant: ReadGrant
) -> tuple[FoundRecording, ...]:
    """The recordings of a call (or the one asked for), oldest first; () where it is gone."""
    grant.require(target)
    return _recordings(connection, grant.tenant, target)


def stored(
    connection: Connection,
    target: Target,
    grant: ReadGrant | ListenGrant | ExportGrant | VerifyGrant,
) -> tuple[StoredRecording, ...]:
    """Where the audio of a call (or of one recording) lies; () where it is gone."""
    grant.require(target)
    return tuple(
        StoredRecording(
            tenant=grant.tenant, found=found, parts=_parts(connection, grant, found.recording)
        )
        for found in _recordings(connection, grant.tenant, target)
    )


def everything(connection: Connection, tenant: TenantId) -> tuple[RecordingId, ...]:
    """The ids of all the tenant's recordings, oldest first: what a verification goes through."""
    ids = connection.scalars(
        select(recording.c.id)
        .where(recording.c.tenant == tenant_row(connection, tenant))
        .order_by(recording.c.started_us, recording.c.id)
    )
    return tuple(RecordingId(raw) for raw in ids)


def select_recordings() -> Select[tuple[object, ...]]:
    """Recordings with their conversation's id; the caller adds conditions and order."""
    return select(recording, conversation.c.id.label("conversation_id")).join_from(
        recording, conversation, recording.c.conversation == conversation.c.row
    )


def with_legs(
    connection: Connection, tenant: int, rows: Sequence[_Row]
) -> tuple[FoundRecording, ...]:
    """Complete rows of `select_recordings` by their legs, in the same order."""
    legs = found_legs(connection, tenant, [row.row for row in rows])
    return tuple(_recording(row, legs[row.row]) for row in rows)


def _of(connection: Connection, tenant: TenantId, target: Target) -> Select[tuple[object, ...]]:
    row = tenant_row(connection, tenant)
    return select_recordings().where(recording.c.tenant == row, _is(row, target))


def _is(tenant: int, target: Target) -> ColumnElement[bool]:
    """The recording, or those of the conversation, by any name that it has had.

    Each key leads with the tenant.
    """
    if isinstance(target, RecordingId):
        return recording.c.id == target.raw
    named = select(func.coalesce(conversation.c.merged_into, conversation.c.row)).where(
        conversation.c.tenant == tenant, conversation.c.id == target.raw
    )
    return recording.c.conversation.in_(named)


def _recordings(
    connection: Connection, tenant: TenantId, target: Target
) -> tuple[FoundRecording, ...]:
    rows = connection.execute(_of(connection, tenant, target)).all()
    # Asked for in this order, SQLite would go through all of the tenant's to have them sorted.
    rows = sorted(rows, key=lambda row: (row.started_us, row.id))
    return with_legs(connection, tenant_row(connection, tenant), rows)


def _parts(connection: Connection, grant: Grant, own: RecordingId) -> tuple[StoredPart, ...]:
    tenant = tenant_row(connection, grant.tenant)
    rows = connection.execute(
        select(part)
        .join_from(part, recording, part.c.recording == recording.c.row)
        .where(part.c.tenant == tenant, recording.c.tenant == tenant, recording.c.id == own.raw)
        .order_by(part.c.part, part.c.generation)
    )
    latest = {row.part: _part(own, row) for row in rows}
    return tuple(latest.values())


def _part(own: RecordingId, row: _Row) -> StoredPart:
    return StoredPart(
        name=PartName(own, row.part, row.generation),
        key_id=KeyId(row.key_id),
        path=row.path,
        map_path=row.map_path,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        segments=row.segments,
        packets=row.packets,
        first_us=row.first_us,
        last_us=row.last_us,
        end_reason=row.end_reason,
        is_last=bool(row.is_last),
    )


def _recording(row: _Row, legs: tuple[FoundLeg, ...]) -> FoundRecording:
    return FoundRecording(
        recording=RecordingId(row.id),
        conversation=ConversationId(row.conversation_id),
        source=row.source,
        mode=row.mode,
        started_us=row.started_us,
        ended_us=row.ended_us,
        duration_ms=row.duration_ms,
        held_ms=row.held_ms,
        direction=row.direction,
        direction_because=row.direction_because,
        flags=tuple(flag for flag in row.flags.split(FLAGS_JOINED) if flag),
        state=row.state,
        legs=legs,
    )
