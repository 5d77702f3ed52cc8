"""AMR and AMR-WB payloads as frames: a head byte and the bits of each, as decoders take them.

RFC 4867 §4.3 and §4.4, without interleaving and checks. Pure bytes; knows nothing of decoders.
"""

from collections.abc import Iterator
from typing import Final

# Bits of each frame type (RFC 4867 §3.6; 3GPP TS 26.101 table 2, TS 26.201 table 2).
AMR_BITS: Final = (95, 103, 118, 134, 148, 159, 204, 244, 39)
AMR_WB_BITS: Final = (132, 177, 253, 285, 317, 365, 397, 461, 477, 40)
NO_DATA: Final = 15
# Clients put up to 240 ms in a packet, FFmpeg as much as a datagram holds: more than a second.
MAX_FRAMES: Final = 64
_GOOD: Final = 0x04
MISSING: Final = bytes([NO_DATA << 3 | _GOOD])


def frames(payload: bytes, bits: tuple[int, ...], *, aligned: bool) -> list[bytes]:
    """The frames of a payload in file format (RFC 4867 §5.3); those that it cuts are left out."""
    return list(_aligned(payload, bits) if aligned else _packed(payload, bits))


def _size(kind: int, bits: tuple[int, ...]) -> int | None:
    """Bits of a frame type; None where there is no such type."""
    if kind < len(bits):
        return bits[kind]
    return 0 if kind >= NO_DATA - 1 else None


def _aligned(payload: bytes, bits: tuple[int, ...]) -> Iterator[bytes]:
    heads = []
    for head in payload[1 : 1 + MAX_FRAMES]:
        heads.append(head & 0x7C)
        if not head & 0x80:
            break
    at = 1 + len(heads)
    for head in heads:
        size = _size(head >> 3, bits)
        end = at + -(-(size or 0) // 8)
        if size is None or end > len(payload):
            return
        yield bytes([head]) + payload[at:end]
        at = end


def _packed(payload: bytes, bits: tuple[int, ...]) -> Iterator[bytes]:
    """The bits of all frames follow one another without a gap."""
    read = _Bits(payload)
    read.take(4)
    heads = []
    for _ in range(MAX_FRAMES):
        if read.left < 6:  # noqa: PLR2004 - a table entry: more, type, quality
            return
        more, head = read.take(1), read.take(5)
        heads.append(head << 2)
        if not more:
            break
    for head in heads:
        size = _size(head >> 3, bits)
        if size is None or size > read.left:
            return
        octets = -(-size // 8)
        yield bytes([head]) + (read.take(size) << (8 * octets - size)).to_bytes(octets, "big")


class _Bits:
    def __init__(self, payload: bytes) -> None:
        self._number = int.from_bytes(payload, "big")
        self.left = 8 * len(payload)

    def take(self, count: int) -> int:
        count = min(count, self.left)
        self.left -= count
        return (self._number >> self.left) & ((1 << count) - 1)
