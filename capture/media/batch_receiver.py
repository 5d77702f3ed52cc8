"""What one batch's sockets hold, read into the ring and seen as columns.

The only place that calls `recvmmsg`. Knows nothing of recordings or sealing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capture.holder.kernel import MSG_DONTWAIT, MSG_TRUNC, recvmmsg
from capture.holder.landing_buffer import HEADER, LARGE_BYTES, SLOTS, SMALL_BYTES, LandingRing, Run

# More than a second of a 20-ms stream; a fuller queue is read in several calls.
MAX_RUN: Final = 64
# A flood on one socket leaves slots to the others, and its frame fits into one write.
MAX_FROM_ONE: Final = 1024
_STAMP_CONTROL_BYTES: Final = 32
_NANO: Final = 1000
_MICRO: Final = 1_000_000


@dataclass(slots=True)
class Columns:
    """Columns over the landed slots of one batch; `starts` and `counts` are per run.

    `arrivals_us` int64 µs UTC; `lengths` uint32 bytes (never more than a slot holds); sequences
    uint16, timestamps and SSRCs uint32: what an RTP packet would have there, whatever the datagram
    is. `cut` (bool) and `drops` (int64) are None where nothing was cut or dropped.
    """

    runs: list[Run]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    arrivals_us: NDArray[np.int64]
    lengths: NDArray[np.uint32]
    sequences: NDArray[np.uint16]
    timestamps: NDArray[np.uint32]
    ssrcs: NDArray[np.uint32]
    cut: NDArray[np.bool_] | None
    drops: NDArray[np.int64] | None


def receive(ring: LandingRing, sockets: Iterable[tuple[int, int]], first: int = 0) -> list[Run]:
    """Read each (descriptor, owner) once into the slots from `first` on; stops when full.

    What is over `MAX_FROM_ONE` of a socket waits in the kernel for the next sweep.
    """
    address, owner_column, runs = ring.first_header, ring.owner, []
    slot = first
    for descriptor, owner in sockets:
        begin = slot
        while slot + MAX_RUN <= SLOTS and slot - begin < MAX_FROM_ONE:
            owner_column[slot] = owner
            count = recvmmsg(
                descriptor, address + slot * HEADER.itemsize, MAX_RUN, MSG_DONTWAIT, None
            )
            slot += max(count, 0)
            if count < MAX_RUN:
                break
        if slot > begin:
            runs.append(Run(owner, begin, slot - begin))
    return runs


def read_columns(ring: LandingRing, runs: list[Run]) -> Columns:
    """See the slots of `runs`, which must lie one after another from slot runs[0].first."""
    first = runs[0].first
    stop = runs[-1].first + runs[-1].count
    starts = np.array([run.first for run in runs], np.int64)
    starts -= first
    words = np.empty((3, stop - first), np.uint32)
    words[...] = ring.rtp_words[first:stop].T
    arrivals_us = arrivals_of(ring, first, stop)
    lengths = ring.headers["len"][first:stop].copy()
    return Columns(
        runs=runs,
        starts=starts,
        counts=np.diff(starts, append=stop - first),
        arrivals_us=arrivals_us,
        lengths=lengths,
        sequences=words[0].astype(np.uint16),
        timestamps=words[1],
        ssrcs=words[2],
        cut=_cut(ring, lengths, first),
        drops=_drops(ring, first, stop),
    )


def arrivals_of(ring: LandingRing, first: int, stop: int) -> NDArray[np.int64]:
    """When the slots' packets arrived in the kernel, µs UTC."""
    stamps = ring.stamps[first:stop]
    arrivals_us = stamps[:, 2] * _MICRO
    arrivals_us += stamps[:, 3] // _NANO
    return arrivals_us


def _cut(ring: LandingRing, lengths: NDArray[np.uint32], first: int) -> NDArray[np.bool_] | None:
    """Which datagrams were longer than their slot."""
    if lengths.max() < SMALL_BYTES + LARGE_BYTES:
        return None
    cut: NDArray[np.bool_] = (ring.headers["flags"][first : first + len(lengths)] & MSG_TRUNC) != 0
    return cut


def _drops(ring: LandingRing, first: int, stop: int) -> NDArray[np.int64] | None:
    """The kernel's running count of dropped datagrams per slot; 0 where it said nothing."""
    used = ring.headers["controllen"][first:stop]
    if used.max() <= _STAMP_CONTROL_BYTES:
        return None
    counters = ring.controls[first:stop].view("<u4")[:, 12].astype(np.int64)
    return np.where(used > _STAMP_CONTROL_BYTES, counters, 0)


def datagram(ring: LandingRing, slot: int, length: int) -> bytes:
    """One landed datagram whole, also where it runs over into the large slot."""
    head = bytes(ring.small[slot, : min(length, SMALL_BYTES)])
    return head + bytes(ring.large[slot, : max(0, length - SMALL_BYTES)])
