"""Parts written and read without haste, in memory and on a disk that a test has.

Ingest has a writer of its own: this one lays the same frames, one after another.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from archive.format.end import End, Lost
from archive.format.floe import DEFAULT, Buffer, FloeMessage, derive
from archive.format.frames import (
    HEAD_BYTES,
    RTCP_FLAG,
    SYNC_BYTES,
    SYNC_PURPOSE,
    WHOLE_RECORDING,
    Frame,
    FrameKind,
    encode_frame,
    gap_before_head,
    left_in_segment,
)
from archive.format.header import BLOCK_BYTES, SEGMENT_BYTES, HeaderBlock, block_bytes
from archive.format.packets import MAX_SOURCES, PACKET_DTYPE, PACKETS_HEAD, SOURCE, Source
from archive.format.part_reader import PartReader
from archive.format.part_writer import Entropy, SegmentSealer, _counting, _write

_MODE = 0o640
MAX_PACKETS = 65_535


def unsigned(_header_tag: bytes, _end: End) -> bytes:
    """Closes a part without a signature."""
    return b""


def pad_to_segment(sync: bytes, position: int) -> bytes:
    """What must follow a plaintext position, so that it ends with its segment."""
    left = left_in_segment(position)
    if left < HEAD_BYTES:
        return bytes(left)
    pad = Frame(FrameKind.PAD, 0, WHOLE_RECORDING, 0, 0, bytes(left - HEAD_BYTES))
    return encode_frame(sync, pad)


class FrameAssembler:
    """Lays frames one after another from a plaintext position on."""

    def __init__(self, sync: bytes, position: int = 0) -> None:
        assert len(sync) == SYNC_BYTES
        self._sync = sync
        self.position = position

    def add(self, frame: Frame) -> bytes:
        """The bytes that bring a frame into the plaintext, zeros before its head included."""
        laid = bytes(gap_before_head(self.position)) + encode_frame(self._sync, frame)
        self.position += len(laid)
        return laid

    def pad(self) -> bytes:
        """The bytes that end the plaintext with its segment, so that it can be written."""
        laid = pad_to_segment(self._sync, self.position)
        self.position += len(laid)
        return laid


def encode_packets(
    columns: NDArray[Any], data: Buffer, *, sources: Sequence[Source], clock_offset_us: int
) -> bytes:
    """The payload from `PACKET_DTYPE` columns, shape (n,), and the n datagrams in a row."""
    assert columns.dtype == PACKET_DTYPE
    assert 1 <= len(columns) <= MAX_PACKETS
    assert 1 <= len(sources) <= MAX_SOURCES
    assert int(columns["source"].max()) < len(sources)
    assert int(columns["length"].sum(dtype=np.int64)) == len(data)
    head = PACKETS_HEAD.pack(clock_offset_us, len(columns), len(sources), 0)
    entries = b"".join(SOURCE.pack(source.address, source.port, 0) for source in sources)
    return head + entries + columns.tobytes() + bytes(data)


class MemorySource:
    """An archive file that is held in memory."""

    def __init__(self, data: Buffer) -> None:
        self._data = data

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`."""
        return bytes(self._data[offset : offset + length])

    def size(self) -> int:
        """All bytes."""
        return len(self._data)


class PartWriter:
    """One part under its lock. Not synced before `finish`; raises `OSError` and `ShortWrite`."""

    def __init__(self, descriptor: int, base: int, sealer: SegmentSealer) -> None:
        self._descriptor = descriptor
        self._base = base
        self._sealer = sealer
        self._assembler = FrameAssembler(sealer.sync)
        self._packets: dict[int, int] = {}
        self.segments = 0

    @classmethod
    def create(
        cls,
        path: Path,
        header: HeaderBlock,
        data_key: Buffer,
        *,
        page: Callable[[bytes], bytes] | None = None,
        entropy: Entropy = os.urandom,
    ) -> Self:
        """Create and lock a file that must not exist; its folder must.

        `page` makes the intake page from the header block, for a part in the spool.
        """
        aad = header.encode_aad()
        message = FloeMessage.create(data_key, entropy(DEFAULT.iv_bytes), aad)
        sync = derive(data_key, DEFAULT, message.iv, SYNC_PURPOSE, aad, SYNC_BYTES)
        block = block_bytes(header, message.header)
        lead = page(block) if page else b""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _write(descriptor, lead + block, 0)
        return cls(
            descriptor, len(lead) + BLOCK_BYTES, SegmentSealer(message, bytes(sync), entropy)
        )

    def append(self, frames: Iterable[Frame]) -> None:
        """Write frames as whole segments; readable at once."""
        laid = bytearray()
        for frame in frames:
            laid += self._assembler.add(frame)
            self._count(frame)
        laid += self._assembler.pad()
        sealed = self._sealer.internal(self.segments, laid)
        _write(self._descriptor, sealed, self._base + self.segments * SEGMENT_BYTES)
        self.segments += len(sealed) // SEGMENT_BYTES

    def _count(self, frame: Frame) -> None:
        if frame.kind is FrameKind.PACKETS and not frame.flags & RTCP_FLAG:
            packets = PACKETS_HEAD.unpack_from(frame.payload)[1]
            self._packets[frame.stream] = self._packets.get(frame.stream, 0) + packets

    def end(self, reason: str, *, lost: Sequence[Lost] = (), last: bool = False) -> End:
        """The account of what was written so far."""
        return End(
            reason=reason,
            segments=self.segments + 1,
            packets=dict(self._packets),
            lost=tuple(lost),
            last=last,
        )

    def finish(self, end: End, *, at_us: int, sign: Callable[[bytes], bytes]) -> None:
        """Write END in the final segment, sync, and let go of lock, file and keys.

        END's `segments` is filled in here.
        """
        tag = self._sealer.header_tag

        def payload(segments: int) -> bytes:
            return _counting(end, segments).encode(sign=sign, header_tag=tag)

        sealed = self._sealer.closing(self.segments, payload, at_us)
        _write(self._descriptor, sealed, self._base + self.segments * SEGMENT_BYTES)
        os.fsync(self._descriptor)
        self.abandon()

    def abandon(self) -> None:
        """Let go of lock, file and keys, as a killed writer would."""
        self._sealer.close()
        os.close(self._descriptor)


def read_plain(reader: PartReader, offset: int, length: int) -> bytes:
    """Plaintext of a range; verifies just the segments that hold it.

    Raises `SegmentDamaged`, or `RecordingCut` where the range is not in the file.
    """
    return reader._segments.read(offset, length)


def valid_prefix_segments(reader: PartReader) -> int:
    """How many internal segments verify from the beginning on, without a hole."""
    count = 0
    for position in reader._segments.valid_internal():
        if position != count:
            break
        count += 1
    return count
