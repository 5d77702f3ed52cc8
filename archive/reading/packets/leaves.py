"""The salted leaves of a part's Merkle tree: one per stream and 200 ms of what arrived.

Pure. Knows nothing of frames, files or the tree; who may learn a salt is decided elsewhere.
"""

import hashlib
import hmac
from typing import Final

import numpy as np

from archive.certificates.merkle import LEAF
from archive.reading.packets.blocks import Block

LEAF_US: Final = 200_000
_ROW: Final = np.dtype([("serial", ">u8"), ("arrival_us", ">i8"), ("length", ">u4")])


def leaf_salt(salt: bytes, series: int, number: int) -> bytes:
    """Salt of one leaf: without it, a leaf's hash says nothing of what was spoken; 32 bytes."""
    return hmac.digest(salt, series.to_bytes(4, "big") + number.to_bytes(8, "big"), "sha256")


class LeafSeries:
    """The leaves of one socket's packets, in the order received.

    A leaf is a run of packets that arrived in the same 200 ms: SHA-256 over 00, its salt,
    (serial u64, arrival i64, length u32) of each packet, the datagram of each packet.
    """

    def __init__(self, salt: bytes, series: int) -> None:
        self._salt = salt
        self._series = series
        self._slot = 0
        self._rows: list[memoryview] = []
        self._datagrams: list[memoryview] = []
        self._leaves: list[bytes] = []

    def feed(self, block: Block) -> None:
        """Take the packets that follow the last ones."""
        if not len(block.keys):
            return
        slots = block.arrivals_us // LEAF_US
        ends = block.starts + block.lengths
        # A run is hashed in one piece: of one leaf, its datagrams side by side.
        breaks = np.ones(len(slots), np.bool_)
        breaks[1:] = (slots[1:] != slots[:-1]) | (block.starts[1:] != ends[:-1])
        firsts = np.flatnonzero(breaks)
        lasts = np.append(firsts[1:], len(slots)) - 1
        rows, data = memoryview(_rows(block)), np.ascontiguousarray(block.data).data
        for slot, first, last, begin, end in zip(
            slots[firsts].tolist(),
            (firsts * _ROW.itemsize).tolist(),
            ((lasts + 1) * _ROW.itemsize).tolist(),
            block.starts[firsts].tolist(),
            ends[lasts].tolist(),
            strict=True,
        ):
            if slot != self._slot:
                self._close()
                self._slot = slot
            self._rows.append(rows[first:last])
            self._datagrams.append(data[begin:end])

    def finish(self) -> list[bytes]:
        """Hashes of all leaves."""
        self._close()
        return self._leaves

    def _close(self) -> None:
        if self._rows:
            salt = leaf_salt(self._salt, self._series, len(self._leaves))
            whole = b"".join((LEAF, salt, *self._rows, *self._datagrams))
            self._leaves.append(hashlib.sha256(whole).digest())
        self._rows.clear()
        self._datagrams.clear()


def _rows(block: Block) -> bytes:
    rows = np.empty(len(block.keys), _ROW)
    rows["serial"], rows["arrival_us"] = block.serials, block.arrivals_us
    rows["length"] = block.lengths
    return rows.tobytes()
