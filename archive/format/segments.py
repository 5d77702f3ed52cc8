"""The segments of a part, each verified when it is read: plaintext by position or by range.

Reads through a seam. Knows nothing of frames, of keys at rest, or of who asks.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol, Self

from archive.errors import RecordingCut, SegmentDamaged
from archive.format.floe import OVERHEAD_BYTES, Buffer, FloeMessage, claimed_bytes, is_final
from archive.format.header import BLOCK_BYTES, PLAIN_BYTES, SEGMENT_BYTES, aad_of, floe_header_of

# 1 MiB a read: few calls for a long part, little memory for many readers.
READ_AHEAD_SEGMENTS: Final = 256


class ReadAt(Protocol):
    """Where an archive file's bytes come from; offset 0 is the header block."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; fewer where the file ends. Raises `OSError`."""

    def size(self) -> int:
        """Bytes from the header block to the end of the file."""


class FileSource:
    """A file, read by offset; `base` is 4,096 for a spool file, whose first block is the page."""

    def __init__(self, path: Path | str, base: int = 0) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._base = base

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; raises `OSError`."""
        return os.pread(self._descriptor, length, self._base + offset)

    def size(self) -> int:
        """Bytes behind `base` now; a live part grows."""
        return max(0, os.fstat(self._descriptor).st_size - self._base)

    def close(self) -> None:
        """Let the file go."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_block(source: ReadAt) -> bytes:
    """The 4,096 bytes of the header block; `RecordingCut` where they are not there."""
    block = source.read_at(0, BLOCK_BYTES)
    if len(block) != BLOCK_BYTES:
        raise RecordingCut("the file ends before its first segment")
    return block


