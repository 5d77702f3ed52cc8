"""All clues of a request weighed: for each month the tables by which its rows are scored.

Pure arrays. Knows nothing of which rows turn out the best.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from archive.locate.clues import (
    BesideClue,
    Clue,
    DialledClue,
    DirectionClue,
    HappenedClue,
    LengthClue,
    NotClue,
    NumberClue,
    QueueClue,
    WhenClue,
)
from archive.locate.columns.best import ScoredMonth
from archive.locate.columns.weights import Boosts, Rates, Weights, within
from archive.locate.ranking.asked import Asked, Found
from archive.locate.ranking.beside_call import beside_evidence
from archive.locate.ranking.call_evidence import (
    dialled_evidence,
    direction_evidence,
    happened_evidence,
    length_evidence,
    number_evidence,
    text_evidence,
)
from archive.locate.ranking.evidence import Evidence
from archive.locate.ranking.memory_rates import MemoryRates
from archive.locate.ranking.ratios import OUTSIDE, Floats
from archive.locate.ranking.reached import ReachedMonth
from archive.locate.ranking.remembered_number import DeniedDigits
from archive.locate.ranking.when_evidence import Times, steps_of, times_of, when_evidence
from archive.locate.ranking.who_evidence import WHO, asked_for, who_evidence

_SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")
_OF_CALL: Final = {
    DialledClue: dialled_evidence,
    DirectionClue: direction_evidence,
    HappenedClue: happened_evidence,
    LengthClue: length_evidence,
    NumberClue: number_evidence,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What each clue says, and together: the log rate of each cell, with how soon it is asked for.

    `times` is None where nothing is within reach.
    """

    months: tuple[ReachedMonth, ...]
    evidence: tuple[Evidence, ...]
    times: Times | None
    cells: Floats

    def scored(self) -> Iterator[ScoredMonth]:
        """Each month that no window excludes with its tables, one at a time: they are large."""
        for at, month in enumerate(self.months if self.times else ()):
            if all(each.windows.may_have(month) for each in self.evidence if each.windows):
                yield ScoredMonth(month.month, month.rows, _weights(at, self))


def weigh(months: Sequence[ReachedMonth], asked: Asked, rates: MemoryRates) -> Weighed:
    """Make the tables; `months` newest first."""
    own = tuple(months)
    times = times_of(own, asked, rates)
    if times is None:
        return Weighed(months=own, evidence=(), times=None, cells=np.empty(0))
    evidence = tuple(_evidence(own, asked, times, rates))
    with np.errstate(divide="ignore"):  # of days to come
        cells = np.log(times.asked_for)
    for each in evidence:
        if each.cells is not None:
            cells = cells + each.cells
    return Weighed(months=own, evidence=evidence, times=times, cells=cells)


def _evidence(
    months: Sequence[ReachedMonth], asked: Asked, times: Times, rates: MemoryRates
) -> Iterator[Evidence]:
    if any(isinstance(asked_for(each), (*WHO, QueueClue)) for each in asked.clues):
        yield from who_evidence(months, asked.clues, asked.people, rates)
    for place, clue in enumerate(asked.clues):
        if type(clue.value) in _OF_CALL:
            yield _OF_CALL[type(clue.value)](months, place, clue, rates)
        elif isinstance(value := asked_for(clue), NumberClue):
            denied = DeniedDigits(value.number, rates.number, clue.certain)
            yield Evidence(place=place, digits=denied)
        elif isinstance(clue.value, WhenClue):
            yield when_evidence(place, clue, times, rates)
        elif isinstance(clue.value, BesideClue) and place in asked.anchors:
            named = (asked.anchors[place], asked.found.get(place))
            yield from beside_evidence(months, (place, clue), named, times, rates)
        if place in asked.found:
            yield _of_found(months, (place, clue), asked.found[place], rates)


def _of_found(
    months: Sequence[ReachedMonth], told: tuple[int, Clue], found: Found, rates: MemoryRates
) -> Evidence:
    place, clue = told
    if isinstance(clue.value, NotClue | BesideClue):
        return Evidence(place=place, found=found)
    return text_evidence(months, told, found, rates)


def _weights(at: int, weighed: Weighed) -> Weights:
    month, evidence, times = weighed.months[at], weighed.evidence, weighed.times
    assert times is not None
    tables: dict[str, Rates] = {}
    for each in evidence:
        for name, own in each.tables.items():
            _add(tables, name, own[at])
        if each.digits is not None:
            _add(tables, "number", each.digits.of(month.rows.dictionaries["numbers"]))
    groups = tables.pop("group", np.zeros(len(month.reached), np.float32))
    others = sum(each.others for each in evidence if np.isfinite(each.others))
    steps = steps_of(month, weighed.cells + others, times.cells)
    for each in evidence:
        if each.windows is not None:
            steps = each.windows.added_to(steps)
    return Weights(
        groups=within(groups, month.reached),
        steps=steps,
        tables=tables,
        boosts=_boosts([each for each in evidence if each.found is not None]),
        allowed=_allowed(month, evidence),
    )


def _add(tables: dict[str, Rates], name: str, own: NDArray[Any]) -> None:
    told = own.astype(np.float32, copy=False)
    tables[name] = tables[name] + told if name in tables else told


def _boosts(evidence: Sequence[Evidence]) -> Boosts:
    own = [each.found for each in evidence if each.found is not None]
    others = [each.others if np.isfinite(each.others) else 0.0 for each in evidence]
    none = np.empty(0, np.int64)
    rates = [each.log_rates - by for each, by in zip(own, others, strict=True)]
    return Boosts(
        np.concatenate([none, *(each.start_us for each in own)]),
        np.concatenate([none, *(each.recordings for each in own)]),
        np.concatenate([np.empty(0), *rates]).astype(np.float32),
    )


def _allowed(month: ReachedMonth, evidence: Sequence[Evidence]) -> NDArray[np.bool_] | None:
    """By row number of a recording, where a text that is certain admits only some."""
    allowed = month.allowed
    for each in evidence:
        if each.found is not None and each.others == OUTSIDE:
            size = int(max(each.found.recordings.max(initial=0), 0)) + 2
            own = np.zeros(size if allowed is None else len(allowed), np.bool_)
            own[each.found.recordings[each.found.recordings < len(own)]] = True
            allowed = own if allowed is None else allowed & own
    return allowed
