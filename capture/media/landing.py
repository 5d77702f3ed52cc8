"""What one batch's sockets hold, read into the ring and seen as columns.

The only place that calls `recvmmsg`. Knows nothing of recordings or sealing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from capture.media.kernel import MSG_DONTWAIT, MSG_TRUNC, recvmmsg
from capture.media.ring import HEADER, SLOTS, SMALL_BYTES, LandingRing, Run

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

    `arrivals_us` int64 µs UTC; `lengths` int64 bytes (never more than a slot holds); the header
    columns are what an RTP packet would have there, whatever the datagram is.
    """

    runs: list[Run]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    arrivals_us: NDArray[np.int64]
    lengths: NDArray[np.int64]
    cut: NDArray[np.bool_]
    payload_types: NDArray[np.uint8]
    sequences: NDArray[np.int64]
    timestamps: NDArray[np.int64]
    ssrcs: NDArray[np.int64]
    drops: NDArray[np.int64]


def receive(ring: LandingRing, ears: Iterable[tuple[int, int]], first: int = 0) -> list[Run]:
    """Read each (descriptor, owner) once into the slots from `first` on; stops when full.

    What is over `MAX_FROM_ONE` of a socket waits in the kernel for the next sweep.
    """
    address, owner_column, runs = ring.first_header, ring.owner, []
    slot = first
    for descriptor, owner in ears:
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
    starts = np.array([run.first for run in runs], np.int64) - first
    headers = ring.headers[first:stop]
    stamps = ring.controls[first:stop].view("<i8")
    words16 = ring.small[first:stop].view(">u2")
    words32 = ring.small[first:stop].view(">u4")
    flags = headers["flags"]
    return Columns(
        runs=runs,
        starts=starts,
        counts=np.diff(starts, append=stop - first),
        arrivals_us=stamps[:, 2] * _MICRO + stamps[:, 3] // _NANO,
        lengths=headers["len"].astype(np.int64),
        cut=(flags & MSG_TRUNC) != 0,
        payload_types=ring.small[first:stop, 1] & np.uint8(0x7F),
        sequences=words16[:, 1].astype(np.int64),
        timestamps=words32[:, 1].astype(np.int64),
        ssrcs=words32[:, 2].astype(np.int64),
        drops=_drops(ring, headers, first, stop),
    )


def _drops(ring: LandingRing, headers: NDArray[Any], first: int, stop: int) -> NDArray[np.int64]:
    """The kernel's running count of dropped datagrams per slot; 0 where it said nothing."""
    used = headers["controllen"] > _STAMP_CONTROL_BYTES
    counters = ring.controls[first:stop].view("<u4")[:, 12].astype(np.int64)
    return np.where(used, counters, 0)


def datagram(ring: LandingRing, slot: int, length: int) -> bytes:
    """One landed datagram whole, also where it runs over into the large slot."""
    head = bytes(ring.small[slot, : min(length, SMALL_BYTES)])
    return head + bytes(ring.large[slot, : max(0, length - SMALL_BYTES)])
