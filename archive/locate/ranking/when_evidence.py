"""Evidence of time: by cell of local time, and windows to the millisecond.

Pure arrays. The chance is that of calls as they are asked for, new ones sooner.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.clues import Clue, WhenClue
from archive.locate.columns.weights import Steps
from archive.locate.ranking.asked import Asked
from archive.locate.ranking.evidence import Evidence
from archive.locate.ranking.local_cells import CELL_US, DAY_CELLS, DAY_US, LocalCells, local_cells
from archive.locate.ranking.memory_rates import MemoryRates
from archive.locate.ranking.ratios import Floats, log_rates
from archive.locate.ranking.reached import LONGEST_MONTH_US, ReachedMonth
from archive.locate.ranking.remembered_time import told_of
from archive.locate.ranking.windows import Windows
from archive.locate.stretches import Stretch

_HOUR_CELLS: Final = 3_600_000_000 // CELL_US


@dataclass(frozen=True)
class Times:
    """The cells in which rows within reach lie, how many in each, and how soon they are asked for.

    `today` is the local day of the request.
    """

    cells: LocalCells
    counts: NDArray[np.int64]
    today: int
    asked_for: Floats  # by cell, not normed

    @cached_property
    def weights(self) -> Floats:
        """Of each cell, of all calls in it."""
        return self.counts * self.asked_for


def times_of(months: Sequence[ReachedMonth], asked: Asked, rates: MemoryRates) -> Times | None:
    """None where nothing at all is within reach."""
    moments = [
        each.begin_us + np.flatnonzero(each.bins) * CELL_US for each in months if each.bins.any()
    ]
    moments += [each for each in (asked.unrecorded.start_us, asked.destroyed_us) if len(each)]
    if not moments:
        return None
    first = min(int(each.min()) for each in moments) // DAY_US
    last = max(int(each.max()) for each in moments) // DAY_US
    cells = local_cells(asked.zone, first, last)
    counts = np.zeros(cells.count, np.int64)
    for month in months:
        bins = np.flatnonzero(month.bins)
        np.add.at(counts, cells.of(month.begin_us + bins * CELL_US), month.bins[bins])
    now_cell, today = (
        _local_cell(asked, asked.now_us),
        _local_cell(asked, asked.last_us) // DAY_CELLS,
    )
    ages = np.maximum(today - np.arange(cells.first_day, cells.first_day + cells.days), 0)
    wanted = rates.asked.floor + np.exp(-ages / rates.asked.recent_days)
    asked_for = np.repeat(wanted, DAY_CELLS)
    # Nobody tells of a call to come.
    asked_for[max(now_cell + 1 - cells.first_day * DAY_CELLS, 0) :] = 0.0
    return Times(cells, counts, today, asked_for) if asked_for.any() else None


def _local_cell(asked: Asked, at_us: int) -> int:
    """Of a time about the request, since 1970 in its zone."""
    day = at_us // DAY_US
    return int(local_cells(asked.zone, day, day).local_us(np.array([at_us]))[0] // CELL_US)


def when_evidence(place: int, clue: Clue, times: Times, rates: MemoryRates) -> Evidence:
    assert isinstance(clue.value, WhenClue)
    if not clue.value.stretches:
        return Evidence(place=place)
    if clue.certain:
        stretches = clue.value.stretches
        windows = Windows(stretches, inside=math.log(likelier_in(stretches, times)))
        return Evidence(place=place, windows=windows)
    told = told_of(clue.value, times.cells, times.today, rates)
    wrong = rates.day.other
    return Evidence(place=place, cells=log_rates((1 - wrong) * _beside_all(told, times) + wrong))


def likelier_in(stretches: Sequence[Stretch], times: Times) -> float:
    """How much likelier a call in these is than one at any time."""
    touched = np.zeros(times.cells.count)
    for each in stretches:
        ends_us = np.array([each.begin_us - each.before_us, each.end_us + each.after_us])
        first, last = np.searchsorted(times.cells.edges_us, ends_us, side="right") - 1
        touched[times.cells.cells[max(first, 0) : last + 1]] = 1.0
    return float(_beside_all(touched, times).max(initial=0.0)) or 1.0


def _beside_all(told: Floats, times: Times) -> Floats:
    """How likely it is told by cell, beside a call at random.

    One call more, at any time of all: a time at which there is none is told seldom, not never.
    """
    total = float((told * times.weights).sum()) + float(told.mean())
    by_chance = total / (float(times.weights.sum()) + 1)
    found: Floats = told / by_chance if by_chance else told
    return found


def steps_of(month: ReachedMonth, rates: Floats, cells: LocalCells) -> Steps:
    """The rates of the cells as a step function over a month."""
    end_us = month.begin_us + LONGEST_MONTH_US
    first = max(int(np.searchsorted(cells.edges_us, month.begin_us, side="right")) - 1, 0)
    behind = max(int(np.searchsorted(cells.edges_us, end_us)), first + 1)
    values = rates[cells.cells[first:behind]].astype(np.float32)
    changes = np.flatnonzero(values[1:] != values[:-1]) + 1
    return Steps(cells.edges_us[first:behind][changes], values[np.append(0, changes)])


def rate_at(times: Times, rates: Floats, at_us: NDArray[np.int64]) -> Floats:
    return rates[times.cells.of(at_us)]


def rate_of_hour(times: Times, rates: Floats, hours_us: NDArray[np.int64]) -> Floats:
    distinct, which = np.unique(hours_us, return_inverse=True)
    parts = [
        np.exp(rate_at(times, rates, distinct + part * CELL_US)) for part in range(_HOUR_CELLS)
    ]
    with np.errstate(divide="ignore"):  # of days to come
        found: Floats = np.log(np.mean(parts, axis=0))[which]
    return found
