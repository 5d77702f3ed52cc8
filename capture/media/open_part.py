"""One part while it is written: created, sealed segment by segment, finished.

The order is C1–C4 of the design. Holds the data key of a part only while it is open.
"""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from archive.format.end import End
from archive.format.floe import (
    DATA_KEY_BYTES,
    DEFAULT,
    INTERNAL,
    SEGMENT_IV_BYTES,
    FloeMessage,
    derive,
    internal_aad,
    zero,
)
from archive.format.frames import SYNC_BYTES, SYNC_PURPOSE
from archive.format.header import BLOCK_BYTES, PLAIN_BYTES, SEGMENT_BYTES, HeaderBlock, block_bytes
from archive.format.intake import IntakePublicKey, seal_page
from archive.format.part_writer import SegmentSealer
from archive.ids import ID_BYTES, KeyId, NodeId, RecordingId, TenantId
from capture.errors import CaptureError
from capture.media.layout import MAX_SEGMENTS, Layout

OLDEST_MS: Final = 900
# The keeper, in the spool's group, closes what a killed writer left.
SPOOL_MODE: Final = 0o660
_BODY: Final = len(INTERNAL) + SEGMENT_IV_BYTES
_FIRST_SEGMENT: Final = 2 * BLOCK_BYTES
# As many as the largest write takes.
IV_POOL: Final = MAX_SEGMENTS


