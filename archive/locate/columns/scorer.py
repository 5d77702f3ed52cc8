"""Adds up the log rates of every row of a month, block by block.

Pure arrays. Knows nothing of what the best are kept for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.rows import MS_US, Columns
from archive.locate.columns.source import month_begin_us
from archive.locate.columns.weights import OUTSIDE, SCORED, Boosts, Rates, Steps, Weights

# Sums, rates and codes of so many rows stay in the second cache.
BLOCK_ROWS: Final = 1 << 15
_LAST_MS: Final = np.iinfo(np.uint32).max


@dataclass(frozen=True, slots=True)
class Scored:
    """The rows from `begin` on with their sums, which are good until the next block."""

    begin: int
    sums: Rates


@dataclass(frozen=True, slots=True)
class _Rated:
    """Positions of rows in order, each with a rate: where a step begins, or what is boosted."""

    positions: NDArray[np.int64]
    rates: Rates


def scores(columns: Columns, month: int, weights: Weights) -> Iterator[Scored]:
    """Every block of rows at a time that is not excluded, newest first."""
    steps = _placed(columns["start"], month, weights.steps)
    boosts = _found(columns, month, weights.boosts)
    tables = [(columns[name], weights.tables[name]) for name in SCORED if name in weights.tables]
    sums, rates = np.empty(BLOCK_ROWS, np.float32), np.empty(BLOCK_ROWS, np.float32)
    wide = np.empty(BLOCK_ROWS, np.intp)  # codes as `take` wants them, else it makes them anew
    for begin, end in _blocks(steps, len(columns["start"])):
        own, room, codes = sums[: end - begin], rates[: end - begin], wide[: end - begin]
        np.copyto(codes, columns["group"][begin:end])
        np.take(weights.groups, codes, out=own, mode="clip")
        own += _repeated(steps, begin, end)
        for column, table in tables:
            np.copyto(codes, column[begin:end])
            np.take(table, codes, out=room, mode="clip")
            own += room
        _boost(own, boosts, begin)
        if weights.allowed is not None:
            allowed = np.take(weights.allowed, columns["recording"][begin:end], mode="clip")
            np.copyto(own, OUTSIDE, where=~allowed)
        yield Scored(begin, own)


def _placed(starts: NDArray[Any], month: int, steps: Steps) -> _Rated:
    """Rows lie in order of time, so a step is a stretch of them."""
    edges_ms = -(-(steps.edges_us - month_begin_us(month)) // MS_US)
    edges = np.searchsorted(starts, np.clip(edges_ms, 0, _LAST_MS).astype(starts.dtype))
    return _Rated(np.concatenate([[0], edges]).astype(np.int64), steps.rates)


def _blocks(steps: _Rated, rows: int) -> Iterator[tuple[int, int]]:
    """Stretches of steps that are not excluded, in blocks."""
    ends = np.append(steps.positions[1:], rows)
    open_ = np.concatenate([[False], np.isfinite(steps.rates), [False]])
    turns = np.flatnonzero(np.diff(open_))
    for first, behind in zip(turns[-2::-2].tolist(), turns[::-2].tolist(), strict=True):
        begin, end = int(steps.positions[first]), int(ends[behind - 1])
        while begin < end:
            yield max(begin, end - BLOCK_ROWS), end
            end -= BLOCK_ROWS


def _repeated(steps: _Rated, begin: int, end: int) -> Rates:
    first = np.searchsorted(steps.positions, begin, side="right") - 1
    behind = np.searchsorted(steps.positions, end, side="left")
    limits = np.append(steps.positions[first:behind], end)
    limits[0] = begin
    return np.repeat(steps.rates[first:behind], np.diff(limits))


def rows_of(
    columns: Columns, month: int, told: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The rows of recordings, which are told by their beginning and their number: of which of them
    each is, and its place in the month.
    """
    start_us, recordings = told
    starts_ms = (start_us - month_begin_us(month)) // MS_US
    last_ms = int(columns["start"][-1]) if len(columns["start"]) else -1
    own = np.flatnonzero((starts_ms >= 0) & (starts_ms <= last_ms))
    starts = starts_ms[own].astype(columns["start"].dtype)
    begins = np.searchsorted(columns["start"], starts, side="left")
    counts = np.searchsorted(columns["start"], starts, side="right") - begins
    which = np.repeat(own, counts)
    behind = np.cumsum(counts)
    positions = np.arange(len(which)) + np.repeat(begins - (behind - counts), counts)
    same = columns["recording"][positions] == recordings[which]
    return which[same], positions[same]


def _found(columns: Columns, month: int, boosts: Boosts) -> _Rated:
    """Places of the rows of boosted recordings, in order."""
    which, positions = rows_of(columns, month, (boosts.start_us, boosts.recordings))
    order = np.argsort(positions, kind="stable")
    return _Rated(positions[order], boosts.rates[which[order]])


def _boost(sums: Rates, boosts: _Rated, begin: int) -> None:
    first, behind = np.searchsorted(boosts.positions, [begin, begin + len(sums)])
    np.add.at(sums, boosts.positions[first:behind] - begin, boosts.rates[first:behind])
