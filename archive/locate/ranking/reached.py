"""The rows of a month that lie within somebody's reach, counted by what they have.

Pure arrays. The counts are made once for each month and reach, and kept with the value.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.flags import TRANSFERRED
from archive.locate.columns.layout import DICTIONARY_OF
from archive.locate.columns.rows import MS_US, MonthRows
from archive.locate.columns.source import month_begin_us

Counts = NDArray[np.int64]
BIN_MS: Final = 300_000
LONGEST_MONTH_US: Final = 32 * 86_400_000_000
# Pairs of codes are counted in a table up to this, sorted above.
_MAX_TABLE: Final = 1 << 22
_BYTE: Final = 256
_SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")
# The newest rows are looked at so many at a time.
_AT_ONCE: Final = 1 << 13


@dataclass(frozen=True, slots=True)
class _Parts:
    """Recordings of calls with several agents, in order; which call each is of, from 0."""

    recordings: NDArray[np.int64]
    start_us: NDArray[np.int64]
    calls: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class ReachedMonth:
    """A file's rows; of each of its groups whether it is within reach.

    Worth keeping as long as nothing is written to the file. `allowed` says the same of each row
    number of a recording, where groups cannot tell.
    """

    month: int
    rows: MonthRows
    reached: NDArray[np.bool_]
    allowed: NDArray[np.bool_] | None = None

    @property
    def begin_us(self) -> int:
        """Of the month, UTC."""
        return month_begin_us(self.month)

    def touches(self, begin_us: int, end_us: int) -> bool:
        """Whether any moment between the two may be in the month."""
        return begin_us < self.begin_us + LONGEST_MONTH_US and end_us >= self.begin_us

    @cached_property
    def numbers(self) -> Counts:
        """Rows by code of the outside number."""
        return self._counted("number")

    @cached_property
    def agents(self) -> Counts:
        """Rows by code of the agent."""
        return self._counted("agent")

    @cached_property
    def lines(self) -> Counts:
        """Rows by code of the number of ours."""
        return self._counted("line")

    @cached_property
    def groups(self) -> Counts:
        """Rows by code of the group."""
        return self._counted("group")

    @cached_property
    def durations(self) -> Counts:
        """Rows by code of the length."""
        return self._counted("duration")

    @cached_property
    def flags(self) -> Counts:
        return self._counted("flags")

    def newest(self, most: int) -> NDArray[np.int64]:
        """The recordings of the newest rows within reach, no more than so many, newest first."""
        found, end = [np.empty(0, np.int64)], len(self.rows.columns["recording"])
        while end > 0 and sum(map(len, found)) < most:
            rows = np.arange(max(end - _AT_ONCE, 0), end)[::-1]
            found.append(self.rows.columns["recording"][rows[self.is_within(rows)]])
            end -= _AT_ONCE
        return np.concatenate(found)[:most]

    def has(self, recordings: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether any row of each of these is within reach."""
        first, marks = self._recordings
        own = recordings - first
        inside: NDArray[np.bool_] = (own >= 0) & (own < len(marks))
        inside[inside] = marks[own[inside]]
        return inside

    @cached_property
    def _recordings(self) -> tuple[int, NDArray[np.bool_]]:
        """The lowest number of one within reach, and from it on which are."""
        own = self._within(self.rows.columns["recording"])
        if not len(own):
            return 0, np.empty(0, np.bool_)
        first = int(own.min())
        marks = np.zeros(int(own.max()) - first + 1, np.bool_)
        marks[own - first] = True
        return first, marks

    def of_same_calls(
        self, recordings: NDArray[np.int64], log_rates: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """The recordings of calls with several agents of which one is among these.

        Each with its beginning, and the best rate of its call. Of a call over the end of a month
        those of the other month are not.
        """
        parts = self._parts
        at, behind = (np.searchsorted(parts.recordings, recordings, side) for side in _SIDES)
        own = np.flatnonzero(behind > at)
        best = np.full(len(parts.recordings) + 1, -np.inf)
        np.maximum.at(best, parts.calls[at[own]], log_rates[own])
        rates = best[parts.calls]
        found = np.flatnonzero(np.isfinite(rates))
        return parts.recordings[found], parts.start_us[found], rates[found]

    @cached_property
    def _parts(self) -> "_Parts":
        columns = self.rows.columns
        rows = np.flatnonzero(columns["flags"] & TRANSFERRED)
        rows = rows[self.is_within(rows)]
        recordings, first = np.unique(columns["recording"][rows], return_index=True)
        rows = rows[first]
        calls = np.unique(columns["conversation"][rows], return_inverse=True)[1]
        start_us = self.begin_us + columns["start"][rows].astype(np.int64) * MS_US
        return _Parts(recordings.astype(np.int64), start_us, calls)

    @cached_property
    def bins(self) -> Counts:
        """Rows by five minutes of UTC since the month began."""
        return np.bincount(self._within(self.rows.columns["start"] // BIN_MS))

    def pairs(self, agents: NDArray[np.intp]) -> NDArray[np.int64]:
        """Each agent with each code of a group that rows have together, and how many.

        `agents` is by code which one it is.
        """
        groups = len(self.rows.dictionaries["groups"])
        codes = agents[self.rows.columns["agent"]] * groups + self.rows.columns["group"]
        within = self._within(codes)
        if (int(agents.max(initial=0)) + 1) * groups <= _MAX_TABLE:
            counts = np.bincount(within)
            found = np.flatnonzero(counts)
            counts = counts[found]
        else:
            found, counts = np.unique(within, return_counts=True)
        return np.stack([*np.divmod(found, groups), counts])

    def _counted(self, column: str) -> Counts:
        if self.allowed is None:
            return self.rows.counts(column, self.reached)
        size = len(self.rows.dictionaries[DICTIONARY_OF[column]]) if column in DICTIONARY_OF else 0
        within = self._within(self.rows.columns[column])
        return np.bincount(within, minlength=size or _BYTE)

    def is_within(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        return self._inside(self.rows.columns["group"][rows], self.rows.columns["recording"][rows])

    def _within(self, values: NDArray[Any]) -> NDArray[Any]:
        columns = self.rows.columns
        return values[self._inside(columns["group"], columns["recording"])]

    def _inside(self, groups: NDArray[Any], recordings: NDArray[Any]) -> NDArray[np.bool_]:
        reached = self.reached.copy()
        reached[:1] = False  # that of erased rows
        inside: NDArray[np.bool_] = reached[groups]
        if self.allowed is not None:
            inside &= np.take(self.allowed, recordings, mode="clip")
        return inside


def rows_within(months: Sequence[ReachedMonth]) -> int:
    """How many rows lie within reach."""
    return sum(int(each.flags.sum()) for each in months)


Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Spread(Generic[Value]):
    """The distinct values of a column that rows within reach have, sorted; how many have each.

    `places` says for each month where the value of a code is, −1 where it is none or not known.
    """

    values: list[Value]
    counts: Counts
    places: list[NDArray[np.intp]]

    def tables(self, of_value: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """By code of each month what is said of its value; 0 where there is none.

        `of_value` may have one entry more: what is said where there is none.
        """
        padded = np.append(of_value, 0.0)[: len(self.values) + 1]
        return [padded[each] for each in self.places]


def spread(
    counted: Sequence[Counts],
    entries: Sequence[Sequence[Any] | NDArray[Any]],
    read: Callable[[Any], Value | None],
) -> Spread[Value]:
    """Of each month's dictionary, as `read` tells what an entry stands for."""
    codes = [np.flatnonzero(counts) for counts in counted]
    own = [
        [each[code] for code in of_month.tolist()]
        for each, of_month in zip(entries, codes, strict=True)
    ]
    told = {entry: read(entry) for entry in set().union(*own)}
    values = sorted({each for each in told.values() if each is not None})  # type: ignore[type-var]
    place_of = {each: at for at, each in enumerate(values)}
    place = {entry: -1 if each is None else place_of[each] for entry, each in told.items()}
    total = np.zeros(len(values), np.int64)
    places = []
    for counts, of_month, had in zip(counted, codes, own, strict=True):
        where = np.full(len(counts), -1, np.intp)
        where[of_month] = [place[entry] for entry in had]
        np.add.at(total, where[where >= 0], counts[where >= 0])
        places.append(where)
    return Spread(values, total, places)
