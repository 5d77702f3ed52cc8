"""The frames inside a sealed part: their heads, and how they are laid over segments.

Pure bytes. Knows nothing of files, keys or what a payload means.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np

from archive.errors import FrameDamaged
from archive.format.floe import Buffer
from archive.format.header import PLAIN_BYTES

# docs/format.md section 5: sync word, kind, flags, stream, payload bytes, at, serial.
HEAD: Final = struct.Struct(">8sBBHIQQ")
HEAD_BYTES: Final = HEAD.size
# The same as columns of many heads, and what of one leads to the next: sync, kind, payload bytes.
HEAD_DTYPE: Final = np.dtype(
    [
        ("sync", "V8"),
        ("kind", "u1"),
        ("flags", "u1"),
        ("stream", ">u2"),
        ("size", ">u4"),
        ("at_us", ">u8"),
        ("serial", ">u8"),
    ]
)
HEAD_LEAD: Final = struct.Struct(">8sB3xI")
SYNC_BYTES: Final = 8
SYNC_PURPOSE: Final = b"ROKUON_FRAME_SYNC:"

WHOLE_RECORDING: Final = 0xFFFF
RTCP_FLAG: Final = 1
# A sweep takes less than 1 MiB from one socket and a body has 1 MiB at most (1.4 MiB in base64);
# whoever reads must hold one payload.
MAX_PAYLOAD_BYTES: Final = 1 << 24


class FrameKind(IntEnum):
    PACKETS = 1
    EVENT = 2
    CLOCK = 3
    GAP = 4
    PAD = 5
    END = 6


KINDS: Final = {int(kind): kind for kind in FrameKind}


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `at_us`: µs since 1970 UTC; `position`: plaintext offset of a head just read."""

    kind: FrameKind
    flags: int
    stream: int
    at_us: int
    serial: int
    payload: bytes | memoryview
    position: int = 0


class FrameHead(NamedTuple):
    """The 32 bytes before a payload, without the sync word."""

    kind: FrameKind
    flags: int
    stream: int
    payload_bytes: int
    at_us: int
    serial: int


def encode_frame(sync: bytes, frame: Frame) -> bytes:
    """Head and payload as they stand in the plaintext."""
    assert len(frame.payload) <= MAX_PAYLOAD_BYTES
    head = HEAD.pack(
        sync,
        frame.kind,
        frame.flags,
        frame.stream,
        len(frame.payload),
        frame.at_us,
        frame.serial,
    )
    return head + bytes(frame.payload)


def decode_head(sync: bytes, head: Buffer, position: int) -> FrameHead:
    """Read the 32 bytes at a plaintext offset; `FrameDamaged(position)` where no frame begins."""
    word, kind, flags, stream, payload_bytes, at_us, serial = HEAD.unpack(head)
    if word != sync:
        raise FrameDamaged(position, "no frame begins here")
    known = KINDS.get(kind)
    if known is None:
        raise FrameDamaged(position, f"frames of kind {kind} are not known here")
    if payload_bytes > MAX_PAYLOAD_BYTES:
        raise FrameDamaged(position, "its payload is longer than any that is written")
    return FrameHead(known, flags, stream, payload_bytes, at_us, serial)


def left_in_segment(position: int) -> int:
    """Plaintext bytes from here to the end of the segment; 0 at a segment's beginning."""
    return -position % PLAIN_BYTES


def gap_before_head(position: int) -> int:
    """Zeros that must come first, so that a head does not straddle two segments: 0 to 31."""
    left = left_in_segment(position)
    return left if left < HEAD_BYTES else 0
