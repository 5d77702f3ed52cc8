"""Parts finalised after a crash, K2 of the design.

Holds a file and its lock. Knows nothing of ingest, which has a writer of its own.
"""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from archive.errors import ArchiveError, RecordingDamaged
from archive.format.end import RECOVERED, UNKNOWN_PACKETS, End, Lost
from archive.format.floe import DEFAULT, SEGMENT_IV_BYTES, Buffer, FloeMessage, derive
from archive.format.frame_counts import Tally
from archive.format.frames import (
    HEAD_BYTES,
    SYNC_BYTES,
    SYNC_PURPOSE,
    WHOLE_RECORDING,
    Frame,
    FrameKind,
    encode_frame,
)
from archive.format.header import BLOCK_BYTES, PLAIN_BYTES, SEGMENT_BYTES, aad_of, floe_header_of
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource, ReadAt, Segments, read_block

Entropy = Callable[[int], bytes]
# Signs, under a part's FLOE header tag, the END of who finalises it.
SignEnd = Callable[[bytes, End], bytes]


class PartInUse(ArchiveError):
    """The part's writer lives: only its lock says so, and it holds it."""


class ShortWrite(ArchiveError):
    """The disk took less than it was given; the part ends here."""


class SegmentSealer:
    """Seals plaintext from a position on; positions go up, so none is sealed twice."""

    def __init__(self, message: FloeMessage, sync: bytes, entropy: Entropy) -> None:
        self._message = message
        self.sync: Final = sync
        self._entropy = entropy

    @property
    def header_tag(self) -> bytes:
        """FLOE's header tag, 32 bytes."""
        return self._message.header_tag

    def internal(self, position: int, plaintext: Buffer) -> bytes:
        assert len(plaintext) % PLAIN_BYTES == 0
        count = len(plaintext) // PLAIN_BYTES
        sealed, plain = memoryview(bytearray(count * SEGMENT_BYTES)), memoryview(plaintext)
        for index in range(count):
            self._message.seal_internal(
                position + index,
                plain[index * PLAIN_BYTES : (index + 1) * PLAIN_BYTES],
                self._entropy(SEGMENT_IV_BYTES),
                sealed[index * SEGMENT_BYTES : (index + 1) * SEGMENT_BYTES],
            )
        return bytes(sealed)

    def closing(self, position: int, end_of: Callable[[int], bytes], at_us: int) -> bytes:
        """The segments that hold END; `end_of` makes its payload from the part's segment count."""
        count = 1
        while True:
            frame = Frame(FrameKind.END, 0, WHOLE_RECORDING, at_us, 0, end_of(position + count))
            needed = -(-(HEAD_BYTES + len(frame.payload)) // PLAIN_BYTES)
            if needed <= count:
                break
            count = needed
        plain, final_at = encode_frame(self.sync, frame), (count - 1) * PLAIN_BYTES
        final = self._message.seal_final(
            position + count - 1, plain[final_at:], self._entropy(SEGMENT_IV_BYTES)
        )
        return self.internal(position, plain[:final_at]) + final

    def close(self) -> None:
        """Zero the message key."""
        self._message.close()


def finalise_recovered(path: Path | str, data_key: Buffer, *, base: int = 0, sign: SignEnd) -> bool:
    """Close a part whose writer is dead: K2 of the design; return whether it was closed already.

    One that is closed stays as it is. Keeps everything up to the last internal segment that
    verifies, cuts what follows, writes END. Raises `PartInUse` while its writer lives;
    `HeaderDamaged` and `RecordingCut` for what no writer leaves behind: then nothing is changed.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise PartInUse("the part is still being written") from held
        with FileSource(path, base) as source:
            return _finalise(descriptor, base, source, data_key, sign)
    finally:
        os.close(descriptor)


def _finalise(descriptor: int, base: int, source: ReadAt, data_key: Buffer, sign: SignEnd) -> bool:
    block = read_block(source)
    segments = Segments(source, data_key, block)
    if segments.sealed:
        _sync_closed(descriptor, source, data_key)
        return True
    valid = set(segments.valid_internal())
    kept = max(valid) + 1 if valid else 0
    kept_bytes = BLOCK_BYTES + kept * SEGMENT_BYTES
    account = _account(_Beginning(source, kept_bytes), data_key)
    sealer = _sealer_of(block, data_key)

    def payload(segments: int) -> bytes:
        counted = _counting(account, segments)
        signature = sign(sealer.header_tag, counted)
        return msgspec.structs.replace(counted, signature=signature).encode_as_it_is()

    tail = sealer.closing(kept, payload, account.lost[0].from_us)
    sealer.close()
    os.ftruncate(descriptor, base + kept_bytes)
    _write(descriptor, tail, base + kept_bytes)
    os.fsync(descriptor)
    return False


def _sync_closed(descriptor: int, source: ReadAt, data_key: Buffer) -> None:
    """Whoever closed a part may have died before it was synced; raises what its END has wrong."""
    with PartReader(source, data_key) as reader:
        assert reader.end() is not None
        os.fsync(descriptor)


def _account(source: ReadAt, data_key: Buffer) -> End:
    """END of a part that nobody closed: what is found, and one open gap behind it."""
    tally = Tally()
    with PartReader(source, data_key) as reader:
        for item in reader.frames_with_damage():
            if isinstance(item, Frame):
                with suppress(RecordingDamaged):
                    tally.add(item)
        at_us = tally.last_at_us or reader.header.created_us
    lost = Lost(WHOLE_RECORDING, at_us, at_us, UNKNOWN_PACKETS)
    return End(reason=RECOVERED, segments=0, packets=tally.packets, lost=(lost,))


def _counting(end: End, segments: int) -> End:
    return msgspec.structs.replace(end, segments=segments)


def _sealer_of(block: bytes, data_key: Buffer) -> SegmentSealer:
    aad = aad_of(block)
    message = FloeMessage.open(data_key, floe_header_of(block), aad)
    sync = derive(data_key, DEFAULT, message.iv, SYNC_PURPOSE, aad, SYNC_BYTES)
    return SegmentSealer(message, bytes(sync), os.urandom)


class _Beginning:
    """The first bytes of a source, as if it ended there."""

    def __init__(self, source: ReadAt, size: int) -> None:
        self._source = source
        self._size = size

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`."""
        return self._source.read_at(offset, max(0, min(length, self._size - offset)))

    def size(self) -> int:
        return self._size


def _write(descriptor: int, data: bytes, offset: int) -> None:
    if os.pwrite(descriptor, data, offset) != len(data):
        raise ShortWrite("the disk took less than it was given")