class WriteFailed(CaptureError):
    """The volume took less than it was given; the part ends where it is."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: the node, its signature, and whom a data key is sealed to when a part begins."""

    node: NodeId
    sign: Callable[[bytes], bytes]
    intake_key: Callable[[], IntakePublicKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOf:
    recording: RecordingId
    tenant: TenantId
    part: int
    created_us: int

    def header(self, node: NodeId) -> HeaderBlock:
        """Its header, with a new key id."""
        return HeaderBlock(
            recording=self.recording,
            part=self.part,
            generation=0,
            key=KeyId(os.urandom(ID_BYTES)),
            node=node,
            tenant=self.tenant,
            created_us=self.created_us,
            oldest_ms=OLDEST_MS,
        )


class SealingBench:
    """The buffers in which segments are sealed; one per process, used by all its parts."""

    def __init__(self) -> None:
        self.layout = Layout()
        self._sealed = bytearray(MAX_SEGMENTS * SEGMENT_BYTES)
        view = memoryview(self._sealed)
        rows = range(0, MAX_SEGMENTS * SEGMENT_BYTES, SEGMENT_BYTES)
        for at in rows:
            view[at : at + 4] = INTERNAL
        self.view = view
        self.ivs = [view[at + 4 : at + _BODY] for at in rows]
        self.bodies = [view[at + _BODY : at + SEGMENT_BYTES] for at in rows]
        plain = self.layout.view
        self.plains = [
            plain[at : at + PLAIN_BYTES] for at in range(0, MAX_SEGMENTS * PLAIN_BYTES, PLAIN_BYTES)
        ]
        self._aads: list[bytes] = []
        self._pool, self._next = memoryview(b""), IV_POOL

    def take_ivs(self, count: int) -> memoryview:
        """`count` fresh random IVs, one after another."""
        if self._next + count > IV_POOL:
            self._pool, self._next = memoryview(os.urandom(IV_POOL * SEGMENT_IV_BYTES)), 0
        first = self._next
        self._next = first + count
        return self._pool[first * SEGMENT_IV_BYTES : self._next * SEGMENT_IV_BYTES]

    def aad(self, position: int) -> bytes:
        """The associated data of an internal segment."""
        while position >= len(self._aads):
            self._aads.append(internal_aad(len(self._aads)))
        return self._aads[position]


class OpenPart:
    """A part under its writer's lock."""

    def __init__(
        self,
        spool: Path,
        what: PartOf,
        writer: Writer,
        bench: SealingBench,
        use_up: Callable[[], None] = lambda: None,
    ) -> None:
        """C1: create exclusively, lock, write intake page and header.

        `use_up` says that the number is used up: once there is a file of it, before it holds a
        key. Raises `OSError` or `WriteFailed`; no file is left that holds no key.
        """
        self.what, self.writer, self._bench = what, writer, bench
        self.header = what.header(writer.node)
        self.path = spool / self.header.relative_name()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, SPOOL_MODE)
        self.segments = 0
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
            use_up()
            self._begin(_fresh_key())
        except (OSError, WriteFailed):
            os.close(self.descriptor)
            self.path.unlink()
            raise

    def _begin(self, data_key: bytearray) -> None:
        aad = self.header.encode_aad()
        self._message = FloeMessage.create(data_key, os.urandom(32), aad)
        block = block_bytes(self.header, self._message.header)
        page = seal_page(
            data_key,
            block,
            to=self.writer.intake_key(),
            node=self.writer.node,
            sign=self.writer.sign,
        )
        iv = self._message.iv
        self.sync = bytes(derive(data_key, DEFAULT, iv, SYNC_PURPOSE, aad, SYNC_BYTES))
        zero(data_key)
        self._encrypt = self._message.cipher(0).encrypt_into
        try:
            self._write(page + block, 0)
        except WriteFailed:
            self.forget_keys()
            raise

    @property
    def bytes_written(self) -> int:
        """The size of the spool file so far."""
        return _FIRST_SEGMENT + self.segments * SEGMENT_BYTES

    def write(self) -> None:
        """C3: seal what the bench's layout holds and append it; raises `WriteFailed`."""
        bench, encrypt, position = self._bench, self._encrypt, self.segments
        ivs, bodies, plains = bench.ivs, bench.bodies, bench.plains
        count = bench.layout.pad()
        pool = bench.take_ivs(count)
        for row in range(count):
            iv = ivs[row]
            iv[:] = pool[row * SEGMENT_IV_BYTES : (row + 1) * SEGMENT_IV_BYTES]
            encrypt(iv, plains[row], bench.aad(position + row), bodies[row])
        self._write(bench.view[: count * SEGMENT_BYTES], self.bytes_written)
        self.segments = position + count

    def finish(self, end: End, at_us: int) -> None:
        """C4, first half: END, which says how many segments there are, the last of them final.

        The caller syncs, then calls `publish`.
        """
        sign, tag = self.writer.sign, self._message.header_tag

        def of_so_many(segments: int) -> bytes:
            return msgspec.structs.replace(end, segments=segments).encode(sign=sign, header_tag=tag)

        sealer = SegmentSealer(self._message, self.sync, os.urandom)
        closing = sealer.closing(self.segments, of_so_many, at_us)
        self.forget_keys()
        self._write(closing, self.bytes_written)

    def forget_keys(self) -> None:
        """Nothing of this part's keys stays in this process."""
        self._message.close()
        del self._encrypt

    def abandon(self) -> None:
        """Give the part to the keeper as it is (its volume failed)."""
        self.forget_keys()
        os.close(self.descriptor)

    def _write(self, data: bytes | memoryview, offset: int) -> None:
        try:
            written = os.pwrite(self.descriptor, data, offset)
        except OSError as error:
            raise WriteFailed(f"write failed: {error.strerror}") from error
        if written != len(data):
            raise WriteFailed("short write")


def publish(descriptor: int, path: Path) -> None:
    """C4, second half: sync, rename to `.sealed` (a hint), let go of the lock; raises `OSError`."""
    try:
        os.fdatasync(descriptor)
        path.rename(path.with_name(path.name + ".sealed"))
    finally:
        os.close(descriptor)


def take_back(path: Path) -> bool:
    """Remove a part whose writer died before it held a key, so that its number comes again.

    Else the recording would lack a part in which nothing ever was. Raises `OSError`.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_hollow = os.fstat(descriptor).st_size < _FIRST_SEGMENT
        if is_hollow:
            path.unlink()
        return is_hollow
    finally:
        os.close(descriptor)


def _fresh_key() -> bytearray:
    """32 random bytes that never were an immutable object."""
    key = bytearray(DATA_KEY_BYTES)
    random = os.open("/dev/urandom", os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.readv(random, [key])
    finally:
        os.close(random)
    return key
