"""Which recordings are meant by the id of a call or recording, and are served within a reach.

Conditions and ids alone. Knows nothing of grants, nor of what is told of a recording.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    func,
    select,
    true,
)

from archive.access.reach import Within
from archive.catalog.access.reach import REACHES_KEPT, within
from archive.catalog.access.use import moment
from archive.catalog.destruction.planned_recordings import is_under_way
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.tables.catalog import conversation, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ID_BYTES, ConversationId, RecordingId, TenantId

Kind = Literal["recording", "call"]
_T = TypeVar("_T")

_OWN: Final[BindParameter[bytes]] = bindparam("own")


def kind_of(target: ConversationId | RecordingId) -> Kind:
    return "recording" if isinstance(target, RecordingId) else "call"


def is_meant(tenant: int, kind: Kind) -> ColumnElement[bool]:
    """The recording `:own`, or those of the conversation, by any name that it has had.

    Each key leads with the tenant.
    """
    if kind == "recording":
        return recording.c.id == _OWN
    named = select(func.coalesce(conversation.c.merged_into, conversation.c.row)).where(
        conversation.c.tenant == tenant, conversation.c.id == _OWN
    )
    return recording.c.conversation.in_(named)


def is_judged(tenant: int, kind: Kind) -> ColumnElement[bool]:
    """What is meant, else what has the next id: so that what is not there is worked out as well.

    Whether it is the one that is meant says `has_own_id`.
    """
    if kind == "recording":
        return recording.c.row == _next(tenant, recording, lambda next_: next_.c.row)
    return recording.c.conversation == _next(tenant, conversation, _call_of)


def has_own_id(tenant: int, kind: Kind) -> ColumnElement[bool]:
    """Whether what is judged is what is meant."""
    if kind == "recording":
        return recording.c.id == _OWN
    return _next(tenant, conversation, lambda next_: next_.c.id) == _OWN


def _next(
    tenant: int, table: Table, wanted: Callable[[FromClause], ColumnElement[_T]]
) -> ColumnElement[_T]:
    """Of the row of `:own`, else of the next id; behind the last one comes the first."""
    by_id = table.alias()
    in_order = select(wanted(by_id)).where(by_id.c.tenant == tenant).order_by(by_id.c.id).limit(1)
    behind = in_order.where(by_id.c.id >= _OWN)
    # By the key, too: nothing says that a step without one ends at once.
    first = in_order.where(by_id.c.id >= bytes(ID_BYTES))
    return func.coalesce(behind.scalar_subquery(), first.scalar_subquery())


def _call_of(of: FromClause) -> ColumnElement[int]:
    return func.coalesce(of.c.merged_into, of.c.row)


def is_served(tenant: int) -> tuple[ColumnElement[bool], ...]:
    """Neither is it about to go, nor is its audio gone: of that a search alone tells."""
    return (recording.c.state != DESTROYED, ~is_under_way(tenant, recording.c.id))


class NamedRecording(NamedTuple):
    """A recording that an id means, whether or not it may be had."""

    recording: RecordingId
    is_served: bool


def meant_by(
    connection: Connection,
    tenant: TenantId,
    allowed: Within,
    target: ConversationId | RecordingId,
) -> tuple[NamedRecording, ...]:
    """What is there of a call or recording within a reach, oldest first, whatever its use.

    By one statement that does the same where there is none of it.
    """
    row = tenant_row(connection, tenant)
    judged = _judged(row, allowed.whole_reach.timeless, kind_of(target))
    found = connection.execute(judged, {"own": target.raw}).all()
    in_order = sorted(found, key=lambda one: (one.started_us, one.id))
    return tuple(
        NamedRecording(RecordingId(each.id), bool(each.served))
        for each in in_order
        if each.own and each.near
    )


def served(
    connection: Connection,
    tenant: TenantId,
    allowed: Within,
    target: ConversationId | RecordingId,
) -> tuple[RecordingId, ...]:
    """The ids of what may be had of a call or recording, oldest first."""
    row = tenant_row(connection, tenant)
    wanted = _ids(row, allowed.timeless, kind_of(target))
    found = connection.execute(wanted, {"own": target.raw, **moment(allowed)}).all()
    # Asked for in this order, SQLite would go through all of the tenant's to have them sorted.
    in_order = sorted(found, key=lambda one: (one.started_us, one.id))
    return tuple(RecordingId(one.id) for one in in_order)


@lru_cache(REACHES_KEPT)
def _judged(tenant: int, allowed: Within, kind: Kind) -> Select[tuple[object, ...]]:
    return select(
        recording.c.started_us,
        recording.c.id,
        has_own_id(tenant, kind).label("own"),
        and_(true(), *within(tenant, allowed)).label("near"),
        and_(*is_served(tenant)).label("served"),
    ).where(recording.c.tenant == tenant, is_judged(tenant, kind))


@lru_cache(REACHES_KEPT)
def _ids(tenant: int, allowed: Within, kind: Kind) -> Select[int, bytes]:
    return select(recording.c.started_us, recording.c.id).where(
        recording.c.tenant == tenant,
        is_meant(tenant, kind),
        *is_served(tenant),
        *within(tenant, allowed),
    )