class Segments:
    """Verified plaintext by segment position.

    A part that is still written has no final segment: then all whole blocks count, a torn tail
    does not. What `sealed` and `count` say holds for the size at construction.
    """

    def __init__(self, source: ReadAt, data_key: Buffer, block: bytes) -> None:
        self._source = source
        self._message = FloeMessage.open(data_key, floe_header_of(block), aad_of(block))
        body = max(0, source.size() - BLOCK_BYTES)
        self._blocks, self._tail_bytes = divmod(body, SEGMENT_BYTES)
        self._ahead_at, self._ahead = 0, b""
        self._run_at, self._run = 0, b""
        self._last_opened: tuple[int, bytes] | None = None
        self.final_bytes = self._find_final()
        # Segments of the part: a valid final one included, a torn tail not.
        self.count: Final = self._blocks + (1 if self.sealed and self._tail_bytes else 0)
        # Length of the plaintext, as far as the file states it.
        self.plain_bytes: Final = (
            self._blocks * PLAIN_BYTES
            if self.final_bytes is None
            else (self.count - 1) * PLAIN_BYTES + self.final_bytes
        )

    @property
    def iv(self) -> bytes:
        """FLOE's message IV, 32 bytes."""
        return self._message.iv

    @property
    def header_tag(self) -> bytes:
        """FLOE's header tag, 32 bytes."""
        return self._message.header_tag

    @property
    def sealed(self) -> bool:
        """Whether the file ends with a valid final segment."""
        return self.final_bytes is not None

    @property
    def torn_bytes(self) -> int:
        """Bytes behind the last whole segment that are no final segment."""
        return 0 if self.sealed else self._tail_bytes

    def _find_final(self) -> int | None:
        """Plaintext bytes of a valid final segment at the end of the file."""
        last = self._blocks if self._tail_bytes else self._blocks - 1
        if last < 0:
            return None
        segment = self._source.read_at(BLOCK_BYTES + last * SEGMENT_BYTES, SEGMENT_BYTES)
        if len(segment) < OVERHEAD_BYTES or not is_final(segment):
            return None
        try:
            return len(self._message.open_segment(last, segment))
        except SegmentDamaged:
            return None

    def plain(self, position: int, ahead: int = 1) -> bytes:
        """The plaintext of one segment; `SegmentDamaged` or `RecordingCut` where it is not there.

        Reads up to `ahead` segments in one go when the segment is not at hand.
        """
        if self._last_opened is not None and self._last_opened[0] == position:
            return self._last_opened[1]
        plaintext = self._open(position, self._sealed(position, ahead), self.count - 1)
        self._last_opened = (position, plaintext)
        return plaintext

    def _open(self, position: int, segment: bytes, last: int) -> bytes:
        """A segment in its block; one that ends before its block does must be the final one."""
        stated = claimed_bytes(segment) or len(segment)
        plaintext = self._message.open_segment(position, segment[:stated])
        if is_final(segment) and (position != last or stated < len(segment)):
            raise RecordingCut("the file goes on after its final segment")
        return plaintext

    def _sealed(self, position: int, ahead: int) -> bytes:
        if not 0 <= position < self.count:
            raise RecordingCut(f"segment {position} is not in the file")
        at = (position - self._ahead_at) * SEGMENT_BYTES
        if not 0 <= at < len(self._ahead):
            wanted = min(ahead, self.count - position) * SEGMENT_BYTES
            offset = BLOCK_BYTES + position * SEGMENT_BYTES
            self._ahead_at, self._ahead = position, self._source.read_at(offset, wanted)
            at = 0
        if at >= len(self._ahead):
            raise RecordingCut(f"segment {position} is no longer in the file")
        return self._ahead[at : at + SEGMENT_BYTES]

    def read(self, offset: int, length: int, ahead: int = 1) -> bytes:
        """Plaintext bytes of a range; verifies just the segments that hold them.

        And up to `ahead` segments from there on, where they are whole: who reads on needs them.
        """
        at = offset - self._run_at
        if at >= 0 and 0 <= length <= len(self._run) - at:
            return self._run[at : at + length]
        if offset < 0 or length < 0 or offset + length > self.plain_bytes:
            raise RecordingCut("the range is not in the file")
        if not length:
            return b""
        first, last = offset // PLAIN_BYTES, (offset + length - 1) // PLAIN_BYTES
        pieces = [
            self._piece(position, max(ahead, last - position + 1))
            for position in range(first, last + 1)
        ]
        start = offset - first * PLAIN_BYTES
        return b"".join(pieces)[start : start + length]

    def run_from(self, offset: int) -> tuple[int, bytes]:
        """Whole segments that hold what follows `offset`: where they begin, their plaintext.

        Up to `READ_AHEAD_SEGMENTS`, and up to the first that is none or cannot be opened. What was
        opened before is given again, from where it begins, while most of it lies ahead.
        """
        position = offset // PLAIN_BYTES
        if 0 <= offset - self._run_at < len(self._run) // 2:
            return self._run_at, self._run
        if (position - self._ahead_at) * SEGMENT_BYTES > len(self._ahead) // 2:
            self._ahead = b""  # Most of it is behind us: a run is worth a read.
        try:
            self._open_run(position, READ_AHEAD_SEGMENTS)
        except RecordingCut:  # Cut while it is read: left to who asks for the segment by itself.
            return position * PLAIN_BYTES, b""
        return self._run_at, self._run

    def _piece(self, position: int, ahead: int) -> bytes:
        """The plaintext of one segment, opened together with those behind it."""
        ahead = min(ahead, READ_AHEAD_SEGMENTS)
        at = position * PLAIN_BYTES - self._run_at
        if ahead > 1 and not 0 <= at < len(self._run):
            self._open_run(position, ahead)
            at = 0
        piece = self._run[at : at + PLAIN_BYTES] if at >= 0 else b""
        return piece if len(piece) == PLAIN_BYTES else self.plain(position, ahead)

    def _open_run(self, position: int, ahead: int) -> None:
        """What can be opened is kept; what cannot is left to who asks for it by itself."""
        self._sealed(position, ahead)
        start = (position - self._ahead_at) * SEGMENT_BYTES
        sealed = self._ahead[start : start + ahead * SEGMENT_BYTES]
        self._run = self._message.open_internals(position, sealed)
        self._run_at = position * PLAIN_BYTES

    def valid_internal(self) -> Iterator[int]:
        """Positions of the internal segments that verify, in order; constant memory.

        `RecordingCut` where a valid final segment is not the last: no writer leaves that.
        """
        for position in range(self.count):
            try:
                self.plain(position, READ_AHEAD_SEGMENTS)
            except SegmentDamaged:
                continue
            if not (self.sealed and position == self.count - 1):
                yield position
        if self.torn_bytes >= OVERHEAD_BYTES:
            self._check_tail()

    def _check_tail(self) -> None:
        offset = BLOCK_BYTES + self._blocks * SEGMENT_BYTES
        tail = self._source.read_at(offset, SEGMENT_BYTES)
        with suppress(SegmentDamaged):
            self._open(self._blocks, tail, self._blocks)

    def close(self) -> None:
        """Zero the keys and let go of what was read."""
        self._message.close()
        self._ahead, self._run, self._last_opened = b"", b"", None
