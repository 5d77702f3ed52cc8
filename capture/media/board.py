"""The board: a small shared memory on which workers show what signalling needs to know.

Words of u64 in a memfd of the holder: per worker busy share, lateness, trouble; per pair the last
arrival. Written by columns, read without asking.
"""

import mmap
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capture.media.holder import BOARD_HEAD_WORDS, BOARD_WORKER_WORDS


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One worker now: time busy (‰), worst lateness of a sweep (ms), heartbeat (µs UTC)."""

    busy_permille: int
    late_ms: int
    beat_us: int
    failing: bool


class Board:
    """The board on the holder's memfd."""

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, 0)
        view: NDArray[np.uint64] = np.frombuffer(self._map, np.uint64)
        self._workers = view[:BOARD_HEAD_WORDS].reshape(-1, BOARD_WORKER_WORDS)
        self.activity: NDArray[np.uint64] = view[BOARD_HEAD_WORDS:]

    @property
    def pairs(self) -> int:
        """How many port pairs the holder has."""
        return len(self.activity)

    def show(self, worker: int, state: WorkerState) -> None:
        """A worker says how it is."""
        row = self._workers[worker]
        row[0], row[1] = state.busy_permille, state.late_ms
        row[2], row[3] = state.beat_us, int(state.failing)

    def state(self, worker: int) -> WorkerState:
        """How a worker is, in its own last words."""
        busy, late, beat, failing = (int(word) for word in self._workers[worker][:4])
        return WorkerState(busy, late, beat, bool(failing))

    def last_arrival_us(self, pair: int) -> int:
        """When the last datagram arrived on `pair` (µs UTC); 0 = never in this holder's life."""
        return int(self.activity[pair])
