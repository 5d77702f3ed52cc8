"""What the candidates of a ranking have, by the rows of columns that they are known by.

Pure arrays. Knows nothing of the catalog: what is said of a call is read there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from api.locate.code_readings import CodeReading, readings
from archive.locate.answer.bursts import BURST_US
from archive.locate.answer.candidates import Candidates, Values
from archive.locate.answer.question import Question
from archive.locate.columns.flags import DIRECTION, DIRECTIONS, TRANSFERRED
from archive.locate.columns.rows import DURATION_FROM_MS, MS_US
from archive.locate.columns.scorer import rows_of
from archive.locate.inferred_links import names_a_party
from archive.locate.ranking.people import People
from archive.locate.ranking.ranked_calls import RankedCalls
from archive.locate.ranking.reached import ReachedMonth

_NOWHERE: Final = -1
_LAST_DIGITS: Final = 4
_UNKNOWN: Final = -1
_SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")
# What each code of a byte is counted as; behind the last of none.
_FLAGS: Final = np.arange(256)
_WAYS: Final = tuple(DIRECTIONS)[1:]
_WAY_OF: Final = np.append((_FLAGS & DIRECTION) - 1, _UNKNOWN)
_IS_TRANSFERRED: Final = np.append((_FLAGS & TRANSFERRED) // TRANSFERRED, _UNKNOWN)
# Lengths as they are told, in ms: up to one, three, ten, thirty minutes, and more.
_LENGTHS_MS: Final = np.array([60_000, 180_000, 600_000, 1_800_000])
_LENGTH_OF: Final = np.append(np.searchsorted(_LENGTHS_MS, DURATION_FROM_MS), _UNKNOWN)


@dataclass(frozen=True)
class CandidateRows:
    """Of each candidate the row by which it counts: of which month, at which place there."""

    months: Sequence[ReachedMonth]
    month: NDArray[np.int64]
    place: NDArray[np.int64]

    @cached_property
    def _by_month(self) -> Sequence[tuple[ReachedMonth, NDArray[np.intp], NDArray[np.int64]]]:
        """Of each month that has any which they are, and their places there."""
        own = [np.flatnonzero(self.month == at) for at in range(len(self.months))]
        return [
            (month, which, self.place[which])
            for month, which in zip(self.months, own, strict=True)
            if len(which)
        ]

    @classmethod
    def of(cls, months: Sequence[ReachedMonth], calls: RankedCalls) -> "CandidateRows":
        """Of several rows of a recording the first is taken."""
        month = np.full(len(calls), _NOWHERE, np.int64)
        place = np.zeros(len(calls), np.int64)
        for at, own in enumerate(months):
            open_ = np.flatnonzero(month < 0)
            told = (calls.start_us[open_], calls.recording[open_])
            which, rows = rows_of(own.rows.columns, own.month, told)
            here, first = np.unique(which, return_index=True)
            month[open_[here]], place[open_[here]] = at, rows[first]
        return cls(months, month, place)

    def column(self, name: str) -> NDArray[np.int64]:
        """The code that each has in a column, where a code means the same in every month."""
        codes = np.full(len(self.month), _UNKNOWN, np.int64)
        for month, own, places in self._by_month:
            codes[own] = month.rows.columns[name][places]
        return codes

    def values(self, reading: CodeReading, people: People) -> Values:
        """What each is counted as."""
        found = np.full(len(self.month), _UNKNOWN, np.int64)
        for month, own, places in self._by_month:
            found[own] = reading.of(month, places, people)
        distinct, codes = np.unique(found, return_inverse=True)
        unknown = int(np.searchsorted(distinct, 0))
        return Values(np.maximum(codes - unknown, _UNKNOWN), reading.texts(distinct[unknown:]))

    def last_digits(self) -> Values:
        """Of the outside number, where it has as many."""
        digits = np.zeros(len(self.month), f"S{_LAST_DIGITS}")
        for month, own, places in self._by_month:
            codes = month.rows.columns["number"][places]
            digits[own] = month.rows.dictionaries["numbers"][codes]
        distinct, codes = np.unique(digits.view(np.uint32), return_inverse=True)
        told = distinct.view(digits.dtype)
        is_whole = told.view(np.uint8).reshape(-1, _LAST_DIGITS)[:, -1] > 0
        places = np.where(is_whole, np.cumsum(is_whole) - 1, _UNKNOWN)
        return Values(places[codes], tuple(told[is_whole].astype(str).tolist()))


def candidates_of(
    months: Sequence[ReachedMonth],
    best: RankedCalls,
    about: tuple[People, ZoneInfo],
    *,
    is_cut: bool,
) -> Candidates:
    """What is counted of the best, and what a question may be about."""
    people, zone = about
    rows = CandidateRows.of(months, best)
    return Candidates(
        begins_us=best.start_us,
        chances=best.chance,
        values=dict(_values(rows, people)),
        zone=zone,
        is_cut=is_cut,
    )


def _values(rows: CandidateRows, people: People) -> Iterator[tuple[str, Values]]:
    read, flags = readings(people), rows.column("flags")
    yield "agent", rows.values(read["agent"], people)
    yield "team", rows.values(read["team"], people)
    yield "queue", rows.values(read["queue"], people)
    yield "direction", Values(_WAY_OF[flags], _WAYS)
    yield Question.SURNAME, rows.values(read["surname"], people)
    yield Question.TRANSFERRED, Values(_IS_TRANSFERRED[flags], ("no", "yes"))
    yield Question.LAST_DIGITS, rows.last_digits()
    lengths = tuple(map(str, range(len(_LENGTHS_MS) + 1)))
    yield Question.LENGTH, Values(_LENGTH_OF[rows.column("duration")], lengths)


def party_calls(months: Sequence[ReachedMonth], number: str, near_us: int) -> Mapping[int, int]:
    """Conversations within reach of a number (from its end) near a moment, with their beginning."""
    if not names_a_party(number):
        return {}
    found: dict[int, int] = {}
    for month in months:
        if not month.touches(near_us - BURST_US, near_us + BURST_US):
            continue
        columns = month.rows.columns
        begin, end = (_ms(month, near_us + each) for each in (-BURST_US, BURST_US))
        first, behind = np.searchsorted(columns["start"], (begin, end))
        if first == behind:
            continue
        numbers = month.rows.dictionaries["numbers"]  # sorted, what was erased like that before it
        code, last = (np.searchsorted(numbers, number.encode(), side) for side in _SIDES)
        own = columns["number"][first:behind]
        # What is below the first of them is far above all as a number without a sign.
        rows = np.flatnonzero(own - own.dtype.type(code) < last - code) + first
        for row in rows[month.is_within(rows)].tolist():
            at_us = month.begin_us + int(columns["start"][row]) * MS_US
            call = int(columns["conversation"][row])
            found[call] = min(found.get(call, at_us), at_us)
    return found


def _ms(month: ReachedMonth, at_us: int) -> Any:
    kind = month.rows.columns["start"].dtype
    return kind.type(min(max((at_us - month.begin_us) // MS_US, 0), np.iinfo(kind).max))
