"""What outlives a relay: each pair's gate and numbers, and each call with the state of its ends.

Columns of u64 and cells of bytes in a memfd of the holder. Knows nothing of what the bytes say.
"""

import mmap
import struct
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

# A call with its forks and keys, and the state of both ends, is two or three kilobytes.
_HALF_BYTES: Final = 8_192
_SIZE: Final = struct.Struct("<I")
MAX_KEPT_BYTES: Final = _HALF_BYTES - _SIZE.size
CELL_BYTES: Final = 2 * _HALF_BYTES
_COLUMNS: Final = (
    "gate",
    "began",
    "next",
    "missed",
    "missed_from",
    "missed_until",
    "missed_told",
    "valid",
    "next_report",
)
_LANES: Final = 2
_PAGE: Final = 4096
# Packets that are missed further apart are two gaps.
_ONE_GAP_US: Final = 1_000_000


def table_bytes(pairs: int) -> int:
    """The memory for so many pairs; what no call has used costs nothing."""
    return _columns_bytes(pairs) + pairs * CELL_BYTES


def _columns_bytes(pairs: int) -> int:
    return -(-8 * len(_COLUMNS) * _LANES * pairs // _PAGE) * _PAGE


class RelayTable:
    """The table; columns by lane (pair n, and what is played to it: n + the number of pairs).

    `gate_us`: since when what arrives may be kept, 0 = not yet. `began_us`: when the relay took the
    call of the pair. `next_index`: the number (with rollovers) of the next packet to the end there.
    `next_report`: the lowest SRTCP index that no report to the end there can have had.
    `missed`: packets that found no room in the ring, with when the first and last of them came;
    `missed_told`: so many of them are gaps in a recording.
    """

    def __init__(self, descriptor: int, pairs: int) -> None:
        self._map = mmap.mmap(descriptor, 0)
        self.pairs = pairs
        words: NDArray[np.uint64] = np.frombuffer(
            self._map, np.uint64, len(_COLUMNS) * _LANES * pairs
        )
        columns = words.reshape(len(_COLUMNS), _LANES * pairs)
        self.gate_us, self.began_us, next_index, self.missed = columns[:4]
        self.missed_from_us, self.missed_until_us, self.missed_told, self._valid = columns[4:8]
        self.next_report = columns[8]
        self.next_index = memoryview(next_index.data)
        self.next_index_address: int = next_index.ctypes.data
        self._cells = memoryview(self._map)[_columns_bytes(pairs) :]

    def keep(self, pair: int, data: bytes) -> bool:
        """Keep these bytes for a successor instead of those before; False where they are too long.

        Whoever is killed, one of the two is there, whole.
        """
        if len(data) > MAX_KEPT_BYTES:
            self.drop(pair)
            return False
        half = int(self._valid[pair]) & 1
        at = pair * CELL_BYTES + half * _HALF_BYTES
        _SIZE.pack_into(self._cells, at, len(data))
        self._cells[at + _SIZE.size : at + _SIZE.size + len(data)] = data
        self._valid[pair] = half + 1  # 1: the first half, 2: the second
        return True

    def drop(self, pair: int) -> None:
        """The call of this pair is over."""
        self._valid[pair] = 0

    def kept(self) -> Iterator[tuple[int, bytes]]:
        """Every pair that has bytes, with them."""
        for pair in np.flatnonzero(self._valid[: self.pairs]).tolist():
            at = pair * CELL_BYTES + (int(self._valid[pair]) - 1) * _HALF_BYTES
            (size,) = _SIZE.unpack_from(self._cells, at)
            begin = at + _SIZE.size
            yield pair, bytes(self._cells[begin : begin + size])

    def miss(self, lane: int, packets: int, at_us: int) -> None:
        """Packets of a lane were sent on and not kept."""
        if at_us - int(self.missed_until_us[lane]) > _ONE_GAP_US:
            self.missed_from_us[lane] = at_us
        self.missed_until_us[lane] = at_us
        self.missed[lane] += packets
