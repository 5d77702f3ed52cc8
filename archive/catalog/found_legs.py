"""Legs as the catalog tells them: who stayed, at which addresses and streams, as which agent.

Knows nothing of recordings, nor of who may ask.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, Table, func, select

from archive.catalog.tables import agent_period, leg, leg_address, leg_stream
from archive.legs import Decided, LegStream

_Row = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """An address as received, the number in it, and that in E.164 ("" where it is none)."""

    aor: str
    raw: str
    e164: str

    @property
    def shown(self) -> str:
        """As people write it."""
        return self.e164 or self.raw or self.aor


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAgent:
    """The agent in force, by what source and how surely; `attributed_by` "none" for nobody."""

    agent_id: str = ""
    name: str = ""
    attributed_by: str = "none"
    confidence: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWho:
    """Who stays: the client's id of the participant, the first of the names, all numbers."""

    participant: str = ""
    name: str = ""
    numbers: tuple[FoundNumber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLeg:
    """One participant's stay; times in µs since 1970 UTC.

    `instead_of` is the participant in whose place this one came, "" for none.
    """

    who: FoundWho
    decided: Decided
    streams: tuple[LegStream, ...]
    from_us: int
    until_us: int
    instead_of: str
    agent: FoundAgent

    @property
    def side(self) -> str:
        """Customer, agent or unknown."""
        return self.decided.side

    @property
    def number(self) -> FoundNumber:
        """The first number; an empty one where there is none."""
        return self.who.numbers[0] if self.who.numbers else _NO_NUMBER

    @property
    def label(self) -> str:
        """What people would call who stays; "" where nothing is known of him."""
        return self.agent.name or self.who.name or self.number.shown


_NO_NUMBER = FoundNumber(aor="", raw="", e164="")


def found_legs(
    connection: Connection, tenant: int, recordings: Sequence[int]
) -> Mapping[int, tuple[FoundLeg, ...]]:
    """The legs of each of these rows of `recording`, in the order in which they began."""
    numbers: defaultdict[int, list[FoundNumber]] = defaultdict(list)
    streams: defaultdict[int, list[LegStream]] = defaultdict(list)
    for row in connection.execute(_of(leg_address, tenant, recordings)):
        numbers[row.leg].append(FoundNumber(aor=row.aor, raw=row.raw, e164=row.e164))
    for row in connection.execute(_of(leg_stream, tenant, recordings)):
        streams[row.leg].append(LegStream(row.stream, row.way))
    found: dict[int, list[FoundLeg]] = {each: [] for each in recordings}
    for row in connection.execute(_legs(tenant, recordings)):
        who = FoundWho(participant=row.participant, name=row.name, numbers=tuple(numbers[row.row]))
        found[row.recording].append(_leg(row, who, tuple(streams[row.row])))
    return {row: tuple(legs) for row, legs in found.items()}


def _of(table: Table, tenant: int, recordings: Sequence[int]) -> Select[tuple[object, ...]]:
    return (
        select(table)
        .where(table.c.tenant == tenant, table.c.recording.in_(recordings))
        .order_by(table.c.row)
    )


def _legs(tenant: int, recordings: Sequence[int]) -> Select[tuple[object, ...]]:
    return (
        select(leg, func.coalesce(agent_period.c.name, "").label("agent_name"))
        .join_from(leg, agent_period, leg.c.agent_period == agent_period.c.row, isouter=True)
        .where(leg.c.tenant == tenant, leg.c.recording.in_(recordings))
        .order_by(leg.c.from_us, leg.c.row)
    )


def _leg(row: _Row, who: FoundWho, streams: tuple[LegStream, ...]) -> FoundLeg:
    return FoundLeg(
        who=who,
        decided=Decided(side=row.side, because=row.side_because),
        streams=streams,
        from_us=row.from_us,
        until_us=row.until_us,
        instead_of=row.instead_of,
        agent=FoundAgent(
            agent_id=row.agent_id,
            name=row.agent_name,
            attributed_by=row.attributed_by,
            confidence=row.confidence,
        ),
    )
