"""The board: a small shared memory on which workers show what signalling needs to know.

Words of u64 in a memfd of the holder: per worker busy share, lateness, trouble, then the same of
the relays; per lane the last arrival, which parts of its recording have been begun, packets and
losses so far, and what is odd in them. Written by columns, read without asking.

A lane is a pair, or what the relay plays to it: that of pair n is n + the number of pairs.
"""

import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capture.holder.server import BOARD_COLUMNS, BOARD_HEAD_WORDS, BOARD_WORKER_WORDS, MAX_WORKERS

# A word of parts begun: the recording by the last six bytes of its id (random ones), whether the
# last of them has its END, the count.
_COUNT_BITS: Final = 16
_ENDED: Final = 1 << (_COUNT_BITS - 1)
_MAX_COUNT: Final = _ENDED - 1
_WORD_TAIL: Final = _ENDED | _MAX_COUNT
_ID_BYTES: Final = 6
# What is odd about the last packet of a sweep.
MIXED: Final = 1
UNKNOWN_TYPE: Final = 2
# Others send beside who is heard.
CROWDED: Final = 4
# Where the payload type stands that nobody agreed on.
TYPE_SHIFT: Final = 8


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One worker now: time busy (‰), worst lateness of a sweep (ms), heartbeat (µs UTC).

    `failing`: there is a recording that no volume takes.
    """

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
        columns = view[BOARD_HEAD_WORDS:].reshape(BOARD_COLUMNS, -1)
        self.activity: NDArray[np.uint64] = columns[0]
        self._parts: NDArray[np.uint64] = columns[1]
        self.packets: NDArray[np.uint64] = columns[2]
        self.lost: NDArray[np.uint64] = columns[3]
        self.oddities: NDArray[np.uint64] = columns[4]

    @property
    def pairs(self) -> int:
        """How many port pairs the holder has."""
        return len(self.activity) // 2

    @property
    def lanes(self) -> int:
        """How many lanes there are: what arrives on the pairs, and what is played to them."""
        return len(self.activity)

    def show(self, worker: int, state: WorkerState) -> None:
        row = self._workers[worker]
        row[0], row[1] = state.busy_permille, state.late_ms
        row[2], row[3] = state.beat_us, int(state.failing)

    def state(self, worker: int) -> WorkerState:
        """How a worker is, in its own last words."""
        busy, late, beat, failing = (int(word) for word in self._workers[worker][:4])
        return WorkerState(busy, late, beat, bool(failing))

    def show_spool(self, worker: int, since_us: int) -> None:
        """Say since when the spool has taken nothing from a worker (µs, monotonic); 0: it does."""
        self._workers[worker][4] = since_us

    def spool_since_us(self, worker: int) -> int:
        """Return what the worker said last of the spool, 0 where it said nothing."""
        return int(self._workers[worker][4])

    def begin_part(self, pairs: Iterable[int], recording: bytes, part: int) -> None:
        """A worker uses a part's number up; whoever is killed now, it stays used up."""
        word = _tag(recording) | min(part + 1, _MAX_COUNT)
        for pair in pairs:
            self._parts[pair] = word

    def next_part(self, pairs: Iterable[int], recording: bytes) -> int:
        """The first number that no worker has used up, as far as these pairs know; else 0."""
        return max((word & _MAX_COUNT for word in self._words(pairs, recording)), default=0)

    def end_parts(self, pairs: Iterable[int], recording: bytes) -> None:
        """The last part has its END: whoever is killed now, no other one follows."""
        tag = _tag(recording)
        for pair in pairs:
            if int(self._parts[pair]) & ~_WORD_TAIL == tag:
                self._parts[pair] |= np.uint64(_ENDED)

    def is_ended(self, pairs: Iterable[int], recording: bytes) -> bool:
        """Whether a worker wrote the END of the last part, as far as these pairs know."""
        return any(word & _ENDED for word in self._words(pairs, recording))

    def _words(self, pairs: Iterable[int], recording: bytes) -> Iterator[int]:
        tag = _tag(recording)
        for pair in pairs:
            word = int(self._parts[pair])
            if word & ~_WORD_TAIL == tag:
                yield word

    def unknown_type(self, pair: int) -> int | None:
        """The payload type that came last on `pair`, where nobody agreed on it."""
        odd = int(self.oddities[pair])
        return odd >> TYPE_SHIFT if odd & UNKNOWN_TYPE else None

    def last_arrival_us(self, pair: int) -> int:
        """When the last datagram arrived on `pair` (µs UTC); 0 = never in this holder's life."""
        return int(self.activity[pair])


def relay_row(relay: int) -> int:
    """Where a relay shows itself, behind the ingest workers."""
    return MAX_WORKERS + relay


def _tag(recording: bytes) -> int:
    return int.from_bytes(recording[-_ID_BYTES:], "big") << _COUNT_BITS
