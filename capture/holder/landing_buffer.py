"""The landing ring: receive slots in memory that outlives the process that fills them.

Numpy views of one memfd in the layout of docs/capture.md. Knows nothing of calls or sealing.
"""

import mmap
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capture.native.layout import CONTROL_BYTES, NAME_BYTES

# A batch of 64 two-stream calls lands about 4,100 datagrams; the rest is room for a late sweep.
SLOTS: Final = 8192
# 20 ms of G.711 or G.722: what most datagrams are lies without a gap, as the archive keeps it.
SMALL_BYTES: Final = 172
LARGE_BYTES: Final = 1876
_PAGE: Final = 4096
_COUNT_BITS: Final = 16
# In µs, the first sequences of two rings of one node meet after four years.
_SEQUENCES: Final = 1 << 47

HEADER: Final = np.dtype(
    {
        "names": ["name", "namelen", "iov", "iovlen", "control", "controllen", "flags", "len"],
        "formats": ["<u8", "<u4", "<u8", "<u8", "<u8", "<u8", "<i4", "<u4"],
        "offsets": [0, 8, 16, 24, 32, 40, 48, 56],
        "itemsize": 64,
    }
)
_REGIONS: Final = {
    "commit": _PAGE,
    "owner": 4 * SLOTS,
    "headers": HEADER.itemsize * SLOTS,
    "vectors": 32 * SLOTS,
    "names": 32 * SLOTS,
    "controls": CONTROL_BYTES * SLOTS,
    "small": SMALL_BYTES * SLOTS,
    "large": LARGE_BYTES * SLOTS,
}
RING_BYTES: Final = sum(_REGIONS.values())


class Run(NamedTuple):
    """Slots `first` to `first + count` were read from the socket of `owner`."""

    owner: int
    first: int
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody needs of a run


class LandingRing:
    """One worker's receive slots; `descriptor` is the holder's memfd of `RING_BYTES`."""

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, RING_BYTES)
        views = views_of(self._map, _REGIONS)
        self.commit_word: NDArray[np.uint64] = views["commit"].view("<u8")[:1]
        self.owner: NDArray[np.uint32] = views["owner"].view("<u4")
        self.headers: NDArray[Any] = views["headers"].view(HEADER)
        self.names: NDArray[np.uint8] = views["names"].reshape(SLOTS, 32)
        self.controls: NDArray[np.uint8] = views["controls"].reshape(SLOTS, CONTROL_BYTES)
        self.small: NDArray[np.uint8] = views["small"].reshape(SLOTS, SMALL_BYTES)
        self.large: NDArray[np.uint8] = views["large"].reshape(SLOTS, LARGE_BYTES)
        self.packed = memoryview(self.small.data).cast("B")
        self.rtp_words: NDArray[np.uint32] = self.small[:, :12].view(">u4")
        self.name_words: NDArray[np.uint64] = self.names.view("<u8")
        self.stamps: NDArray[np.int64] = self.controls.view("<i8")
        self.first_header: int = self.headers.ctypes.data
        self._point(views["vectors"].view("<u8").reshape(SLOTS, 4))
        if self.committed:  # a predecessor was killed between the two words of a commit
            self.commit(self.committed)

    def _point(self, vectors: NDArray[np.uint64]) -> None:
        """Fill in the addresses, which are this process's own."""
        slots = np.arange(SLOTS, dtype="<u8")
        vectors[:, 0] = self.small.ctypes.data + slots * SMALL_BYTES
        vectors[:, 1] = SMALL_BYTES
        vectors[:, 2] = self.large.ctypes.data + slots * LARGE_BYTES
        vectors[:, 3] = LARGE_BYTES
        self.headers["name"] = self.names.ctypes.data + slots * 32
        self.headers["iov"] = vectors.ctypes.data + slots * 32
        self.headers["iovlen"] = 2
        self.headers["control"] = self.controls.ctypes.data + slots * CONTROL_BYTES

    def begin(self, sequence: int) -> None:
        """Make a new ring ready: nothing landed, `sequence` is the first slot's."""
        self.clear(SLOTS)
        self.commit_word[0] = sequence % _SEQUENCES << _COUNT_BITS

    def rebase(self, sequence: int) -> None:
        """Slot 0 gets this sequence, as when the slots are copies of another ring's."""
        self.commit_word[0] = sequence % _SEQUENCES << _COUNT_BITS

    @property
    def is_new(self) -> bool:
        """Whether nobody has called `begin` on this memory yet."""
        return int(self.commit_word[0]) == 0

    @property
    def base(self) -> int:
        """The ring sequence of slot 0."""
        return int(self.commit_word[0]) >> _COUNT_BITS

    @property
    def committed(self) -> int:
        """How many slots of this batch are safe on disk."""
        return int(self.commit_word[0]) & ((1 << _COUNT_BITS) - 1)

    def clear(self, count: int) -> None:
        """Reset the first `count` slots for the kernel."""
        headers = self.headers[:count]
        headers["namelen"] = NAME_BYTES
        headers["controllen"] = CONTROL_BYTES
        headers["len"] = 0
        self.owner[:count] = 0

    def commit(self, count: int) -> None:
        """The first `count` slots are written: forget them, in the order a kill cannot break."""
        base = self.base
        self.commit_word[0] = base << _COUNT_BITS | count
        # One more: behind the last packet stands the owner of a socket that held nothing.
        self.clear(min(count + 1, SLOTS))
        self.commit_word[0] = (base + count) << _COUNT_BITS

    def landed(self) -> list[Run]:
        """Runs of slots that were filled and not committed (after a predecessor was killed)."""
        headers = self.headers[self.committed :]
        # An empty datagram has no length; that the kernel has been there shows beside it.
        used = (headers["len"] != 0) | (headers["controllen"] != CONTROL_BYTES)
        filled = np.flatnonzero(used) + self.committed
        runs: list[Run] = []
        for slot in filled.tolist():
            owner = int(self.owner[slot])
            last = runs[-1] if runs else None
            if last is not None and owner in (0, last.owner) and slot == last.first + last.count:
                runs[-1] = Run(last.owner, last.first, last.count + 1)
            elif owner:
                runs.append(Run(owner, slot, 1))
        return runs


def views_of(memory: mmap.mmap, regions: Mapping[str, int]) -> dict[str, NDArray[np.uint8]]:
    """Its regions, one behind the other, each so many bytes."""
    offset, views = 0, {}
    for name, size in regions.items():
        views[name] = np.frombuffer(memory, np.uint8, size, offset)
        offset += size
    return views
