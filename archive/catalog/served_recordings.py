"""Which recordings are meant by the id of a call or recording, and are served within a reach.

Conditions and ids alone. Knows nothing of grants, nor of what is told of a recording.
"""

from functools import lru_cache
from typing import Final, Literal

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, func, select

from archive.catalog.kept_facts import DESTROYED
from archive.catalog.planned_recordings import is_under_way
from archive.catalog.reach import REACHES_KEPT, within
from archive.catalog.tables import conversation, recording
from archive.catalog.tenants import tenant_row
from archive.catalog.use import moment
from archive.ids import ConversationId, RecordingId, TenantId
from archive.reach import Within

Kind = Literal["recording", "call"]

_OWN: Final[BindParameter[bytes]] = bindparam("own")


def kind_of(target: ConversationId | RecordingId) -> Kind:
    """What an id is of."""
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


def is_served(tenant: int) -> tuple[ColumnElement[bool], ...]:
    """Neither is it about to go, nor is its audio gone: of that a search alone tells."""
    return (recording.c.state != DESTROYED, ~is_under_way(tenant, recording.c.id))


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
def _ids(tenant: int, allowed: Within, kind: Kind) -> Select[int, bytes]:
    return select(recording.c.started_us, recording.c.id).where(
        recording.c.tenant == tenant,
        is_meant(tenant, kind),
        *is_served(tenant),
        *within(tenant, allowed),
    )
