"""Calls that seem to go with one, within the reach of who asks: found when asked, never stored.

By the index of outside numbers. Knows nothing of why two calls go together.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from archive.access.reach import Within
from archive.call.direction import UNKNOWN, Direction
from archive.catalog.access.grants import ReadGrant
from archive.catalog.access.reach import within
from archive.catalog.access.served_recordings import is_served
from archive.catalog.access.use import moment
from archive.catalog.database.rarity import rare
from archive.catalog.search.calls import select_recordings
from archive.catalog.tables.catalog import leg, leg_address, mark, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ConversationId, RecordingId
from archive.locate.inferred_links import (
    CALL_BACK_US,
    InferredLinks,
    LinkableCall,
    links_of,
    names_a_party,
)

# A number that has more calls within days is a switchboard's; the nearest of them are looked at.
MOST_LOOKED_AT: Final = 500
# No recording is longer than two days: what began earlier than that has ended.
_LONGEST_US: Final = 48 * 3_600 * 1_000_000

_Row = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCalls:
    """The links of a call, and the recordings by which they are known: those that are shown."""

    found: InferredLinks
    recordings: tuple[RecordingId, ...] = ()


def linked_calls(
    connection: Connection, own: Sequence[RecordingId], grant: ReadGrant
) -> LinkedCalls:
    """Which calls seem to go with the one whose recordings within reach these are.

    Of the other calls, too, nothing counts but what lies within the reach.
    """
    tenant, allowed = tenant_row(connection, grant.tenant), grant.access.within
    asked = recording.c.id.in_([each.raw for each in own])
    calls = _calls(connection, tenant, _rows(connection, tenant, allowed, asked))
    if len(calls) != 1 or not calls[0].call.parties:
        return LinkedCalls(found=InferredLinks())
    call = calls[0].call
    near = _near(connection, tenant, allowed, call)
    wanted = recording.c.conversation.in_(sorted(set(near[:MOST_LOOKED_AT])))
    others = _calls(connection, tenant, _rows(connection, tenant, allowed, wanted))
    found = links_of(call, (each.call for each in others))
    linked = {each.call.conversation for each in found.links}
    return LinkedCalls(
        found=InferredLinks(links=found.links, is_more=found.is_more or len(near) > MOST_LOOKED_AT),
        recordings=tuple(
            own for each in others if each.call.conversation in linked for own in each.recordings
        ),
    )


def _rows(
    connection: Connection, tenant: int, allowed: Within, wanted: ColumnElement[bool]
) -> Sequence[_Row]:
    """Those within the reach, oldest first."""
    found = select_recordings().where(
        recording.c.tenant == tenant,
        wanted,
        *is_served(tenant),
        *within(tenant, allowed.timeless),
    )
    rows = connection.execute(found, moment(allowed))
    return sorted(rows, key=lambda row: (row.started_us, row.id))


def _near(
    connection: Connection, tenant: int, allowed: Within, call: LinkableCall
) -> Sequence[int]:
    """The conversations of recordings with one of its outside numbers, the nearest first."""
    away_us = func.abs(recording.c.started_us - call.started_us)
    found = (
        select(recording.c.conversation, recording.c.row, away_us)
        .distinct()
        .join(leg_address, leg_address.c.recording == recording.c.row)
        .join(leg, leg.c.row == leg_address.c.leg)
        .where(
            leg_address.c.tenant == tenant,
            leg_address.c.reversed_digits.in_(sorted(call.parties)),
            leg_address.c.started_us.between(
                call.started_us - CALL_BACK_US - _LONGEST_US, call.ended_us + CALL_BACK_US
            ),
            leg_address.c.in_force == 1,
            leg.c.tenant + 0 == tenant,
            leg.c.side == "customer",
            # The number leads the way: `+ 0` keeps the recordings' own indexes out of it.
            recording.c.tenant + 0 == tenant,
            *is_served(tenant),
            *within(tenant, allowed.timeless),
        )
        .order_by(away_us, recording.c.row)
        .limit(MOST_LOOKED_AT + 1)
    )
    return [each.conversation for each in connection.execute(found, moment(allowed))]


@dataclass(slots=True)
class _Gathered:
    rows: list[_Row] = field(default_factory=list)
    parties: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)
    queues: set[str] = field(default_factory=set)
    extensions: set[str] = field(default_factory=set)

    def add(self, stay: _Row) -> None:
        digits = stay.reversed_digits or ""
        if stay.side == "customer" and names_a_party(digits):
            self.parties.add(digits)
        elif stay.side == "agent" and stay.agent_id:
            self.agents.add(stay.agent_id)
        elif stay.side == "agent" and digits:
            self.extensions.add(digits)


@dataclass(frozen=True, slots=True)
class _Call:
    call: LinkableCall
    recordings: tuple[RecordingId, ...]


def _calls(connection: Connection, tenant: int, rows: Sequence[_Row]) -> list[_Call]:
    gathered: defaultdict[bytes, _Gathered] = defaultdict(_Gathered)
    call_of = {row.row: gathered[row.conversation_id] for row in rows}
    for row in rows:
        call_of[row.row].rows.append(row)
    for stay in connection.execute(_stays(tenant, call_of)):
        call_of[stay.recording].add(stay)
    for each in connection.execute(_marks(tenant, call_of)):
        if each.kind == "queue":
            call_of[each.recording].queues.add(each.folded)
    return [_call(raw, told) for raw, told in gathered.items()]


def _stays(tenant: int, rows: Iterable[int]) -> Select[tuple[object, ...]]:
    at = leg_address.c
    # By its recording: no index leads from a leg to its addresses.
    own = (at.tenant == leg.c.tenant) & (at.recording == leg.c.recording)
    own &= (at.leg == leg.c.row) & (at.in_force == 1)
    return (
        select(leg.c.recording, leg.c.side, leg.c.agent_id, at.reversed_digits)
        .join_from(leg, leg_address, own, isouter=True)
        .where(leg.c.tenant == tenant, leg.c.recording.in_(sorted(rows)))
    )


def _marks(tenant: int, rows: Iterable[int]) -> Select[int, str, str]:
    """Of all kinds: asked for one, SQLite reads all that the tenant has of it."""
    own = (mark.c.tenant == recording.c.tenant) & rare(mark.c.recording == recording.c.row)
    return (
        select(mark.c.recording, mark.c.kind, mark.c.folded)
        .join_from(recording, mark, own)
        # `+ 0`: by their rows, not by all of the tenant.
        .where(recording.c.tenant + 0 == tenant, recording.c.row.in_(sorted(rows)))
    )


def _call(raw: bytes, told: _Gathered) -> _Call:
    known = (row.direction for row in told.rows if row.direction != UNKNOWN)
    direction: Direction = next(known, UNKNOWN)
    call = LinkableCall(
        conversation=ConversationId(raw),
        started_us=min(row.started_us for row in told.rows),
        ended_us=max(row.ended_us for row in told.rows),
        direction=direction,
        parties=frozenset(told.parties),
        agents=frozenset(told.agents),
        queues=frozenset(told.queues),
        extensions=frozenset(told.extensions),
    )
    return _Call(call, tuple(RecordingId(row.id) for row in told.rows))
