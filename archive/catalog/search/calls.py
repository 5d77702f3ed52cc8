"""Recordings, legs and parts as the catalog tells them; each answer takes a grant.

Knows nothing of searching, nor of how audio is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    true,
)

from archive.access.reach import Within
from archive.call.direction import Direction
from archive.catalog.access.grants import (
    ExportGrant,
    Grant,
    ListenGrant,
    ReadGrant,
    Target,
    TraceGrant,
    VerifyGrant,
)
from archive.catalog.access.reach import REACHES_KEPT, covers, within
from archive.catalog.access.served_recordings import (
    Kind,
    has_own_id,
    is_judged,
    is_meant,
    is_served,
    kind_of,
    meant_by,
)
from archive.catalog.access.use import is_free, is_open, moment
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.search.found_legs import FoundLeg, found_legs
from archive.catalog.tables.catalog import FLAGS_JOINED, conversation, part, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ConversationId, KeyId, PartName, RecordingId, TenantId, is_id

_Row = Row[tuple[object, ...]]

_US_PER_MS: Final = 1_000
_TENANT: Final[BindParameter[int]] = bindparam("tenant")
_OWN: Final[BindParameter[bytes]] = bindparam("own")
_PARTS: Final = (
    select(part)
    .join_from(part, recording, part.c.recording == recording.c.row)
    .where(
        part.c.tenant == _TENANT,
        recording.c.tenant == _TENANT,
        recording.c.id == _OWN,
        part.c.lost == "",
    )
    .order_by(part.c.part, part.c.generation)
)


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
    """All that a reader needs to open a recording: its tenant, legs and parts in their order.

    Of parts those that the archive has; where it has none any more, `found.state` says why.
    """

    tenant: TenantId
    found: FoundRecording
    parts: tuple[StoredPart, ...]


class Sight(Enum):
    """What there is of a call for who asks; of several recordings the most that any of them is."""

    NOTHING = 0
    SUSPENDED = 1  # a measure stops its use
    RESTRICTED = 2  # it is kept for other purposes than the one that was stated
    UNCOVERED = 3  # it was made for other purposes
    COVERED = 4


def sight(connection: Connection, tenant: TenantId, allowed: Within, target: Target) -> Sight:
    """Whether a call or recording is there within a reach, and covered; tells nothing about it.

    What lies outside the reach and what is not there get the same answer by the same statement,
    which does the same for both: where nobody has the id another recording is judged in its place.
    """
    row = tenant_row(connection, tenant)
    seen = _seen(row, allowed.timeless, kind_of(target))
    found = connection.execute(seen, {"own": target.raw, **moment(allowed)})
    return max(map(_sight, found), key=lambda each: each.value, default=Sight.NOTHING)


def _sight(row: Row[bool, bool, bool, bool, bool]) -> Sight:
    if not (row.own and row.near):
        return Sight.NOTHING
    if not row.free:
        return Sight.SUSPENDED
    if not row.open:
        return Sight.RESTRICTED
    return Sight.COVERED if row.covered else Sight.UNCOVERED


def recordings_of(
    connection: Connection, tenant: TenantId, allowed: Within, target: Target
) -> tuple[RecordingId, ...]:
    """The ids of what is there of it within a reach, whatever it may be used for, oldest first."""
    meant = meant_by(connection, tenant, allowed, target)
    return tuple(each.recording for each in meant if each.is_served)


def is_of_call(
    connection: Connection, tenant: TenantId, call: ConversationId, own: RecordingId
) -> bool:
    """Whether a recording belongs to a call; tells nothing about either."""
    row = tenant_row(connection, tenant)
    named = select(func.coalesce(conversation.c.merged_into, conversation.c.row)).where(
        conversation.c.tenant == row, conversation.c.id == call.raw
    )
    found = select(recording.c.row).where(
        recording.c.tenant == row,
        recording.c.id == own.raw,
        recording.c.conversation.in_(named),
    )
    return connection.scalar(found) is not None


def named_target(
    connection: Connection, tenant: TenantId, allowed: Within, raw: bytes
) -> Target | None:
    """What somebody means by an id: a call, else a recording, else the call that it became part of.

    None where nothing within his reach has it.
    """
    row = tenant_row(connection, tenant)
    unmerged = select(conversation.c.row).where(
        conversation.c.tenant == row,
        conversation.c.id == raw,
        conversation.c.merged_into.is_(None),
    )
    is_call = connection.scalar(unmerged) is not None
    targets: tuple[Target, ...] = (RecordingId(raw), ConversationId(raw))
    # Both are looked at, and in this order, whichever it is: else the order would tell.
    seen = [each for each in targets if _is_there(connection, tenant, allowed, each)]
    return next(reversed(seen) if is_call else iter(seen), None)


def lasted_ms(
    connection: Connection, tenant: TenantId, allowed: Within, call: ConversationId
) -> int | None:
    """How long a call's recordings last, with what lies between; None where there is none of it.

    Within the reach, whatever the purpose: a bound for what is asked, not an answer.
    """
    row = tenant_row(connection, tenant)
    lasted = select(func.min(recording.c.started_us), func.max(recording.c.ended_us)).where(
        recording.c.tenant == row, is_meant(row, "call"), *within(row, allowed.whole_reach)
    )
    begin_us, end_us = connection.execute(lasted, {"own": call.raw}).one()
    return None if begin_us is None else (end_us - begin_us) // _US_PER_MS


def _is_there(connection: Connection, tenant: TenantId, allowed: Within, target: Target) -> bool:
    return sight(connection, tenant, allowed, target) is not Sight.NOTHING


def read_call(
    connection: Connection, target: Target, grant: ReadGrant
) -> tuple[FoundRecording, ...]:
    """The recordings of a call (or the one asked for), oldest first; () where it is gone."""
    grant.require(target)
    return _recordings(connection, grant, target)


def stored(
    connection: Connection,
    target: Target,
    grant: ReadGrant | ListenGrant | ExportGrant | TraceGrant | VerifyGrant,
) -> tuple[StoredRecording, ...]:
    """Where the audio of a call (or of one recording) lies; () where it is gone.

    Under a grant that opens keys: of the recordings that its entry names alone.
    """
    grant.require(target)
    return tuple(
        StoredRecording(
            tenant=grant.tenant, found=found, parts=_parts(connection, grant, found.recording)
        )
        for found in _recordings(connection, grant, target)
        if isinstance(grant, ReadGrant) or found.recording in grant.line.entry.shown
    )


def not_lost(recordings: Sequence[StoredRecording]) -> Sequence[StoredRecording]:
    """Those of a call of which the archive has anything; all of them where it has nothing."""
    return [each for each in recordings if each.parts] or recordings


def is_any_recorded(connection: Connection) -> bool:
    return connection.scalar(select(func.min(recording.c.row))) is not None


def everything(connection: Connection, tenant: TenantId) -> tuple[RecordingId, ...]:
    """The ids of all the tenant's recordings, oldest first: what a verification goes through.

    Without what is no id.
    """
    ids = connection.scalars(
        select(recording.c.id)
        .where(recording.c.tenant == tenant_row(connection, tenant), recording.c.state != DESTROYED)
        .order_by(recording.c.started_us, recording.c.id)
    )
    return tuple(RecordingId(raw) for raw in ids if is_id(raw))


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


@lru_cache(REACHES_KEPT)
def _seen(tenant: int, allowed: Within, kind: Kind) -> Select[bool, bool, bool, bool, bool]:
    covered = covers(tenant, allowed.purpose) if allowed.purpose else literal(value=True)
    near = and_(true(), *is_served(tenant), *within(tenant, allowed.whole_reach))
    # As columns, which are all worked out: a condition that fails would spare the next one.
    return select(
        has_own_id(tenant, kind).label("own"),
        near.label("near"),
        covered.label("covered"),
        is_free(tenant, allowed.use).label("free"),
        is_open(tenant, allowed.use).label("open"),
    ).where(recording.c.tenant == tenant, is_judged(tenant, kind))


@lru_cache(REACHES_KEPT)
def _wanted(tenant: int, allowed: Within, kind: Kind) -> Select[tuple[object, ...]]:
    return select_recordings().where(
        recording.c.tenant == tenant,
        is_meant(tenant, kind),
        *is_served(tenant),
        *within(tenant, allowed),
    )


def _recordings(connection: Connection, grant: Grant, target: Target) -> tuple[FoundRecording, ...]:
    tenant = tenant_row(connection, grant.tenant)
    allowed = grant.access.within
    wanted = _wanted(tenant, allowed.timeless, kind_of(target))
    found = connection.execute(wanted, {"own": target.raw, **moment(allowed)})
    # Asked for in this order, SQLite would go through all of the tenant's to have them sorted.
    rows = sorted(found, key=lambda row: (row.started_us, row.id))
    return with_legs(connection, tenant, rows)


def _parts(connection: Connection, grant: Grant, own: RecordingId) -> tuple[StoredPart, ...]:
    tenant = tenant_row(connection, grant.tenant)
    rows = connection.execute(_PARTS, {"tenant": tenant, "own": own.raw})
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
