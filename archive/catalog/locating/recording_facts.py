"""What the index says of recordings, as far as somebody may remember it: read for many at a time.

Knows nothing of rows of columns. Five questions for a batch, however many are in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from archive.call.event_values import is_guess
from archive.catalog.database.portions import portions
from archive.catalog.tables.catalog import (
    agent_period,
    leg,
    leg_address,
    leg_agent,
    mark,
    mention,
    recording,
)

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


def began_between(from_us: int, until_us: int) -> ColumnElement[bool]:
    """Recordings that began in a stretch of time."""
    return (recording.c.started_us >= from_us) & (recording.c.started_us < until_us)


def facts_of_rows(connection: Connection, tenant: int, rows: Iterable[int]) -> Facts:
    """Those of these rows that there are."""
    found: dict[int, RecordingFacts] = {}
    for some in portions(sorted(rows)):
        found |= facts_of(connection, tenant, recording.c.row.in_(some))
    return found


def facts_of(connection: Connection, tenant: int, which: ColumnElement[bool]) -> Facts:
    """All of a condition on recordings."""
    own = (recording.c.tenant == tenant, which)
    rows = connection.execute(select(*_OWN).where(*own))
    found = {row[0]: RecordingFacts(Own(*row)) for row in rows}

    def hanging(question: Select[Any]) -> Iterator[tuple[RecordingFacts, tuple[Any, ...]]]:
        for row, *values in connection.execute(question.where(*own)):
            yield found[row], tuple(values)

    for facts, values in hanging(_STAYS):
        facts.stays.append(Stay(*values))
    for facts, values in hanging(_ADDRESSES):
        facts.addresses.append(Address(*values))
    for facts, values in hanging(_MARKS):
        facts.marks.append(values)
    for facts, (digits,) in hanging(_DIALLED):
        facts.dialled.append(digits)
    for facts, (agent_id,) in hanging(_FORMER_AGENTS):
        facts.former_agents.append(agent_id)
    return found


def teams_of_periods(connection: Connection, tenant: int) -> Mapping[int, str]:
    """The team of each row of the table of agents, as roles reach it."""
    wanted = select(agent_period.c.row, agent_period.c.team_folded)
    rows = connection.execute(wanted.where(agent_period.c.tenant == tenant))
    return {row: team for row, team in rows if team}


_OWN: Final = (
    *(recording.c.row, recording.c.conversation, recording.c.started_us),
    *(recording.c.duration_ms, recording.c.held_ms, recording.c.direction),
)


def _of(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """What hangs on recordings, in the order in which it was written."""
    is_its = (table.c.tenant == recording.c.tenant) & (table.c.recording == recording.c.row)
    return (
        select(recording.c.row, *columns)
        .select_from(recording.join(table, is_its))
        .order_by(recording.c.row, table.c.row)
    )


_STAYS: Final = _of(
    leg,
    *(leg.c.row, leg.c.side, leg.c.side_because, leg.c.name, leg.c.agent_id, leg.c.agent_period),
)
_ADDRESSES: Final = _of(
    leg_address,
    *(leg_address.c.leg, leg_address.c.raw, leg_address.c.reversed_digits, leg_address.c.in_force),
)
_MARKS: Final = _of(mark, mark.c.kind, mark.c.folded).where(mark.c.kind.in_(_GROUPED))
_DIALLED: Final = (
    _of(mention, mention.c.folded)
    .where(mention.c.told_as == "dialled", mention.c.kind == "number")
    .order_by(mention.c.nth)
)
_FORMER_AGENTS: Final = _of(leg_agent, leg_agent.c.agent_id).where(leg_agent.c.in_force == 0)
