"""Which calls an id belongs to by which others know them: a Call-ID, a Session-ID, a vendor's.

Tells nothing of the calls but their own ids. Knows nothing of SIP.
"""

from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, Select, Text, bindparam, func, select

from archive.access.query import IdClue, QueryRefused
from archive.access.reach import Within
from archive.catalog.access.reach import REACHES_KEPT, within
from archive.catalog.access.use import moment
from archive.catalog.tables.catalog import call_id, conversation, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ConversationId, TenantId

# Whoever sees so many has given an id that names no call.
MAX_CALLS: Final = 20


def calls_known_by(
    connection: Connection, tenant: TenantId, allowed: Within, text: str
) -> tuple[ConversationId, ...]:
    """The calls with a recording of that id within a reach, newest first; at most `MAX_CALLS`.

    Where no call has it those of the next id are judged in its place, and left out.
    """
    try:
        wanted = IdClue(text).folded
    except QueryRefused:
        return ()
    known = _known(tenant_row(connection, tenant), allowed.timeless)
    found = connection.execute(known, {"wanted": wanted, **moment(allowed)})
    return tuple(
        ConversationId(raw) for raw in dict.fromkeys(each.id for each in found if each.own)
    )


@lru_cache(REACHES_KEPT)
def _known(tenant: int, allowed: Within) -> Select[tuple[object, ...]]:
    wanted, by_id = bindparam("wanted", type_=Text), call_id.alias()
    in_order = (
        select(by_id.c.folded).where(by_id.c.tenant == tenant).order_by(by_id.c.folded).limit(1)
    )
    next_ = in_order.where(by_id.c.folded >= wanted).scalar_subquery()
    # The first is asked for by the key, too: nothing says that a step without one ends at once.
    first = in_order.where(by_id.c.folded >= "").scalar_subquery()
    judged = func.coalesce(next_, first)
    return (
        select(conversation.c.id, (call_id.c.folded == wanted).label("own"))
        .join_from(call_id, recording, recording.c.row == call_id.c.recording)
        .join(conversation, conversation.c.row == recording.c.conversation)
        .where(call_id.c.tenant == tenant, call_id.c.folded == judged)
        .where(recording.c.tenant == tenant, conversation.c.tenant == tenant)
        .where(*within(tenant, allowed))
        .order_by(call_id.c.started_us.desc())
        .limit(MAX_CALLS)
    )
