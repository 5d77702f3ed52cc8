"""Loss, reordering and jitter of RTP streams, by column (RFC 3550 §6.4.1, appendix A.1, A.8).

Arrays over all the port pairs of a worker, updated once per batch. Knows nothing of sockets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capture.media.landing import Columns

_HALF: Final = 1 << 15
_WRAP: Final = 1 << 16
_TIMESTAMP_WRAP: Final = 1 << 32
# A.8: J += (|D| - J) / 16, unrolled over the packets of a run.
_DECAY: Final = 15 / 16
_LONGEST: Final = 8192
# A transfer brings two into one sweep; whoever brings more is counted roughly.
MAX_SOURCES_A_RUN: Final = 8
_POWERS: Final = _DECAY ** np.arange(_LONGEST + 1)


@dataclass(frozen=True, slots=True)
class Reception:
    """One stream so far: what a receiver report and an END frame say of it."""

    ssrc: int
    packets: int
    lost: int
    reordered: int
    jitter_units: int
    jitter_ms: float
    highest_sequence: int


class Statistics:
    """Reception of every port pair (index = pair number)."""

    def __init__(self, pairs: int) -> None:
        self.clock_hz = np.full(pairs, 8000.0)
        self._ssrc = np.full(pairs, -1, np.int64)
        self._packets = np.zeros(pairs, np.int64)
        self._settled_lost = np.zeros(pairs, np.int64)
        self._first = np.zeros(pairs, np.int64)
        self._span_packets = np.zeros(pairs, np.int64)
        self._highest = np.zeros(pairs, np.int64)
        self._reordered = np.zeros(pairs, np.int64)
        self._timestamp = np.zeros(pairs, np.int64)
        self._arrival_us = np.zeros(pairs, np.int64)
        self._jitter = np.zeros(pairs)

    def forget(self, pair: int, clock_hz: int) -> None:
        """Begin a new stream on `pair`."""
        self.clock_hz[pair] = clock_hz
        self._ssrc[pair] = -1
        for column in (self._packets, self._settled_lost, self._reordered, self._span_packets):
            column[pair] = 0
        self._jitter[pair] = 0.0

    def of(self, pair: int) -> Reception:
        """The figures of `pair` now."""
        expected = int(self._highest[pair] - self._first[pair]) + 1
        open_lost = max(0, expected - int(self._span_packets[pair]))
        started = int(self._ssrc[pair]) >= 0
        return Reception(
            ssrc=max(0, int(self._ssrc[pair])),
            packets=int(self._packets[pair]),
            lost=int(self._settled_lost[pair]) + (open_lost if started else 0),
            reordered=int(self._reordered[pair]),
            jitter_units=int(self._jitter[pair]),
            jitter_ms=float(self._jitter[pair] / self.clock_hz[pair] * 1000),
            highest_sequence=int(self._highest[pair]),
        )

    def update(self, columns: Columns, pairs: NDArray[np.int64]) -> None:
        """Count a batch of RTP runs; `pairs` holds the pair of each run, each pair once."""
        for pieces, rows in _by_source(columns):
            self._count(pieces, pairs[rows])

    def _count(self, columns: Columns, pairs: NDArray[np.int64]) -> None:
        starts, counts = columns.starts, columns.counts
        last = starts + counts - 1
        self._begin_spans(columns, pairs)
        step = _signed_steps(columns.sequences, starts, self._highest[pairs])
        extended = np.cumsum(step)
        before = extended[starts] - step[starts]
        extended += np.repeat(self._highest[pairs] - before, counts)
        self._highest[pairs] = np.maximum(
            self._highest[pairs], np.maximum.reduceat(extended, starts)
        )
        self._reordered[pairs] += np.add.reduceat((step < 0).astype(np.int64), starts)
        self._packets[pairs] += counts
        self._span_packets[pairs] += counts
        self._update_jitter(columns, pairs)
        self._timestamp[pairs] = columns.timestamps[last]
        self._arrival_us[pairs] = columns.arrivals_us[last]

    def _begin_spans(self, columns: Columns, pairs: NDArray[np.int64]) -> None:
        """A stream's first packet, or another SSRC: settle what was, count from here."""
        starts = columns.starts
        changed = columns.ssrcs[starts + columns.counts - 1] != self._ssrc[pairs]
        if not changed.any():
            return
        moved, at = pairs[changed], starts[changed]
        known = self._ssrc[moved] >= 0
        lost = self._highest[moved] - self._first[moved] + 1 - self._span_packets[moved]
        self._settled_lost[moved] += np.where(known, np.maximum(lost, 0), 0)
        self._ssrc[moved] = columns.ssrcs[at + columns.counts[changed] - 1]
        self._first[moved] = columns.sequences[at]
        self._highest[moved] = columns.sequences[at] - 1
        self._span_packets[moved] = 0
        self._timestamp[moved] = columns.timestamps[at]
        self._arrival_us[moved] = columns.arrivals_us[at]

    def _update_jitter(self, columns: Columns, pairs: NDArray[np.int64]) -> None:
        starts, counts = columns.starts, columns.counts
        rates = np.repeat(self.clock_hz[pairs] / 1e6, counts)
        arrived = _steps(columns.arrivals_us)
        arrived[starts] = columns.arrivals_us[starts] - self._arrival_us[pairs]
        sent = _steps(columns.timestamps)
        sent[starts] = columns.timestamps[starts] - self._timestamp[pairs]
        sent = (sent + _TIMESTAMP_WRAP // 2) % _TIMESTAMP_WRAP - _TIMESTAMP_WRAP // 2
        moved = np.abs(arrived * rates - sent)
        left = np.repeat(starts + counts, counts) - np.arange(1, len(moved) + 1)
        gained = np.add.reduceat(moved * _POWERS[left], starts) / 16
        self._jitter[pairs] = self._jitter[pairs] * _POWERS[counts] + gained


def _by_source(columns: Columns) -> Iterator[tuple[Columns, NDArray[np.int64] | slice]]:
    """Runs cut where the SSRC changes: the first piece of each run, the second ones, and so on.

    Beside the pieces, the rows of their runs. What is behind the last cut is one piece.
    """
    starts, total = columns.starts, len(columns.ssrcs)
    begins = np.ones(total, bool)
    np.not_equal(columns.ssrcs[1:], columns.ssrcs[:-1], out=begins[1:])
    begins[starts] = False
    if not begins.any():
        yield columns, slice(None)
        return
    begins[starts] = True
    first = np.flatnonzero(begins)
    row = np.searchsorted(starts, first, "right") - 1
    turn = np.arange(len(first)) - np.searchsorted(row, row)
    kept = turn < MAX_SOURCES_A_RUN
    first, row, turn = first[kept], row[kept], turn[kept]
    stop = np.append(first[1:], total)
    for number in range(int(turn.max()) + 1):
        now = turn == number
        yield _pieces(columns, first[now], stop[now]), row[now]


def _pieces(columns: Columns, first: NDArray[np.int64], stop: NDArray[np.int64]) -> Columns:
    """Only those stretches, of the columns that are counted here."""
    counts = stop - first
    at = np.concatenate([np.arange(*ends) for ends in zip(first, stop, strict=True)])
    return replace(
        columns,
        starts=np.cumsum(counts) - counts,
        counts=counts,
        arrivals_us=columns.arrivals_us[at],
        sequences=columns.sequences[at],
        timestamps=columns.timestamps[at],
        ssrcs=columns.ssrcs[at],
    )


def _signed_steps(
    sequences: NDArray[np.int64], starts: NDArray[np.int64], highest: NDArray[np.int64]
) -> NDArray[np.int64]:
    """From each packet's sequence to the one before it, as −32,768 … 32,767."""
    step = _steps(sequences)
    step[starts] = sequences[starts] - highest
    return (step + _HALF) % _WRAP - _HALF


def _steps(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """From each value to the one before it; the first step means nothing."""
    steps = np.empty_like(values)
    np.subtract(values[1:], values[:-1], out=steps[1:])
    return steps
