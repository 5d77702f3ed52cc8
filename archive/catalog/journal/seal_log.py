"""The file beside the key in which the counter and the seal of each row stand that was ever sealed.

Added to alone: what is sealed is written here before the catalog has it, and that it is committed
afterwards. Knows nothing of rows. Several processes of one user may write to it, one at a time.
"""

import fcntl
import os
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

MAC_BYTES: Final = 16
# Kind, table, row, counter, seal.
_RECORD: Final = struct.Struct(f">BBqq{MAC_BYTES}s")
_MODE: Final = 0o600


class RecordKind(IntEnum):
    ROW = 1  # a row has this seal, as soon as the catalog has it
    DONE = 2  # the catalog has all rows above
    OPEN = 3  # nobody knows whether it has


@dataclass(frozen=True, slots=True)
class SealRecord:
    """A row of a table with its seal; of `DONE` and `OPEN` the kind alone counts."""

    kind: RecordKind
    table: int = 0
    row: int = 0
    counter: int = 0
    mac: bytes = bytes(MAC_BYTES)

    def encode(self) -> bytes:
        """Its bytes."""
        return _RECORD.pack(self.kind, self.table, self.row, self.counter, self.mac)


@dataclass(slots=True)
class SealLog:
    """The file, and up to where it was read."""

    path: Path
    at: int = 0

    @property
    def has_news(self) -> bool:
        """Whether anything was added since it was last read."""
        try:
            return self.path.stat().st_size >= self.at + _RECORD.size
        except FileNotFoundError:
            return False

    def news(self) -> Iterator[SealRecord]:
        """What was added since it was last read; one that was cut is not there yet."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self.at)
            content = file.read()
        whole = len(content) - len(content) % _RECORD.size
        self.at += whole
        for kind, table, row, counter, mac in _RECORD.iter_unpack(content[:whole]):
            yield SealRecord(RecordKind(kind), table, row, counter, mac)

    @contextmanager
    def held(self) -> Iterator[int]:
        """Be the only one who adds to it, for as long as the block lasts."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _MODE)
        try:
            # Root's command may come first; it is the API's all the same.
            if os.geteuid() == 0:
                owner = self.path.parent.stat()
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            if size % _RECORD.size:  # power was cut while somebody wrote
                os.ftruncate(descriptor, size - size % _RECORD.size)
            yield descriptor
        finally:
            os.close(descriptor)


def add(descriptor: int, records: Iterable[SealRecord], *, sync: bool) -> int:
    """Add records to a log that is held; returns how many bytes."""
    content = b"".join(each.encode() for each in records)
    written = os.write(descriptor, content)
    if written != len(content):
        raise OSError("the log of seals is cut")
    if sync:
        os.fsync(descriptor)
    return written
