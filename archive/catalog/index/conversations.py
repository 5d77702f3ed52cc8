"""Which conversation a recording belongs to: that of others about the same call.

Rules over rows (docs/siprec.md). Knows nothing of what a call is made of.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from archive.call.call_identity import JOINED_CALL
from archive.call.facts import RecordingFacts
from archive.catalog.index.inferred_calls import twins_of
from archive.catalog.tables.catalog import call_id, conversation, recording, told_id
from archive.ids import ID_BYTES, ConversationId, RecordingId

# Ids come round again: a call reference of a telephone system, a session id of a careless device.
NEAR_US: Final = 12 * 3_600 * 1_000_000
# No recording is longer than two days: what began earlier than that has ended.
_LONGEST_US: Final = 48 * 3_600 * 1_000_000
# More conversations than these share no id of one call; the others stay what they are.
MAX_MERGED: Final = 64
# What the client itself calls what belongs together, without a vendor's kind before it.
_OWN_NAMES: Final = frozenset({"group", "communication_session"})


@dataclass(frozen=True, slots=True)
class Joined:
    """The row of a recording's conversation, and whether that it belongs there is inferred.

    `unsure` are recordings that would say the same of themselves, or must not any more.
    """

    conversation: int
    is_inferred: bool = False
    unsure: tuple[int, ...] = ()


def join_conversation(
    connection: Connection, tenant: int, row: int, own: RecordingId, facts: RecordingFacts
) -> Joined:
    """The recording's conversation: that of all recordings near it that share an id.

    Of our own ids any recording's counts, of others those that the same source has given. Where
    they were of several conversations until now, these become one, under the name of the oldest;
    the names of the others still lead to it. A recording that shares none begins a conversation,
    named after its strongest id so that two keepers name it alike. One other recording of the same
    source, begun at the same time between the same two numbers, is of the same call as far as
    anybody can tell; of several nobody can.
    """
    found: list[int] = []
    for kind, value in facts.calls.joins:
        found += connection.scalars(_neighbours(kind), _near(tenant, row, facts, (kind, value)))
    near = list(dict.fromkeys(found))
    if not near:
        return _inferred(connection, tenant, row, own, facts)
    oldest, *others = _by_age(connection, tenant, near) if len(near) > 1 else near
    for other in others:
        _merge(connection, tenant, other, oldest)
    if facts.calls.joins:
        _remember(connection, tenant, named_by(facts.calls.joins[0], facts.source), oldest)
    return Joined(oldest)


def _inferred(
    connection: Connection, tenant: int, row: int, own: RecordingId, facts: RecordingFacts
) -> Joined:
    """That of its twin where it has just one; the older of the two names the call."""
    twins = twins_of(connection, tenant, row, facts)
    if len(twins) != 1:
        alone = _own_conversation(connection, tenant, row, own, facts)
        return Joined(alone, unsure=tuple(each.row for each in twins if each.is_inferred))
    (twin,) = twins
    unsure = () if twin.is_inferred else (twin.row,)
    if (twin.started_us, twin.recording) < (facts.started_us, own.raw):
        if facts.calls.joins:
            named = named_by(facts.calls.joins[0], facts.source)
            _remember(connection, tenant, named, twin.conversation)
        return Joined(twin.conversation, is_inferred=True, unsure=unsure)
    ours = _own_conversation(connection, tenant, row, own, facts)
    if twin.conversation != ours:
        _merge(connection, tenant, twin.conversation, ours)
    return Joined(ours, is_inferred=True, unsure=unsure)


def leave_conversation(connection: Connection, tenant: int, row: int, for_row: int) -> None:
    """Where nobody is left in a conversation, its name leads to the one that its last went to."""
    left = select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.conversation == row
    )
    if connection.scalar(left.limit(1)) is None:
        _merge(connection, tenant, row, for_row)


# Asked of every recording that comes, as is what makes one.
_NAMED: Final = select(conversation.c.row).where(
    conversation.c.tenant == bindparam("own_tenant"),
    conversation.c.id == bindparam("own_id", type_=conversation.c.id.type),
)
_NEW: Final = insert(conversation).returning(conversation.c.row)


def conversation_row(connection: Connection, tenant: int, own: ConversationId) -> int:
    """The row of the conversation of this name; made where it is missing."""
    known = connection.scalar(_NAMED, {"own_tenant": tenant, "own_id": own.raw})
    if known is not None:
        return int(known)
    return int(connection.execute(_NEW, {"tenant": tenant, "id": own.raw}).scalar_one())


def named_by(join: tuple[str, str], source: str) -> ConversationId:
    """The conversation that an id of a source names; another source's same id names another.

    What we have named ourselves is of no source.
    """
    kind, value = join
    source = "" if kind == JOINED_CALL else source
    named = value if kind in _OWN_NAMES else f"{kind} {value}"
    told = f"rokuon conversation 1\0{len(source)}\0{source}{named}".encode()
    return ConversationId(hashlib.sha256(told).digest()[:ID_BYTES])


def _own_conversation(
    connection: Connection, tenant: int, row: int, own: RecordingId, facts: RecordingFacts
) -> int:
    if facts.calls.joins:
        named = named_by(facts.calls.joins[0], facts.source)
        if _is_free(connection, tenant, row, named):
            return conversation_row(connection, tenant, named)
    alone = conversation_row(connection, tenant, ConversationId(own.raw))
    # It may have been part of another one until now: it leads nowhere but to itself again.
    connection.execute(
        update(conversation)
        .where(conversation.c.row == alone, conversation.c.merged_into.is_not(None))
        .values(merged_into=None)
    )
    return alone


# The conversations of recordings that were up within `NEAR_US` and have an id. Asked of every
# recording that comes: to put it together takes longer than to ask it.
_WITH_ID: Final = (
    select(recording.c.conversation)
    .distinct()
    .join(call_id, call_id.c.recording == recording.c.row)
    .where(
        call_id.c.tenant == bindparam("own_tenant"),
        call_id.c.folded == bindparam("own_folded"),
        call_id.c.kind == bindparam("own_kind"),
        told_id == bindparam("own_value"),
        call_id.c.started_us <= bindparam("until_us"),
        call_id.c.started_us >= bindparam("from_us"),
        recording.c.tenant == bindparam("own_tenant"),
        recording.c.row != bindparam("own_row"),
        recording.c.ended_us >= bindparam("began_us"),
    )
    .limit(MAX_MERGED)
)
_WITH_ID_OF_SOURCE: Final = _WITH_ID.where(recording.c.source == bindparam("own_source"))


def _neighbours(kind: str) -> Select[tuple[int]]:
    return _WITH_ID if kind == JOINED_CALL else _WITH_ID_OF_SOURCE


def _near(
    tenant: int, row: int, facts: RecordingFacts, join: tuple[str, str]
) -> dict[str, int | str]:
    kind, value = join
    return {
        "own_tenant": tenant,
        "own_row": row,
        "own_source": facts.source,
        "own_kind": kind,
        "own_value": value,
        "own_folded": value.casefold(),
        "from_us": facts.started_us - NEAR_US - _LONGEST_US,
        "until_us": facts.ended_us + NEAR_US,
        "began_us": facts.started_us - NEAR_US,
    }


def _by_age(connection: Connection, tenant: int, rows: list[int]) -> list[int]:
    """Conversations, the one first whose first recording is the oldest."""
    found = connection.execute(
        select(recording.c.started_us, recording.c.id, recording.c.conversation).where(
            recording.c.tenant == tenant, recording.c.conversation.in_(rows)
        )
    ).all()
    return list(dict.fromkeys(row.conversation for row in sorted(found)))


def _merge(connection: Connection, tenant: int, other: int, into: int) -> None:
    """All recordings and names of one conversation become another's.

    Copies hear of it by the recording that joins them: a change reaches its whole conversation.
    """
    connection.execute(
        update(recording)
        .where(recording.c.tenant == tenant, recording.c.conversation == other)
        .values(conversation=into)
    )
    connection.execute(
        update(conversation)
        .where(
            conversation.c.tenant == tenant,
            conversation.c.merged_into == other,
            conversation.c.row != into,
        )
        .values(merged_into=into)
    )
    connection.execute(
        update(conversation).where(conversation.c.row == other).values(merged_into=into)
    )


def _remember(connection: Connection, tenant: int, named: ConversationId, row: int) -> None:
    """This name leads to the conversation, unless it leads to one already."""
    taken = select(conversation.c.row).where(
        conversation.c.tenant == tenant, conversation.c.id == named.raw
    )
    if connection.scalar(taken) is None:
        connection.execute(
            insert(conversation).values(tenant=tenant, id=named.raw, merged_into=row)
        )


def _is_free(connection: Connection, tenant: int, row: int, named: ConversationId) -> bool:
    """Whether no other recording, of another day, has the conversation of this name."""
    known = connection.execute(
        select(conversation.c.row, conversation.c.merged_into).where(
            conversation.c.tenant == tenant, conversation.c.id == named.raw
        )
    ).first()
    if known is None:
        return True
    others = select(recording.c.row).where(
        recording.c.tenant == tenant,
        recording.c.conversation == known.row,
        recording.c.row != row,
    )
    return known.merged_into is None and connection.scalar(others.limit(1)) is None
