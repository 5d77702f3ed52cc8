"""Calls of which there is no recording, as far as a ranking asks of them: not recorded, destroyed.

Of those not recorded when, and a number; of those destroyed the hour. Knows nothing of scores.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, func, select

from archive.access.query import ALWAYS
from archive.access.reach import Reach, ReachFacts, reaches
from archive.catalog.database.plain_rows import plain_rows
from archive.catalog.destruction.planned_recordings import UNDER_WAY, is_under_way
from archive.catalog.destruction.tombstones import OF_RECORDINGS, remains_facts
from archive.catalog.tables.catalog import (
    index_identity,
    kept_facts,
    planned_recording,
    refused_call,
    refused_mention,
    tombstone,
)
from archive.locate.columns.flags import WHY
from archive.locate.columns.layout import NUMBER_BYTES
from archive.locate.ranking.asked import CodedNumbers
from archive.locate.withheld_numbers import why_hidden

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
    numbers: CodedNumbers = field(default_factory=CodedNumbers)
    flags: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    is_cut: bool = False

    def between(self, from_us: int, to_us: int) -> "NotRecorded":
        """Those that began in a stretch of time."""
        own = (self.start_us >= from_us) & (self.start_us < to_us)
        if own.all():
            return self
        return NotRecorded(
            rows=self.rows[own],
            start_us=self.start_us[own],
            numbers=CodedNumbers(self.numbers.distinct, self.numbers.codes[own]),
            flags=self.flags[own],
            is_cut=self.is_cut,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """By place: the row of a tombstone, the hour in which its recording began, and which of the
    `facts` a reach may name of it.
    """

    rows: Rows = field(default_factory=_none)
    hour_us: Rows = field(default_factory=_none)
    codes: Rows = field(default_factory=_none)
    facts: tuple[ReachFacts, ...] = ()
    is_cut: bool = False

    def within(self, reach: Reach, from_us: int, to_us: int) -> "Gone":
        """Those of a reach whose hour lies in a stretch of time."""
        reached = np.array([reaches(reach, each) for each in self.facts], np.bool_)
        own = (self.hour_us >= from_us) & (self.hour_us < to_us) & reached[self.codes]
        return Gone(rows=self.rows[own], hour_us=self.hour_us[own], is_cut=self.is_cut)


class _State(NamedTuple):
    """What tells whether anything has come or gone: of what goes a tombstone comes."""

    identity: bytes = b""
    going: int = 0
    tombstone: int | None = 0
    kept: int | None = 0
    call: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCalls:
    """All of a tenant, as they were at a state of its tables."""

    calls: NotRecorded = field(default_factory=NotRecorded)
    gone: Gone = field(default_factory=Gone)
    state: _State = field(default_factory=_State)

    def renewed(self, connection: Connection, tenant: int) -> "LostCalls":
        """As they are now; the same where nothing has come or gone since."""
        state = _State._make(connection.execute(_STATE, {"own_tenant": tenant}).one())
        if state == self.state:
            return self
        # Calls that are not recorded come more often than anything goes.
        is_same = state._replace(call=self.state.call) == self.state
        left = self.gone if is_same else _gone(connection, tenant)
        return LostCalls(calls=_not_recorded(connection, tenant), gone=left, state=state)


_GOING: Final = select(func.count()).where(
    planned_recording.c.tenant == bindparam("own_tenant"), planned_recording.c.stage.in_(UNDER_WAY)
)
# Of any tenant: that is known at once, and to read once more does no harm.
_LASTS: Final = [select(func.max(each.c.row)) for each in (tombstone, kept_facts, refused_call)]
_STATE: Final = select(
    *(each.scalar_subquery() for each in (select(index_identity.c.id), _GOING, *_LASTS))
)


def _not_recorded(connection: Connection, tenant: int) -> NotRecorded:
    """The newest first."""
    own = refused_call.c
    wanted = (
        select(own.row, own.started_us, own.page, own.serial, own.from_value)
        .where(own.tenant == tenant, own.started_us >= ALWAYS.start_us)
        .where(~is_under_way(tenant, own.page))
        .order_by(own.started_us.desc(), own.page, own.serial)
        .limit(MOST_LOST + 1)
    )
    calls = list(plain_rows(connection, wanted, {}))
    told = _numbers(connection, tenant) if calls else {}
    some = calls[:MOST_LOST]
    numbers = [told.get((page, serial), "") for _, _, page, serial, _ in some]
    why = [
        None if number else why_hidden(call[-1]) for call, number in zip(some, numbers, strict=True)
    ]
    return NotRecorded(
        rows=np.array([call[0] for call in some], np.int64),
        start_us=np.array([call[1] for call in some], np.int64),
        numbers=CodedNumbers.of(np.array(numbers, f"S{NUMBER_BYTES}")),
        flags=np.array([WHY[each] if each else 0 for each in why], np.uint8),
        is_cut=len(calls) > MOST_LOST,
    )


def _numbers(connection: Connection, tenant: int) -> Mapping[tuple[bytes, int], str]:
    """By call the outside party's, its digits from the end."""
    own = refused_mention.c
    wanted = (
        select(own.page, own.serial, own.told_as, own.folded)
        .where(own.tenant == tenant, own.kind == "number", own.started_us >= ALWAYS.start_us)
        .where(func.length(own.folded) >= _OUTSIDE_DIGITS)
    )
    best: dict[tuple[bytes, int], tuple[bool, int, str]] = {}
    for page, serial, told_as, digits in plain_rows(connection, wanted, {}):
        told = (told_as == _CALLER, len(digits), digits)
        known = best.get((page, serial))
        if known is None or told[:2] > known[:2]:
            best[page, serial] = told
    return {call: digits[:NUMBER_BYTES] for call, (_, _, digits) in best.items()}


def _gone(connection: Connection, tenant: int) -> Gone:
    """Of which nothing is found any more: what is told of the others is found, or does not fit."""
    own = tombstone.c
    found = select(kept_facts.c.row).where(
        kept_facts.c.tenant == tenant, kept_facts.c.digest == own.digest
    )
    wanted = (
        select(own.row, own.hour_us, own.queues, own.teams, own.controllers)
        .where(own.tenant == tenant, own.hour_us >= ALWAYS.start_us)
        .where(own.scope.in_(OF_RECORDINGS), ~found.exists())
        .order_by(own.hour_us.desc(), own.row.desc())
        .limit(MOST_LOST + 1)
    )
    left = list(plain_rows(connection, wanted, {}))
    some = left[:MOST_LOST]
    places: dict[tuple[str, str, str], int] = {}
    codes = [places.setdefault(each[2:], len(places)) for each in some]
    return Gone(
        rows=np.array([each[0] for each in some], np.int64),
        hour_us=np.array([each[1] for each in some], np.int64),
        codes=np.array(codes, np.int64),
        facts=tuple(remains_facts(*each) for each in places),
        is_cut=len(left) > MOST_LOST,
    )
