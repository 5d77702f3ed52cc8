"""Legs as the catalog tells them: who stayed, at which addresses and streams, as which agent.

Knows nothing of recordings, nor of who may ask.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, bindparam, func, select

from archive.call.callers import CallParty
from archive.call.legs import Decided, LegStream
from archive.catalog.database.portions import portions
from archive.catalog.tables.catalog import agent_period, leg, leg_address, leg_agent, leg_stream

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
    """The agent in force, by what source and how surely; `attributed_by` "none" for nobody.

    `former_ids` are the agents whom a correction or a later table of agents has replaced,
    `former_names` what the table calls them as of the call ("" where it does not).
    """

    agent_id: str = ""
    name: str = ""
    attributed_by: str = "none"
    confidence: str = "none"
    former_ids: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWho:
    """Who stays: the client's id of the participant, the first of the names, all numbers.

    `former_numbers` are those that were corrected.
    """

    participant: str = ""
    name: str = ""
    numbers: tuple[FoundNumber, ...] = ()
    former_numbers: tuple[FoundNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundParty:
    """Whether who stays called or was called, and by what that is known; "" where it is not."""

    party: CallParty = ""
    because: str = ""


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
    called: FoundParty = FoundParty()

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
        return self.agent.name or self.agent.agent_id or self.who.name or self.number.shown


_NO_NUMBER = FoundNumber(aor="", raw="", e164="")


def _of(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.tenant == bindparam("tenant"),
        table.c.recording.in_(bindparam("recordings", expanding=True)),
    )


_HANGING: Final = tuple(
    select(each).where(_of(each)).order_by(each.c.row)
    for each in (leg_address, leg_stream, leg_agent)
)
_NAMES: Final[Select[tuple[object, ...]]] = (
    select(
        agent_period.c.agent_id,
        agent_period.c.name,
        agent_period.c.valid_from_us,
        agent_period.c.valid_to_us,
    )
    .where(
        agent_period.c.tenant == bindparam("tenant"),
        agent_period.c.agent_id.in_(bindparam("agents", expanding=True)),
    )
    .order_by(agent_period.c.row)
)
_LEGS: Final = (
    select(leg, func.coalesce(agent_period.c.name, "").label("agent_name"))
    .join_from(leg, agent_period, leg.c.agent_period == agent_period.c.row, isouter=True)
    .where(_of(leg))
    .order_by(leg.c.from_us, leg.c.row)
)


@dataclass(frozen=True, slots=True)
class _Hanging:
    numbers: Mapping[int, Sequence[_Row]]
    streams: Mapping[int, Sequence[_Row]]
    agents: Mapping[int, Sequence[_Row]]
    names: Mapping[str, Sequence[_Row]]

    def former_name(self, agent_id: str, at_us: int) -> str:
        """Of an agent at a time, else the last one that the table has."""
        every = self.names.get(agent_id, ())
        then = [each for each in every if each.valid_from_us <= at_us < each.valid_to_us]
        return str((then or every)[-1].name) if every else ""


def found_legs(
    connection: Connection, tenant: int, recordings: Sequence[int]
) -> Mapping[int, tuple[FoundLeg, ...]]:
    """The legs of each of these rows of `recording`, in the order in which they began."""
    wanted = {"tenant": tenant, "recordings": list(recordings)}
    numbers, streams, agents = (_by_leg(connection, each, wanted) for each in _HANGING)
    hanging = _Hanging(numbers, streams, agents, _former_names(connection, tenant, agents))
    found: dict[int, list[FoundLeg]] = {each: [] for each in recordings}
    for row in connection.execute(_LEGS, wanted).all():
        found[row.recording].append(_leg(row, hanging))
    return {row: tuple(legs) for row, legs in found.items()}


def _by_leg(
    connection: Connection, rows: Select[tuple[object, ...]], wanted: Mapping[str, object]
) -> Mapping[int, Sequence[_Row]]:
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in connection.execute(rows, wanted).all():
        found[row.leg].append(row)
    return found


def _former_names(
    connection: Connection, tenant: int, agents: Mapping[int, Sequence[_Row]]
) -> Mapping[str, Sequence[_Row]]:
    """Periods of those who are in force no more, by their ids, the newest last."""
    former = {each.agent_id for some in agents.values() for each in some if not each.in_force}
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for some in portions(sorted(former - {""})):
        for row in connection.execute(_NAMES, {"tenant": tenant, "agents": some}).all():
            found[row.agent_id].append(row)
    return found


def _leg(row: _Row, hanging: _Hanging) -> FoundLeg:
    numbers = hanging.numbers.get(row.row, ())
    agents = hanging.agents.get(row.row, ())
    former = tuple(each.agent_id for each in agents if not each.in_force)
    return FoundLeg(
        who=FoundWho(
            participant=row.participant,
            name=row.name,
            numbers=tuple(_number(each) for each in numbers if each.in_force),
            former_numbers=tuple(_number(each) for each in numbers if not each.in_force),
        ),
        decided=Decided(side=row.side, because=row.side_because),
        called=FoundParty(row.party, row.party_because),
        streams=tuple(LegStream(on.stream, on.way) for on in hanging.streams.get(row.row, ())),
        from_us=row.from_us,
        until_us=row.until_us,
        instead_of=row.instead_of,
        agent=FoundAgent(
            agent_id=row.agent_id,
            name=row.agent_name,
            attributed_by=row.attributed_by,
            confidence=row.confidence,
            former_ids=former,
            former_names=tuple(hanging.former_name(each, row.from_us) for each in former),
        ),
    )


def _number(row: _Row) -> FoundNumber:
    return FoundNumber(aor=row.aor, raw=row.raw, e164=row.e164)
