"""Which conversation a recording belongs to: that of others about the same call.

Rules over rows (docs/siprec.md). Knows nothing of what a call is made of.
"""

import hashlib
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from archive.catalog.tables import call_id, conversation, recording
from archive.facts import JOINED_CALL, RecordingFacts
from archive.ids import ID_BYTES, ConversationId, RecordingId

# Ids come round again: a call reference of a telephone system, a session id of a careless device.
NEAR_US: Final = 12 * 3_600 * 1_000_000
# What the client itself calls what belongs together, without a vendor's kind before it.
_OWN_NAMES: Final = frozenset({"group", "communication_session"})


def conversation_for(
    connection: Connection, tenant: int, row: int, own: RecordingId, facts: RecordingFacts
) -> ConversationId:
    """The conversation of the nearest recording that shares an id: one of our own, or one that the
    same source has given.

    The strongest id that is shared decides; both must be up, or over, within `NEAR_US` of each
    other. A recording that shares none begins a conversation, named after its strongest id so that
    two keepers name it alike.
    """
    for kind, value in facts.joins:
        near = connection.scalars(_neighbour(tenant, row, facts, kind, value)).first()
        if near is not None:
            return ConversationId(near)
    if not facts.joins:
        return ConversationId(own.raw)
    named = named_by(facts.joins[0], facts.source)
    return named if _is_free(connection, tenant, row, named) else ConversationId(own.raw)


def named_by(join: tuple[str, str], source: str) -> ConversationId:
    """The conversation that an id of a source names; another source's same id names another.

    What we have named ourselves is of no source.
    """
    kind, value = join
    source = "" if kind == JOINED_CALL else source
    named = value if kind in _OWN_NAMES else f"{kind} {value}"
    told = f"rokuon conversation 1\0{len(source)}\0{source}{named}".encode()
    return ConversationId(hashlib.sha256(told).digest()[:ID_BYTES])


def _neighbour(tenant: int, row: int, facts: RecordingFacts, kind: str, value: str) -> Select[Any]:
    near = (
        select(conversation.c.id)
        .join(recording, recording.c.conversation == conversation.c.row)
        .join(call_id, call_id.c.recording == recording.c.row)
        .where(
            call_id.c.tenant == tenant,
            call_id.c.folded == value.casefold(),
            call_id.c.kind == kind,
            call_id.c.value == value,
            call_id.c.started_us <= facts.ended_us + NEAR_US,
            recording.c.row != row,
            recording.c.ended_us >= facts.started_us - NEAR_US,
        )
        .order_by(call_id.c.started_us.desc(), recording.c.id)
        .limit(1)
    )
    return near if kind == JOINED_CALL else near.where(recording.c.source == facts.source)


def _is_free(connection: Connection, tenant: int, row: int, named: ConversationId) -> bool:
    """Whether no other recording, of another day, has the conversation of this name."""
    others = (
        select(recording.c.row)
        .join(conversation, recording.c.conversation == conversation.c.row)
        .where(
            recording.c.tenant == tenant,
            recording.c.row != row,
            conversation.c.tenant == tenant,
            conversation.c.id == named.raw,
        )
        .limit(1)
    )
    return connection.scalar(others) is None
