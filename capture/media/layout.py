"""Where the plaintext of one write lies: frames one after another, padded to whole segments.

Bytes in a fixed buffer. Knows nothing of keys, sockets or files.
"""

from typing import Final

from archive.format.frames import HEAD, HEAD_BYTES, FrameKind
from archive.format.header import PLAIN_BYTES

# 4 MB of plaintext a write: more than two calls' worth of a whole second of wideband streams.
MAX_SEGMENTS: Final = 1024
_ZEROS: Final = bytes(PLAIN_BYTES)


class WriteFull(Exception):
    """The frames do not fit into one write; write what is laid out and begin again."""


class Layout:
    """A buffer of `MAX_SEGMENTS` plaintext segments and a position in it."""

    def __init__(self) -> None:
        self.plain = bytearray(MAX_SEGMENTS * PLAIN_BYTES)
        self.view = memoryview(self.plain)
        self.position = 0
        self.sync = bytes(8)

    def begin(self, sync: bytes) -> None:
        """Start a new write for the part of this sync word."""
        self.position = 0
        self.sync = sync

    def room_for_head(self) -> int:
        """Skip the end of a segment in which no head fits; the place of the next head."""
        left = PLAIN_BYTES - self.position % PLAIN_BYTES
        if left < HEAD_BYTES:
            self.view[self.position : self.position + left] = _ZEROS[:left]
            self.position += left
        return self.position

    def fits(self, payload_bytes: int) -> bool:
        """Whether a frame of that payload still fits, with what may go before and after it."""
        return self.position + payload_bytes + 3 * HEAD_BYTES <= len(self.plain)

    def frame(self, kind: FrameKind, stream: int, at_us: int, serial: int, payload: bytes) -> None:
        """Lay out a whole frame; raises `WriteFull`."""
        if not self.fits(len(payload)):
            raise WriteFull
        at = self.room_for_head()
        size = len(payload)
        HEAD.pack_into(self.plain, at, self.sync, kind, 0, stream, size, at_us, serial)
        self.view[at + HEAD_BYTES : at + HEAD_BYTES + size] = payload
        self.position = at + HEAD_BYTES + size

    def pad(self) -> int:
        """Fill up to the segment's end; the number of segments of this write."""
        left = -self.position % PLAIN_BYTES
        if left >= HEAD_BYTES:
            size = left - HEAD_BYTES
            HEAD.pack_into(
                self.plain, self.position, self.sync, FrameKind.PAD, 0, 0xFFFF, size, 0, 0
            )
            self.view[self.position + HEAD_BYTES : self.position + left] = _ZEROS[:size]
        elif left:
            self.view[self.position : self.position + left] = _ZEROS[:left]
        self.position += left
        return self.position // PLAIN_BYTES
