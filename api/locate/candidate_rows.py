"""What the candidates of a ranking have, by the rows of columns that they are known by.

Pure arrays. Knows nothing of the catalog: what is said of a call is read there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from archive.locate.answer.bursts import BURST_US
from archive.locate.answer.candidates import Candidates, Values
from archive.locate.answer.question import Question
from archive.locate.columns.flags import DIRECTION, DIRECTIONS, TRANSFERRED
from archive.locate.columns.rows import DURATION_FROM_MS, MS_US
from archive.locate.inferred_links import names_a_party
from archive.locate.ranking.agent_texts import People, SpokenWith, agent_of, queues_of
from archive.locate.ranking.ranked_calls import Candidate
from archive.locate.ranking.reached import ReachedMonth

_NOWHERE: Final = -1
_DIRECTION_OF: Final = {bits: name for name, bits in DIRECTIONS.items() if bits}
# Lengths as they are told, in ms: up to one, three, ten, thirty minutes, and more.
_LENGTHS_MS: Final = np.array([60_000, 180_000, 600_000, 1_800_000])
_LAST_DIGITS: Final = 4
_UNKNOWN: Final = -1
_SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")


@dataclass(frozen=True, slots=True)
class CandidateRows:
    """Of each candidate the row by which it counts: of which month, at which place there."""

    months: Sequence[ReachedMonth]
    month: NDArray[np.int64]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, months: Sequence[ReachedMonth], candidates: Sequence[Candidate]) -> "CandidateRows":
        """Of several rows of a recording the first is taken."""
        start_us = np.array([each.start_us for each in candidates], np.int64)
        recording = np.array([each.recording for each in candidates], np.int64)
        month = np.full(len(candidates), _NOWHERE, np.int64)
        place = np.zeros(len(candidates), np.int64)
        for at, own in enumerate(months):
            found = _places(own, start_us, recording)
            is_here = (found >= 0) & (month < 0)
            month[is_here], place[is_here] = at, found[is_here]
        return cls(months, month, place)

    def values(self, column: str, read: Callable[[ReachedMonth, int], str | None]) -> Values:
        """Each candidate's value of a column, as it is read from its code."""
        labels: dict[str, int] = {}
        codes = np.full(len(self.month), _UNKNOWN, np.int64)
        for at, month in enumerate(self.months):
            own = np.flatnonzero(self.month == at)
            if not len(own):
                continue
            distinct, which = np.unique(
                month.rows.columns[column][self.place[own]], return_inverse=True
            )
            told = [read(month, code) for code in distinct.tolist()]
            places = [
                _UNKNOWN if each is None else labels.setdefault(each, len(labels)) for each in told
            ]
            codes[own] = np.array(places, np.int64)[which]
        return Values(codes, tuple(labels))


def _places(
    month: ReachedMonth, start_us: NDArray[np.int64], recording: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where in a month each of these recordings is; below 0: it is not there."""
    starts, own = month.rows.columns["start"], month.rows.columns["recording"]
    start_ms = (start_us - month.begin_us) // MS_US
    fits = (start_ms >= 0) & (start_ms <= np.iinfo(starts.dtype).max)
    place = np.searchsorted(starts, np.where(fits, start_ms, 0).astype(starts.dtype))
    open_ = fits & (place < len(starts))
    found = np.full(len(start_us), _NOWHERE, np.int64)
    while open_.any():
        at = np.minimum(place, len(starts) - 1)
        is_it = open_ & (own[at] == recording) & (starts[at] == start_ms)
        found[is_it] = place[is_it]
        place = place + 1
        at = np.minimum(place, len(starts) - 1)
        open_ = open_ & ~is_it & (place < len(starts)) & (starts[at] == start_ms)
    return found


def candidates_of(
    months: Sequence[ReachedMonth],
    best: Sequence[Candidate],
    about: tuple[People, ZoneInfo],
    *,
    is_cut: bool,
) -> Candidates:
    """What is counted of the best, and what a question may be about."""
    people, zone = about
    rows = CandidateRows.of(months, best)
    return Candidates(
        begins_us=np.array([each.start_us for each in best], np.int64),
        chances=np.array([each.chance for each in best], np.float64),
        values=dict(_values(rows, people)),
        zone=zone,
        is_cut=is_cut,
    )


def _values(rows: CandidateRows, people: People) -> Iterator[tuple[str, Values]]:
    known = cache(partial(agent_of, people=people))

    def agent(month: ReachedMonth, code: int) -> SpokenWith | None:
        return known(month.rows.dictionaries["agents"][code])

    def name(month: ReachedMonth, code: int) -> str | None:
        found = agent(month, code)
        return None if found is None else _shown(found)

    def surname(month: ReachedMonth, code: int) -> str | None:
        found = agent(month, code)
        return None if found is None or not found.names else (found.names[0].split() or [""])[0]

    def team(month: ReachedMonth, code: int) -> str | None:
        found = agent(month, code)
        return None if found is None else found.team or None

    def queue(month: ReachedMonth, code: int) -> str | None:
        found = queues_of(month.rows.dictionaries["groups"][code])
        return found[0] if found else None

    yield "agent", rows.values("agent", name)
    yield "team", rows.values("agent", team)
    yield "queue", rows.values("group", queue)
    yield "direction", rows.values("flags", lambda _, code: _DIRECTION_OF.get(code & DIRECTION))
    yield Question.SURNAME, rows.values("agent", surname)
    yield Question.TRANSFERRED, rows.values("flags", _is_transferred)
    yield Question.LAST_DIGITS, rows.values("number", _last_digits)
    yield Question.LENGTH, rows.values("duration", _length)


def _shown(agent: SpokenWith) -> str | None:
    return (agent.names[0] if agent.names else agent.agent_id or agent.extension) or None


def _is_transferred(_month: ReachedMonth, code: int) -> str:
    return "yes" if code & TRANSFERRED else "no"


def _last_digits(month: ReachedMonth, code: int) -> str | None:
    number = bytes(month.rows.dictionaries["numbers"][code])
    return number[:_LAST_DIGITS].decode() if len(number) >= _LAST_DIGITS else None


def _length(_month: ReachedMonth, code: int) -> str:
    return str(int(np.searchsorted(_LENGTHS_MS, DURATION_FROM_MS[code])))


def party_calls(months: Sequence[ReachedMonth], number: str, near_us: int) -> Mapping[int, int]:
    """Conversations within reach of a number (from its end) near a moment, with their beginning."""
    if not names_a_party(number):
        return {}
    found: dict[int, int] = {}
    for month in months:
        columns = month.rows.columns
        begin, end = (_ms(month, near_us + each) for each in (-BURST_US, BURST_US))
        first, behind = np.searchsorted(columns["start"], (begin, end))
        if first == behind:
            continue
        numbers = month.rows.dictionaries["numbers"]  # sorted, what was erased like that before it
        code, last = (np.searchsorted(numbers, number.encode(), side) for side in _SIDES)
        own = columns["number"][first:behind]
        rows = np.flatnonzero((own >= code) & (own < last)) + first
        for row in rows[month.is_within(rows)].tolist():
            at_us = month.begin_us + int(columns["start"][row]) * MS_US
            call = int(columns["conversation"][row])
            found[call] = min(found.get(call, at_us), at_us)
    return found


def _ms(month: ReachedMonth, at_us: int) -> Any:
    kind = month.rows.columns["start"].dtype
    return kind.type(min(max((at_us - month.begin_us) // MS_US, 0), np.iinfo(kind).max))
