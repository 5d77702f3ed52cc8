"""Rows of columns as the index has them now: of a month, or of what a change reaches.

Knows nothing of who keeps them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from archive.catalog.locating.beside_calls import in_same_conversations, near_by_number
from archive.catalog.locating.changes import note_changes
from archive.catalog.locating.column_rows import RowMaking
from archive.catalog.locating.recording_facts import (
    Facts,
    facts_of_rows,
    teams_in,
    teams_of_periods,
)
from archive.catalog.tables.catalog import recording
from archive.locate.columns.flags import DIRECTIONS
from archive.locate.columns.source import Source, month_begin_us, months_of_us
from archive.locate.inferred_links import CALL_BACK_US

# Some MB of facts: more at a time, and Python goes through all of them again and again for what
# nobody has any more.
_AT_A_TIME: Final = 1_000
_LONGEST_US: Final = 2 * 86_400 * 1_000_000
_DECEMBER: Final = 12
_NEXT_YEAR: Final = 100 - 11


@dataclass(frozen=True, slots=True)
class ReachedRows:
    """All recordings whose rows may be other ones, and the rows that they have."""

    recordings: NDArray[np.int64]
    source: Source


def months_with_calls(connection: Connection, tenant: int) -> list[int]:
    """The months from the first recording to the last, newest first."""
    wanted = select(func.min(recording.c.started_us), func.max(recording.c.started_us))
    first, last = connection.execute(wanted.where(recording.c.tenant == tenant)).one()
    if first is None:
        return []
    begin, end = months_of_us(np.array([first, last])).tolist()
    months = [begin]
    while months[-1] < end:
        months.append(following(months[-1]))
    return months[::-1]


def following(month: int) -> int:
    return month + (_NEXT_YEAR if month % 100 == _DECEMBER else 1)


def month_rows(connection: Connection, tenant: int, month: int) -> Source:
    begin_us, end_us = month_begin_us(month), month_begin_us(following(month))
    making = RowMaking(teams_of_periods(connection, tenant))
    before = _began(connection, tenant, begin_us - CALL_BACK_US, begin_us, ("inbound",))
    behind = _began(connection, tenant, end_us, end_us + CALL_BACK_US, ("outbound",))
    for facts in _some(connection, tenant, before):
        making.add_beside(facts)
    for facts in _some(connection, tenant, behind):
        making.add_beside(facts)
    shared = _shared_conversations(connection, tenant, begin_us, end_us)
    for facts in _some(connection, tenant, _began(connection, tenant, begin_us, end_us)):
        parted = shared & {one.own.conversation for one in facts.values()}
        beside = in_same_conversations(connection, tenant, parted) - facts.keys()
        making.add({**facts, **facts_of_rows(connection, tenant, beside)}, facts)
    return making.source()


def _began(
    connection: Connection,
    tenant: int,
    from_us: int,
    until_us: int,
    directions: Collection[str] = tuple(DIRECTIONS),
) -> Sequence[int]:
    own = recording.c
    wanted = select(own.row, own.direction).where(
        own.tenant == tenant, own.started_us >= from_us, own.started_us < until_us
    )
    return sorted(row for row, direction in connection.execute(wanted) if direction in directions)


def _some(connection: Connection, tenant: int, rows: Sequence[int]) -> Iterator[Facts]:
    """Facts of many recordings, as many at a time as memory has room for."""
    for at in range(0, len(rows), _AT_A_TIME):
        yield facts_of_rows(connection, tenant, rows[at : at + _AT_A_TIME])


def _shared_conversations(
    connection: Connection, tenant: int, from_us: int, until_us: int
) -> frozenset[int]:
    """Conversations of more than one recording; no call is longer than two days."""
    own = recording.c
    near = own.started_us.between(from_us - _LONGEST_US, until_us + _LONGEST_US)
    wanted = select(own.conversation).where(own.tenant == tenant, near)
    several = wanted.group_by(own.conversation).having(func.count() > 1)
    return frozenset(connection.scalars(several))


def reached_rows(connection: Connection, tenant: int, changed: Iterable[int]) -> ReachedRows:
    """The rows of what changed and of what says something of it: conversations, call-backs.

    Of recordings that are gone there are none.
    """
    reached = set(changed)
    reached |= reach_of(connection, tenant, reached)
    facts = facts_of_rows(connection, tenant, reached)
    beside = _said_of(connection, tenant, facts) - reached
    both = {**facts, **facts_of_rows(connection, tenant, beside)}
    making = RowMaking(teams_in(connection, facts))
    making.add(both, facts)
    source = making.source()
    return ReachedRows(np.array(sorted(reached), np.int64), source)


def reach_of(connection: Connection, tenant: int, rows: Iterable[int]) -> set[int]:
    """Whose rows say something of these recordings: their conversations, who was called back."""
    return _said_of(connection, tenant, facts_of_rows(connection, tenant, rows))


def note_leaving(connection: Connection, tenant: int, row: int) -> None:
    """A recording is about to be removed: afterwards nobody knows whom that reaches."""
    reached = {row, *reach_of(connection, tenant, [row])}
    note_changes(connection, tenant, recording.c.row.in_(sorted(reached)))


def _said_of(connection: Connection, tenant: int, facts: Facts) -> set[int]:
    conversations = {one.own.conversation for one in facts.values()}
    near = near_by_number(connection, tenant, facts)
    return near | in_same_conversations(connection, tenant, conversations)
