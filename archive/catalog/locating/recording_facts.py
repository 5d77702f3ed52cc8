"""What the index says of recordings, as far as somebody may remember it: read for many at a time.

Knows nothing of rows of columns. Five questions for a batch, however many are in it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select

from archive.call.event_values import is_guess
from archive.catalog.database.portions import AT_ONCE
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

    leg: int
    raw: str
    digits: str
    in_force: int


class Own(NamedTuple):
    """What a recording's own row says."""

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
    """Those of these rows that there are."""
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


def _facts(connection: Connection, tenant: int, rows: Sequence[int]) -> Facts:
    wanted = frozenset(rows)

    def asked(question: Select[Any], key: ColumnElement[int]) -> Iterator[Sequence[Any]]:
        own = key.between(rows[0], rows[-1]) if len(rows) > AT_ONCE else key.in_(rows)
        of_them = own if key is recording.c.row else rare(own)
        found = connection.execute(question.where(of_them), {"own_tenant": tenant}).all()
        return (row for row in found if row[0] in wanted)

    facts = {row[0]: RecordingFacts(Own(*row)) for row in asked(_OWN, recording.c.row)}
    for question, key, add in _HANGING:
        for row in asked(question, key):
            add(facts[row[0]], row)
    return facts


def teams_of_periods(connection: Connection, tenant: int) -> Mapping[int, str]:
    """The team of each row of the table of agents, as roles reach it."""
    wanted = select(agent_period.c.row, agent_period.c.team_folded)
    rows = connection.execute(wanted.where(agent_period.c.tenant == tenant))
    return {row: team for row, team in rows if team}


_OWN: Final = select(
    *(recording.c.row, recording.c.conversation, recording.c.started_us),
    *(recording.c.duration_ms, recording.c.held_ms, recording.c.direction),
).where(recording.c.tenant + 0 == bindparam("own_tenant"))  # by their rows, not all of the tenant


def _of(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """What hangs on recordings, in the order in which it was written."""
    of_tenant = table.c.tenant == bindparam("own_tenant")
    return select(table.c.recording, *columns).where(of_tenant).order_by(table.c.row)


_STAYS: Final = _of(
    leg,
    *(leg.c.row, leg.c.side, leg.c.side_because, leg.c.name, leg.c.agent_id, leg.c.agent_period),
)
_ADDRESSES: Final = _of(
    leg_address,
    *(leg_address.c.leg, leg_address.c.raw, leg_address.c.reversed_digits, leg_address.c.in_force),
)
# By recordings: asked for kinds, or in another order, SQLite would read all that the tenant has.
_MARKS: Final = (
    select(mark.c.recording, mark.c.kind, mark.c.folded)
    .join_from(
        recording,
        mark,
        (mark.c.tenant == recording.c.tenant) & rare(mark.c.recording == recording.c.row),
    )
    .where(recording.c.tenant + 0 == bindparam("own_tenant"))
    .order_by(mark.c.row)
)
_DIALLED: Final = _of(mention, mention.c.folded).where(
    mention.c.told_as == "dialled", mention.c.kind == "number"
)
_FORMER_AGENTS: Final = _of(leg_agent, leg_agent.c.agent_id).where(leg_agent.c.in_force == 0)


def _add_mark(facts: RecordingFacts, row: Sequence[Any]) -> None:
    if row[1] in _GROUPED:
        facts.marks.append((row[1], row[2]))


# What hangs on a recording: how it is asked, by which column, and where it goes.
_HANGING: Final[
    tuple[
        tuple[Select[Any], ColumnElement[int], Callable[[RecordingFacts, Sequence[Any]], None]], ...
    ]
] = (
    (_STAYS, leg.c.recording, lambda facts, row: facts.stays.append(Stay(*row[1:]))),
    (
        _ADDRESSES,
        leg_address.c.recording,
        lambda facts, row: facts.addresses.append(Address(*row[1:])),
    ),
    (_MARKS, recording.c.row, _add_mark),
    (_DIALLED, mention.c.recording, lambda facts, row: facts.dialled.append(row[1])),
    (_FORMER_AGENTS, leg_agent.c.recording, lambda facts, row: facts.former_agents.append(row[1])),
)
