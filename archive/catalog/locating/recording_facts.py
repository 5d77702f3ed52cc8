"""What the index says of recordings, as far as somebody may remember it: read for many at a time.

Knows nothing of rows of columns. Six questions for a batch, however many are in it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    select,
    true,
)

from archive.call.event_values import is_guess
from archive.catalog.database.portions import AT_ONCE, portions
from archive.catalog.database.rarity import rare
from archive.catalog.tables.catalog import (
    agent_period,
    leg,
    leg_address,
    leg_agent,
    mark,
    mention,
    recording,
)

# Read at once where they lie close together: so many, in a stretch not this much longer.
_CLOSE: Final = 4_000
_SPARSE: Final = 2
_GROUPED: Final = ("queue", "purpose", "controller")
_AGENT: Final = "agent"
_OURS: Final = frozenset({_AGENT, "node"})


class Stay(NamedTuple):
    """A leg, as far as it says who somebody was."""

    recording: int
    row: int
    side: str
    because: str
    name: str
    agent_id: str
    period: int | None

    @property
    def is_agent(self) -> bool:
        """One of ours, as far as anybody knows."""
        return self.side == _AGENT or self.period is not None or self.agent_id != ""

    @property
    def may_be_outside(self) -> bool:
        """A guess excludes nobody."""
        known = self.period is not None or self.agent_id != ""
        return self.side not in _OURS or (is_guess(self.because) and not known)


class Address(NamedTuple):
    """A number or address of a leg."""

    recording: int
    leg: int
    raw: str
    digits: str
    in_force: int


class Own(NamedTuple):
    row: int
    conversation: int
    started_us: int
    duration_ms: int
    held_ms: int
    direction: str


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """One recording; `dialled` has digits from the end, as the source told them."""

    own: Own
    stays: list[Stay] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    former_agents: list[str] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)


Facts = Mapping[int, RecordingFacts]


def facts_of_rows(connection: Connection, tenant: int, rows: Iterable[int]) -> Facts:
    found: dict[int, RecordingFacts] = {}
    for some in _stretches(sorted(rows)):
        found |= _facts(connection, tenant, some)
    return found


def _stretches(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many as lie close together, else as many as a statement can name."""
    at = 0
    while at < len(rows):
        some = rows[at : at + _CLOSE]
        if some[-1] - some[0] > _SPARSE * len(some):
            some = some[:AT_ONCE]
        yield some
        at += len(some)


def stays_of_rows(connection: Connection, tenant: int, rows: Iterable[int]) -> Iterator[Stay]:
    """Their legs alone."""
    for some in _stretches(sorted(rows)):
        yield from map(Stay._make, _asked(connection, tenant, some, _STAYS))


def _facts(connection: Connection, tenant: int, rows: Sequence[int]) -> Facts:
    own = _asked(connection, tenant, rows, _OWN)
    facts = {row[0]: RecordingFacts(Own._make(row)) for row in own}
    for name, question, made in _HANGING:
        lists = {row: getattr(one, name) for row, one in facts.items()}
        for each in _asked(connection, tenant, rows, question):
            if each[0] in lists:
                lists[each[0]].append(made(each))
    return facts


def _asked(
    connection: Connection, tenant: int, rows: Sequence[int], question: "_Question"
) -> Iterator[Sequence[Any]]:
    wanted = frozenset(rows)
    told: dict[str, Any] = {"own_tenant": tenant, "from_row": rows[0], "to_row": rows[-1]}
    if not (is_near := len(rows) > AT_ONCE):
        told = {"own_tenant": tenant, "own_rows": rows}
    found = connection.execute(question.near if is_near else question.these, told).all()
    return (each for each in found if each[0] in wanted)


def teams_of_periods(connection: Connection, tenant: int) -> Mapping[int, str]:
    """The team of each row of the table of agents, as roles reach it."""
    wanted = select(agent_period.c.row, agent_period.c.team_folded)
    rows = connection.execute(wanted.where(agent_period.c.tenant == tenant))
    return {row: team for row, team in rows if team}


def teams_in(connection: Connection, facts: Facts) -> Mapping[int, str]:
    """The same of the rows that legs of these have: the table of a large centre is long."""
    stays = (stay for one in facts.values() for stay in one.stays)
    periods = {stay.period for stay in stays if stay.period is not None}
    own = agent_period.c
    return {
        row: team
        for some in portions(sorted(periods))
        for row, team in connection.execute(
            select(own.row, own.team_folded).where(own.row.in_(some))
        )
        if team
    }


_ALL: Final = true()


@dataclass(frozen=True, slots=True)
class _Question:
    """Of a stretch of recordings, and of these; put together once: that takes as long as to ask."""

    near: Select[Any]
    these: Select[Any]


def _of(table: Table, *columns: ColumnElement[Any], only: ColumnElement[bool] = _ALL) -> _Question:
    """What hangs on recordings, of each in the order of its writing: so an index has it.

    Of these by each recording: asked for what is wanted of them, SQLite would read all of that kind
    that the tenant has.
    """
    own = table.c
    hanging = and_(own.tenant == recording.c.tenant, rare(own.recording == recording.c.row))
    wanted = select(own.recording, *columns).where(only).order_by(own.recording, own.row)
    return _Question(
        near=wanted.where(own.tenant == _TENANT, rare(own.recording.between(*_STRETCH))),
        these=wanted.join_from(recording, table, hanging).where(*_THESE),
    )


_TENANT: Final[BindParameter[int]] = bindparam("own_tenant")
_STRETCH: Final[tuple[BindParameter[int], BindParameter[int]]] = (
    bindparam("from_row"),
    bindparam("to_row"),
)
# By their rows: `+ 0`, not by all of the tenant.
_THESE: Final = (
    recording.c.tenant + 0 == _TENANT,
    recording.c.row.in_(bindparam("own_rows", expanding=True)),
)
_FACTS: Final = select(
    *(recording.c.row, recording.c.conversation, recording.c.started_us),
    *(recording.c.duration_ms, recording.c.held_ms, recording.c.direction),
)
_OWN: Final = _Question(
    near=_FACTS.where(recording.c.tenant + 0 == _TENANT, recording.c.row.between(*_STRETCH)),
    these=_FACTS.where(*_THESE),
)
_STAYS: Final = _of(
    leg,
    *(leg.c.row, leg.c.side, leg.c.side_because, leg.c.name, leg.c.agent_id, leg.c.agent_period),
)
_ADDRESSES: Final = _of(
    leg_address,
    *(leg_address.c.leg, leg_address.c.raw, leg_address.c.reversed_digits, leg_address.c.in_force),
)
_MARKS: Final = _of(mark, mark.c.kind, mark.c.folded, only=mark.c.kind.in_(_GROUPED))
_DIALLED: Final = _of(
    mention,
    mention.c.folded,
    only=and_(mention.c.told_as == "dialled", mention.c.kind == "number"),
)
_FORMER_AGENTS: Final = _of(leg_agent, leg_agent.c.agent_id, only=leg_agent.c.in_force == 0)
# What hangs on a recording: where it goes, how it is asked, and as what it is kept.
_HANGING: Final[tuple[tuple[str, _Question, Callable[[Sequence[Any]], object]], ...]] = (
    ("stays", _STAYS, Stay._make),
    ("addresses", _ADDRESSES, Address._make),
    ("marks", _MARKS, itemgetter(1, 2)),
    ("dialled", _DIALLED, itemgetter(1)),
    ("former_agents", _FORMER_AGENTS, itemgetter(1)),
)
