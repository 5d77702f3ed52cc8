"""Rows of columns as the index has them now: of a month, or of what a change reaches.

Knows nothing of who keeps them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from archive.catalog.locating.call_backs import (
    CALL_BACK_US,
    called_back,
    in_same_conversations,
    near_by_number,
)
from archive.catalog.locating.changes import note_changes
from archive.catalog.locating.column_rows import RowMaking
from archive.catalog.locating.recording_facts import (
    Facts,
    began_between,
    facts_of,
    facts_of_rows,
    teams_of_periods,
)
from archive.catalog.tables.catalog import recording
from archive.locate.columns.source import Source, month_begin_us, months_of_us

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
    """The next month."""
    return month + (_NEXT_YEAR if month % 100 == _DECEMBER else 1)


def month_rows(connection: Connection, tenant: int, month: int) -> Source:
    """All rows of a month."""
    begin_us, end_us = month_begin_us(month), month_begin_us(following(month))
    near = began_between(begin_us - CALL_BACK_US, end_us + CALL_BACK_US)
    facts = facts_of(connection, tenant, near)
    own = [row for row, one in facts.items() if begin_us <= one.own.started_us < end_us]
    return _made(connection, tenant, facts, own)


def reached_rows(connection: Connection, tenant: int, changed: Iterable[int]) -> ReachedRows:
    """The rows of what changed and of what says something of it: conversations, call-backs.

    Of recordings that are gone there are none.
    """
    reached = set(changed)
    reached |= reach_of(connection, tenant, reached)
    facts = facts_of_rows(connection, tenant, reached)
    beside = _said_of(connection, tenant, facts) - reached
    both = {**facts, **facts_of_rows(connection, tenant, beside)}
    source = _made(connection, tenant, both, list(facts))
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


def _made(connection: Connection, tenant: int, facts: Facts, wanted: list[int]) -> Source:
    making = RowMaking(teams_of_periods(connection, tenant))
    making.add(facts, wanted, called_back(facts.values()))
    return making.source()
