"""Calls of which there is no recording, as far as a ranking asks of them: not recorded, destroyed.

Of those not recorded when, and a number; of those destroyed the hour. Knows nothing of scores.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from archive.access.reach import Reach, reaches
from archive.catalog.destruction.planned_recordings import is_under_way
from archive.catalog.destruction.tombstones import OF_RECORDINGS, remains_facts
from archive.catalog.locating.column_rows import why_hidden
from archive.catalog.tables.catalog import kept_facts, refused_call, refused_mention, tombstone
from archive.locate.columns.layout import NUMBER_BYTES

# The newest of each; of more a ranking says that there are more.
MOST_LOST: Final = 200_000
# What is shorter is an extension.
_OUTSIDE_DIGITS: Final = 7
_CALLER: Final = "caller"
Rows = NDArray[np.int64]


def _none() -> Rows:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRecorded:
    """By place: the row of `refused_call`, when it was, the outside number from its end.

    Which of the numbers that are told is the outside party's is a guess: the caller's, where that
    is no extension, else the longest.
    """

    rows: Rows = field(default_factory=_none)
    start_us: Rows = field(default_factory=_none)
    numbers: NDArray[np.bytes_] = field(default_factory=lambda: np.empty(0, f"S{NUMBER_BYTES}"))
    withheld: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """By place: the row of a tombstone, and the hour in which its recording began."""

    rows: Rows = field(default_factory=_none)
    hour_us: Rows = field(default_factory=_none)
    is_cut: bool = False


def not_recorded(connection: Connection, tenant: int, from_us: int, to_us: int) -> NotRecorded:
    """Those that began in a stretch of time, the newest first; of the whole tenant."""
    own = refused_call.c
    wanted = (
        select(own.row, own.page, own.serial, own.started_us, own.from_value)
        .where(own.tenant == tenant, own.started_us >= from_us, own.started_us < to_us)
        .where(~is_under_way(tenant, own.page))
        .order_by(own.started_us.desc(), own.page, own.serial)
        .limit(MOST_LOST + 1)
    )
    calls = connection.execute(wanted).all()
    told = _numbers(connection, tenant, from_us, to_us) if calls else {}
    some = calls[:MOST_LOST]
    numbers = [_outside(told.get((call.page, call.serial), ())) for call in some]
    hidden = [
        not number and why_hidden(call.from_value) is not None
        for call, number in zip(some, numbers, strict=True)
    ]
    return NotRecorded(
        rows=np.array([call.row for call in some], np.int64),
        start_us=np.array([call.started_us for call in some], np.int64),
        numbers=np.array(numbers, f"S{NUMBER_BYTES}"),
        withheld=np.array(hidden, np.bool_),
        is_cut=len(calls) > MOST_LOST,
    )


def _numbers(
    connection: Connection, tenant: int, from_us: int, to_us: int
) -> Mapping[tuple[bytes, int], Sequence[tuple[str, str]]]:
    """By call: as what each number is told, and its digits from the end."""
    own = refused_mention.c
    wanted = select(own.page, own.serial, own.told_as, own.folded).where(
        own.tenant == tenant, own.kind == "number", own.started_us.between(from_us, to_us)
    )
    found: defaultdict[tuple[bytes, int], list[tuple[str, str]]] = defaultdict(list)
    for page, serial, told_as, digits in connection.execute(wanted):
        found[page, serial].append((told_as, digits))
    return found


def _outside(told: Iterable[tuple[str, str]]) -> str:
    numbers = [(told_as, digits) for told_as, digits in told if len(digits) >= _OUTSIDE_DIGITS]
    best = max(numbers, key=lambda each: (each[0] == _CALLER, len(each[1])), default=("", ""))
    return best[1][:NUMBER_BYTES]


def gone(connection: Connection, tenant: int, reach: Reach, from_us: int, to_us: int) -> Gone:
    """Destroyed recordings within a reach whose hour lies in a stretch of time, newest first.

    Of which nothing is found any more: what is told of the others is found, or does not fit.
    """
    own = tombstone.c
    found = select(kept_facts.c.row).where(
        kept_facts.c.tenant == tenant, kept_facts.c.digest == own.digest
    )
    wanted = (
        select(own.row, own.hour_us, own.queues, own.teams, own.controllers)
        .where(own.tenant == tenant, own.hour_us >= from_us, own.hour_us < to_us)
        .where(own.scope.in_(OF_RECORDINGS), ~found.exists())
        .order_by(own.hour_us.desc(), own.row.desc())
        .limit(MOST_LOST + 1)
    )
    left = connection.execute(wanted).all()
    reached: dict[tuple[str, ...], bool] = {}
    for row in left:
        told = (row.queues, row.teams, row.controllers)
        if told not in reached:
            reached[told] = reaches(reach, remains_facts(*told))
    within = [row for row in left[:MOST_LOST] if reached[row.queues, row.teams, row.controllers]]
    return Gone(
        rows=np.array([row.row for row in within], np.int64),
        hour_us=np.array([row.hour_us for row in within], np.int64),
        is_cut=len(left) > MOST_LOST,
    )
