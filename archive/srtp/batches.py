"""Many secure packets opened at once: a tag for each, one pass of the cipher for all.

Numpy over bytes (RFC 3711 §4.1.1). Knows nothing of frames or streams.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from archive.srtp.decryption import Opener
from archive.srtp.directions import Direction, Fit
from archive.srtp.suites import BLOCK_BYTES

Bytes = NDArray[np.uint8]
Column = NDArray[np.int64]
Mask = NDArray[np.bool_]
_SSRC: Final = slice(4, 8)
_INDEX: Final = slice(8, 14)
_BLOCK: Final = slice(14, 16)


@dataclass(frozen=True, slots=True)
class Opened:
    """RTP in the places where SRTP lay: `data` anew, `lengths` without identifiers and tags.

    Of a packet that is not `proved` both are as they were.
    """

    data: Bytes
    lengths: Column
    proved: Mask


def open_packets(opener: Opener, data: Bytes, starts: Column, lengths: Column) -> Opened:
    """Open the packets that lie at `starts` in `data`; arrays of shape (n,)."""
    plain, shorter = data.copy(), lengths.copy()
    proved = np.zeros(len(starts), np.bool_)
    found: dict[Direction, list[tuple[int, Fit]]] = defaultdict(list)
    for row, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        fit = opener.fit(data[start : start + length].tobytes())
        if fit is None:
            continue
        proved[row], shorter[row] = True, fit.stop
        if fit.plain is not None:
            plain[start + fit.start : start + fit.stop] = np.frombuffer(fit.plain, np.uint8)
        elif fit.direction.master.rtp_encrypted:
            found[fit.direction].append((start, fit))
    for direction, packets in found.items():
        _decrypt(direction, plain, packets)
    return Opened(plain, shorter, proved)


def _decrypt(direction: Direction, plain: Bytes, packets: list[tuple[int, Fit]]) -> None:
    """Counter mode over the contents of all packets of one key."""
    begins = np.array([start + fit.start for start, fit in packets], np.int64)
    sizes = np.array([fit.stop - fit.start for _, fit in packets], np.int64)
    blocks = -(-sizes // BLOCK_BYTES)
    stream = _key_stream(direction, [fit for _, fit in packets], blocks)
    along = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    of_stream = along + np.repeat(BLOCK_BYTES * (np.cumsum(blocks) - blocks), sizes)
    plain[along + np.repeat(begins, sizes)] ^= stream[of_stream]


def _key_stream(direction: Direction, fits: list[Fit], blocks: Column) -> Bytes:
    counters = np.zeros((len(fits), BLOCK_BYTES), np.uint8)
    counters[:, _SSRC] = _big_endian([fit.ssrc for fit in fits], ">u4", 4)
    counters[:, _INDEX] = _big_endian([fit.index for fit in fits], ">u8", 6)
    counters[:, : _BLOCK.start] ^= np.frombuffer(direction.rtp.salt, np.uint8)
    every = np.repeat(counters, blocks, axis=0)
    number = np.arange(len(every)) - np.repeat(np.cumsum(blocks) - blocks, blocks)
    every[:, _BLOCK] = _big_endian(number.tolist(), ">u2", 2)
    # The counters are enciphered block by block: this is counter mode, of many packets at once.
    encryptor = Cipher(algorithms.AES(direction.rtp.encryption), modes.ECB()).encryptor()  # noqa: S305
    return np.frombuffer(encryptor.update(every.tobytes()), np.uint8)


def _big_endian(numbers: list[int], kind: str, size: int) -> Bytes:
    """The low `size` bytes of each number, shape (n, size)."""
    whole = np.array(numbers, kind)
    return whole.view(np.uint8).reshape(len(numbers), -1)[:, -size:]
