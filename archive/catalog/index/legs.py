"""The legs of a recording as rows: who stayed, at which addresses and streams, as which agent.

Written anew each time; what was corrected stays findable. Knows nothing of events, nor of how sides
are decided.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Delete, Table, bindparam, delete, insert

from archive.call.callers import CalledBecause, CallParty
from archive.call.event_values import is_guess
from archive.call.events import Side
from archive.call.legs import Decided, LegAddress, LegFacts
from archive.catalog.index.attribution import Attribution
from archive.catalog.index.namings import let_unused_go, naming_row
from archive.catalog.tables.catalog import (
    leg,
    leg_address,
    leg_agent,
    leg_name,
    leg_naming,
    leg_stream,
)

Row = dict[str, int | str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerLeg:
    """What a leg was said to be before it was corrected: each is still found by it."""

    addresses: tuple[LegAddress, ...] = ()
    agents: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedLeg:
    """A leg with its side and agent in force, and what it is to the call, by what that is known."""

    facts: LegFacts
    decided: Decided
    attribution: Attribution
    party: CallParty = ""
    party_because: CalledBecause = ""
    former: FormerLeg = field(default_factory=FormerLeg)


def _deletion(table: Table) -> Delete:
    return delete(table).where(
        table.c.tenant == bindparam("own_tenant"), table.c.recording == bindparam("own_row")
    )


# Asked of every recording that comes: to put them together takes as long as to ask them.
_DELETIONS: Final = tuple(map(_deletion, (leg_name, leg_stream, leg_agent, leg_address, leg)))
_NEW: Final = insert(leg).returning(leg.c.row)
_NO_NAMING: Final = _deletion(leg_naming).returning(leg_naming.c.naming)


def write_legs(
    connection: Connection, tenant: int, row: int, started_us: int, legs: Sequence[IndexedLeg]
) -> None:
    """Put these legs in the place of those that the recording had."""
    those = {"own_tenant": tenant, "own_row": row}
    before = set(connection.scalars(_NO_NAMING, those))
    for deletion in _DELETIONS:
        connection.execute(deletion, those)
    own: Row = {"tenant": tenant, "recording": row}
    began: Row = own | {"started_us": started_us}
    numbered = [(_insert(connection, began | _leg(each)), each) for each in legs]
    rows = {
        leg_address: [began | at | each for at, one in _of(numbered) for each in _addresses(one)],
        leg_agent: [began | at | each for at, one in _of(numbered) for each in _agents(one)],
        leg_stream: [own | at | each for at, one in _of(numbered) for each in _streams(one)],
        leg_naming: [
            began | at | each
            for at, one in _of(numbered)
            for each in _named(one, naming_row(connection, tenant, one.facts.names))
        ],
    }
    for table, values in rows.items():
        if values:
            connection.execute(insert(table), values)
    let_unused_go(connection, tenant, before)


def _of(numbered: Sequence[tuple[int, IndexedLeg]]) -> Iterator[tuple[Row, IndexedLeg]]:
    return (({"leg": row}, each) for row, each in numbered)


def _insert(connection: Connection, values: Row) -> int:
    return int(connection.execute(_NEW, values).scalar_one())


def _leg(each: IndexedLeg) -> Row:
    facts, agent = each.facts, each.attribution
    return {
        "participant": facts.participant,
        "instead_of": facts.instead_of,
        "side": each.decided.side,
        "side_because": each.decided.because,
        "party": each.party,
        "party_because": each.party_because,
        "name": facts.names[0][0] if facts.names else "",
        "from_us": facts.from_us,
        "until_us": facts.until_us,
        "agent_id": agent.agent_id,
        "agent_period": agent.period,
        "attributed_by": agent.by,
        "confidence": agent.confidence,
    }


def _addresses(each: IndexedLeg) -> Iterator[Row]:
    yield from (_address(at, 1) for at in each.facts.addresses)
    yield from (_address(at, 0) for at in each.former.addresses)


def _address(at: LegAddress, in_force: int) -> Row:
    return {
        "aor": at.aor,
        "raw": at.number.raw,
        "e164": at.number.e164,
        "reversed_digits": at.number.reversed_digits,
        "last4": at.number.last4,
        "in_force": in_force,
    }


def _agents(each: IndexedLeg) -> Iterator[Row]:
    """Whom somebody has named; of the others the leg itself tells."""
    now = each.attribution
    if now.by == "correction" and now.agent_id:
        yield {"agent_id": now.agent_id, "in_force": 1}
    for agent_id in each.former.agents:
        yield {"agent_id": agent_id, "in_force": 0}


def _streams(each: IndexedLeg) -> Iterator[Row]:
    return ({"stream": on.stream, "way": on.way} for on in each.facts.streams)


def _named(each: IndexedLeg, naming: int | None) -> Iterator[Row]:
    """A row for each side that the leg is or was on: a name on the wrong side is found there.

    Of a side that is a guess nobody can say that the name is not the other's.
    """
    if naming is None:
        return
    now: Side = "unknown" if is_guess(each.decided.because) else each.decided.side
    for side in dict.fromkeys((now, *each.former.sides)):
        yield {"side": side, "naming": naming}
