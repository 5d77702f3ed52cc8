"""Chances that a reading of a time is told of a call at another, by cells of local time.

Pure. The stretches are moved by each error of days and of the clock, and added up.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.clues import WhenClue
from archive.locate.ranking.local_cells import CELL_US, DAY_CELLS, DAY_US, LocalCells
from archive.locate.ranking.memory_rates import ClockErrors, DayErrors, MemoryRates
from archive.locate.ranking.ratios import Floats
from archive.locate.stretches import Stretch

# A falling edge is so many steps.
_STEPS: Final = 8
# Sums of whole numbers are the same wherever the cells begin.
_UNIT: Final = 1 << 16
_PART: Final = 1 << 10
_MINUTE_CELLS: Final = CELL_US // 60_000_000
_EPOCH: Final = np.datetime64("1970-01-01", "D")


def told_of(clue: WhenClue, cells: LocalCells, today: int, rates: MemoryRates) -> Floats:
    """By cell how likely the clue is told of a call in it; `today` nobody goes beyond."""
    meant = painted(clue.stretches, cells).reshape(cells.days, DAY_CELLS)
    if not clue.days:
        meant = _of_any_day(meant)
    if clue.clock:
        meant = _clock_taken(meant, rates.clock)
    if clue.days:
        meant = _day_taken(meant, cells, today, rates.day)
    return meant.ravel()


def _of_any_day(meant: Floats) -> Floats:
    """Each day alike: how much sooner new calls are asked for is weighed once, beside the clues."""
    highest = meant.max(axis=1, keepdims=True)
    alike: Floats = np.divide(meant, highest, out=np.zeros_like(meant), where=highest > 0)
    return alike


def painted(stretches: Sequence[Stretch], cells: LocalCells) -> Floats:
    """By cell how much of it the stretches cover, and how strongly; 1 at most for the likeliest."""
    shapes = np.array(
        [(each.begin_us, each.end_us, each.before_us, each.after_us) for each in stretches],
        dtype=np.int64,
    ).reshape(-1, 4)
    weights = np.array([each.weight for each in stretches])
    heights = np.rint(weights / weights.max(initial=1e-300) * _UNIT / _STEPS).astype(np.int64)
    begins, ends = cells.local_us(shapes[:, 0]), cells.local_us(shapes[:, 1])
    missing = np.maximum(CELL_US - (ends - begins) - shapes[:, 2] - shapes[:, 3], 0)
    begins, ends = begins - missing // 2, ends + missing // 2
    changes = np.zeros(cells.count + 2, np.int64)
    for step in range(_STEPS):
        lower = 2 * step + 1
        _change(changes, begins - shapes[:, 2] * lower // (2 * _STEPS), heights, cells)
        _change(changes, ends + shapes[:, 3] * lower // (2 * _STEPS), -heights, cells)
    covered: Floats = np.cumsum(changes[: cells.count]) / float(_UNIT * _PART)
    return covered


def _change(
    changes: NDArray[np.int64], at_us: NDArray[np.int64], by: NDArray[np.int64], cells: LocalCells
) -> None:
    """From these times on so much more: in the cell of each as much as is left of it."""
    since = at_us - cells.first_day * DAY_US
    cell, into = np.divmod(np.clip(since, 0, cells.count * CELL_US), CELL_US)
    part = into * _PART // CELL_US
    np.add.at(changes, cell, by * (_PART - part))
    np.add.at(changes, cell + 1, by * part)


def _clock_taken(meant: Floats, errors: ClockErrors) -> Floats:
    """By when it was, where what is meant is what it was taken for."""
    right = 1 - errors.half_day - sum(rate for _, rate in errors.minutes)
    taken = right * meant + errors.half_day * np.roll(meant, DAY_CELLS // 2, axis=1)
    flat, told = taken.ravel(), meant.ravel()
    for minutes, rate in errors.minutes:
        by = minutes // _MINUTE_CELLS
        flat[by:] += rate / 2 * told[:-by]
        flat[:-by] += rate / 2 * told[by:]
    return flat.reshape(meant.shape)


def _day_taken(meant: Floats, cells: LocalCells, today: int, errors: DayErrors) -> Floats:
    days = np.arange(cells.days)
    last = today - cells.first_day
    right = 1 - errors.month - sum(rate for _, rate in errors.days)
    taken: Floats = right * meant
    moves = [(days + way * by, rate / 2) for by, rate in errors.days for way in (-1, 1)]
    moves += [(_month_off(cells, way), errors.month / 2) for way in (-1, 1)]
    for other, rate in moves:
        # Nobody remembers a day to come.
        other = np.where((other > last) & (days <= last), last, other)
        inside = np.flatnonzero((other >= 0) & (other < cells.days))
        taken[inside] += rate * meant[other[inside]]
    return taken


def _month_off(cells: LocalCells, by: int) -> NDArray[np.int64]:
    """For each day the same of the month before or after, or its last."""
    dates = _EPOCH + np.arange(cells.first_day, cells.first_day + cells.days)
    months = dates.astype("datetime64[M]")
    into = dates - months.astype("datetime64[D]")
    begin = (months + by).astype("datetime64[D]")
    last = (months + by + 1).astype("datetime64[D]") - 1
    found: NDArray[np.int64] = (np.minimum(begin + into, last) - _EPOCH).astype(np.int64)
    return found - cells.first_day
