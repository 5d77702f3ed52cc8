"""Speex payloads as frames of their own; where one ends is known only bit by bit.

RFC 5574 §3.3 and the Speex manual, section 9 and 10. Pure bytes; knows nothing of decoders.
"""

import struct
from typing import Final

# Bits of a frame with its first bit and its mode; modes 9 to 15 carry no speech.
NARROW_BITS: Final = (5, 43, 119, 160, 220, 300, 364, 492, 79)
LAYER_BITS: Final = (4, 36, 112, 192, 352)
LAYERS: Final = {8_000: 0, 16_000: 1, 32_000: 2}
MAX_FRAMES: Final = 12
_HEAD: Final = struct.Struct("<8s20s13i")


def frames(payload: bytes) -> list[bytes]:
    number, total = int.from_bytes(payload, "big"), 8 * len(payload)
    at, found = 0, list[bytes]()
    while len(found) < MAX_FRAMES and (end := _end(number, total, at)) is not None:
        found.append(_cut(number >> (total - end), end - at))
        at = end
    return found


def _end(number: int, total: int, at: int) -> int | None:
    """Where the frame ends that begins at a bit; None where there is none."""
    mode = _peek(number, total, at, 5)
    if mode is None or mode >= len(NARROW_BITS):
        return None
    end = at + NARROW_BITS[mode]
    for _ in range(max(LAYERS.values())):
        head = _peek(number, total, end, 4)
        if head is None or head < 1 << 3 or head - (1 << 3) >= len(LAYER_BITS):
            break
        end += LAYER_BITS[head - (1 << 3)]
    return end if end <= total else None


def _peek(number: int, total: int, at: int, count: int) -> int | None:
    if at + count > total:
        return None
    return (number >> (total - at - count)) & ((1 << count) - 1)


def _cut(number: int, size: int) -> bytes:
    """The lowest bits of a number, filled up with a 0 and then ones (RFC 5574 §3.3)."""
    spare = 8 - size % 8
    padding = (1 << (spare - 1)) - 1
    return ((number & ((1 << size) - 1)) << spare | padding).to_bytes((size + spare) // 8, "big")


def head_of(rate_hz: int) -> bytes:
    """The stream's head as files have it: one frame a packet at this rate."""
    fields = (1, _HEAD.size, rate_hz, LAYERS[rate_hz], 4, 1, -1, rate_hz // 50, 0, 1, 0, 0, 0)
    return _HEAD.pack(b"Speex   ", b"1.2", *fields)
