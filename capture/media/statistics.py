"""Loss and jitter of RTP streams, by column (RFC 3550 §6.4.1, appendix A.1, A.8).

Arrays over all the port pairs of a worker, updated once per batch. Knows nothing of sockets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from capture.holder.landing_buffer import SLOTS
from capture.media.batch_receiver import Columns

# A.8: J += (|D| - J) / 16, unrolled over the packets of a run.
_DECAY: Final = 15 / 16
# A transfer brings two into one sweep; whoever brings more is counted roughly.
MAX_SOURCES_A_RUN: Final = 8
_POWERS: Final = _DECAY ** np.arange(SLOTS + 1)
_ORDER: Final = np.arange(SLOTS)
# One row a pair, so that a sweep touches as few lines of the cache as there are streams.
_STATE: Final = np.dtype(
    [
        ("ssrc", "i8"), ("first", "i8"), ("highest", "i8"), ("packets", "i8"),
        ("timestamp", "i8"), ("arrival_us", "i8"), ("jitter", "f8"), ("clock_hz", "f8"),
        ("settled_packets", "i8"), ("settled_lost", "i8"),
    ]
)  # fmt: skip
_NOTHING: Final = (-1, 0, 0, 0, 0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Reception:
    """One stream so far: what a receiver report and an END frame say of it."""

    ssrc: int
    packets: int
    lost: int
    jitter_units: int
    highest_sequence: int


class Statistics:
    """Reception of every port pair (index = pair number)."""

    def __init__(self, pairs: int) -> None:
        self._table = np.zeros(pairs, _STATE)
        self._table["ssrc"] = -1
        self._table["clock_hz"] = 8000.0

    def forget(self, pair: int, clock_hz: int) -> None:
        """Begin a new stream on `pair`."""
        self._table[pair] = (*_NOTHING, clock_hz, 0, 0)

    def set_clock(self, pair: int, clock_hz: int) -> None:
        """The stream on `pair` goes on in units of another clock."""
        self._table["clock_hz"][pair] = clock_hz

    def of(self, pair: int) -> Reception:
        """The figures of `pair` now."""
        row = self._table[pair]
        expected = int(row["highest"] - row["first"]) + 1
        started = int(row["ssrc"]) >= 0
        open_lost = max(0, expected - int(row["packets"])) if started else 0
        return Reception(
            ssrc=max(0, int(row["ssrc"])),
            packets=int(row["settled_packets"] + row["packets"]),
            lost=int(row["settled_lost"]) + open_lost,
            jitter_units=int(row["jitter"]),
            highest_sequence=int(row["highest"]),
        )

    def totals(self, pairs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Packets and losses so far of some pairs."""
        rows = self._table[pairs]
        open_lost = rows["highest"] - rows["first"] + 1 - rows["packets"]
        open_lost[rows["ssrc"] < 0] = 0
        packets: NDArray[np.int64] = rows["settled_packets"] + rows["packets"]
        return packets, rows["settled_lost"] + np.maximum(open_lost, 0)

    def update(self, columns: Columns, pairs: NDArray[np.int64]) -> None:
        """Count a batch of RTP runs; `pairs` holds the pair of each run, each pair once."""
        for pieces, rows in _by_source(columns):
            at = pairs[rows]
            state = self._table[at]
            _count(pieces, state)
            self._table[at] = state


def _count(columns: Columns, state: NDArray[Any]) -> None:
    """Advance the rows by a run each."""
    starts, counts = columns.starts, columns.counts
    last = starts + counts - 1
    ssrcs = columns.ssrcs[last]
    changed = ssrcs != state["ssrc"]
    if changed.any():
        state[changed] = _begun(columns, starts[changed], ssrcs[changed], state[changed])
    _follow(columns, state)
    state["packets"] += counts
    _update_jitter(columns, last, state)
    state["timestamp"] = columns.timestamps[last]
    state["arrival_us"] = columns.arrivals_us[last]


def _begun(
    columns: Columns, at: NDArray[np.int64], ssrcs: NDArray[np.uint32], rows: NDArray[Any]
) -> NDArray[Any]:
    """A stream's first packet, or another SSRC: settle what was, count from here."""
    lost = rows["highest"] - rows["first"] + 1 - rows["packets"]
    rows["settled_lost"] += np.where(rows["ssrc"] >= 0, np.maximum(lost, 0), 0)
    rows["settled_packets"] += rows["packets"]
    rows["packets"] = 0
    rows["ssrc"] = ssrcs
    rows["first"] = columns.sequences[at]
    rows["highest"] = rows["first"] - 1
    rows["timestamp"] = columns.timestamps[at]
    rows["arrival_us"] = columns.arrivals_us[at]
    return rows


def _follow(columns: Columns, state: NDArray[Any]) -> None:
    """Extend the sequences (A.1): the highest so far."""
    starts, counts, sequences = columns.starts, columns.counts, columns.sequences
    step = np.empty(len(sequences), np.int16)
    np.subtract(sequences[1:], sequences[:-1], out=step[1:].view(np.uint16))
    step[starts] = (sequences[starts] - state["highest"].astype(np.uint16)).view(np.int16)
    if step.min() >= 0:
        state["highest"] += np.add.reduceat(step, starts, dtype=np.int64)
        return
    extended = np.cumsum(step, dtype=np.int64)
    before = extended[starts] - step[starts]
    extended += np.repeat(state["highest"] - before, counts)
    state["highest"] = np.maximum(state["highest"], np.maximum.reduceat(extended, starts))


def _update_jitter(columns: Columns, last: NDArray[np.int64], state: NDArray[Any]) -> None:
    """A.8 over each run; D is taken in units of the stream's clock."""
    starts, counts = columns.starts, columns.counts
    arrivals_us, timestamps = columns.arrivals_us, columns.timestamps
    moved = np.empty(len(arrivals_us))
    np.subtract(arrivals_us[1:], arrivals_us[:-1], out=moved[1:])
    moved[starts] = arrivals_us[starts] - state["arrival_us"]
    moved *= _rates(state["clock_hz"], counts)
    sent = np.empty(len(timestamps), np.uint32)
    np.subtract(timestamps[1:], timestamps[:-1], out=sent[1:])
    sent[starts] = timestamps[starts] - state["timestamp"].astype(np.uint32)
    moved -= sent.view(np.int32)
    np.abs(moved, out=moved)
    moved *= _POWERS[np.repeat(last, counts) - _ORDER[: len(moved)]]
    state["jitter"] *= _POWERS[counts]
    state["jitter"] += np.add.reduceat(moved, starts) / 16


def _rates(clock_hz: NDArray[np.float64], counts: NDArray[np.int64]) -> Any:
    """Units a µs, of each packet; one figure where all streams have the same clock."""
    if (clock_hz == clock_hz[0]).all():
        return clock_hz[0] / 1e6
    return np.repeat(clock_hz / 1e6, counts)


def _by_source(columns: Columns) -> Iterator[tuple[Columns, NDArray[np.int64] | slice]]:
    """Runs cut where the SSRC changes: the first piece of each run, the second ones, and so on.

    Beside the pieces, the rows of their runs. What is behind the last cut is one piece.
    """
    starts, ssrcs, total = columns.starts, columns.ssrcs, len(columns.ssrcs)
    begins = np.empty(total, bool)
    np.not_equal(ssrcs[1:], ssrcs[:-1], out=begins[1:])
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
        yield pieces_of(columns, first[now], stop[now]), row[now]


def pieces_of(columns: Columns, first: NDArray[np.int64], stop: NDArray[np.int64]) -> Columns:
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
