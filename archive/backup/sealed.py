"""The file of a backup set, its name and format: a header, the set's wrapped key, FLOE.

Knows nothing of databases or of epochs' keys: wrapping and opening is done by who has them.
"""

import os
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO, Final, Self

from archive.backup.errors import SetDamaged
from archive.disk.files import Disk, draft_of, settle
from archive.errors import HeaderDamaged, SegmentDamaged
from archive.format.floe import (
    HEADER_BYTES,
    SEGMENT_IV_BYTES,
    Buffer,
    FloeMessage,
    FloeParameters,
    claimed_bytes,
    is_final,
)

# docs/backup.md: magic, version, kind, epoch, made, bytes of the content | wrapped key.
_LEAD: Final = struct.Struct(">8sHHIQQ")
_WRAPPED_BYTES: Final = 60
LEAD_BYTES: Final = _LEAD.size
AAD_BYTES: Final = LEAD_BYTES + _WRAPPED_BYTES
MAGIC: Final = b"ROKUONBK"
VERSION: Final = 1
# Large enough that sealing costs no more than copying does.
PARAMETERS: Final = FloeParameters(segment_bytes=65_536)
SET_MODE: Final = 0o600
SET_SUFFIX: Final = ".rkb"


class SetKind(IntEnum):
    CATALOG = 1
    KEYSTORE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLead:
    """What a set says of itself. `made_us`: µs since 1970 UTC; `size`: bytes of the content."""

    kind: SetKind
    epoch: int
    made_us: int
    size: int

    def encode(self) -> bytes:
        """The first 32 bytes, to which the set's wrapped key is bound."""
        return _LEAD.pack(MAGIC, VERSION, self.kind, self.epoch, self.made_us, self.size)

    @classmethod
    def decode(cls, lead: bytes) -> Self:
        """Read 32 bytes, unverified; raises `SetDamaged`."""
        if len(lead) != LEAD_BYTES:
            raise SetDamaged("the backup set is shorter than its header")
        magic, version, kind, epoch, made_us, size = _LEAD.unpack(lead)
        if magic != MAGIC or version != VERSION or kind not in list(SetKind):
            raise SetDamaged("this is not a backup set of version 1")
        return cls(kind=SetKind(kind), epoch=epoch, made_us=made_us, size=size)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetKey:
    """The key of one set: open, to be zeroed, and wrapped under its epoch."""

    opened: bytearray
    wrapped: bytes

    def __repr__(self) -> str:
        return "SetKey(…)"


def read_lead(path: Path) -> tuple[SetLead, bytes]:
    """Return what a set says of itself, and its wrapped key; raises `SetDamaged`, `OSError`."""
    with path.open("rb") as file:
        lead = SetLead.decode(file.read(LEAD_BYTES))
        wrapped = file.read(_WRAPPED_BYTES)
    if len(wrapped) != _WRAPPED_BYTES:
        raise SetDamaged("the backup set is shorter than its header")
    return lead, wrapped


def write_draft(disk: Disk, path: Path, content: Path, lead: SetLead, key: SetKey) -> None:
    """Seal the file `content` under the draft name of `path`; `settle_set` gives it its own."""
    assert len(key.wrapped) == _WRAPPED_BYTES
    aad = lead.encode() + key.wrapped
    message = FloeMessage.create(
        key.opened, secrets.token_bytes(PARAMETERS.iv_bytes), aad, PARAMETERS
    )
    try:
        with content.open("rb") as source:
            disk.write(draft_of(path), _sealed(message, aad, source), SET_MODE)
    finally:
        message.close()


def settle_set(disk: Disk, path: Path) -> None:
    """Give a set that was written its name; it stays once we return."""
    settle(disk, [path])


def unseal(path: Path, key: Buffer, into: Path) -> SetLead:
    """Write the content of a set to a new file, every segment verified; raises `SetDamaged`."""
    lead, wrapped = read_lead(path)
    aad = lead.encode() + wrapped
    descriptor = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SET_MODE)
    with path.open("rb") as source, os.fdopen(descriptor, "wb") as target:
        source.seek(AAD_BYTES)
        try:
            message = FloeMessage.open(key, source.read(HEADER_BYTES), aad, PARAMETERS)
        except HeaderDamaged as damaged:
            raise SetDamaged("the key of the backup set does not fit its header") from damaged
        try:
            written = _copy(_opened(message, source), target)
        finally:
            message.close()
    if written != lead.size:
        raise SetDamaged(f"the backup set holds {written} bytes instead of {lead.size}")
    return lead


def _copy(plain: Iterator[bytes], target: BinaryIO) -> int:
    return sum(target.write(piece) for piece in plain)


def _sealed(message: FloeMessage, aad: bytes, source: BinaryIO) -> Iterator[bytes]:
    yield aad + message.header
    position, piece = 0, source.read(PARAMETERS.plaintext_bytes)
    buffer = bytearray(PARAMETERS.segment_bytes)
    while following := source.read(PARAMETERS.plaintext_bytes):
        message.seal_internal(position, piece, secrets.token_bytes(SEGMENT_IV_BYTES), buffer)
        yield bytes(buffer)
        position, piece = position + 1, following
    yield message.seal_final(position, piece, secrets.token_bytes(SEGMENT_IV_BYTES))


def _opened(message: FloeMessage, source: BinaryIO) -> Iterator[bytes]:
    """The plaintext, segment by segment; raises `SetDamaged` where the file is not whole."""
    was_final = False
    for position, segment in enumerate(_segments(source)):
        if was_final:
            raise SetDamaged("the backup set goes on behind its end")
        was_final = is_final(segment)
        if claimed_bytes(segment, PARAMETERS) != len(segment):
            raise SetDamaged("the backup set is cut")
        try:
            yield message.open_segment(position, segment)
        except SegmentDamaged as damaged:
            raise SetDamaged(f"the backup set is damaged at segment {position}") from damaged
    if not was_final:
        raise SetDamaged("the backup set is cut")


def _segments(source: BinaryIO) -> Iterator[bytes]:
    while segment := source.read(PARAMETERS.segment_bytes):
        yield segment


def set_name(lead: SetLead) -> str:
    """The name under which a set is kept."""
    at = datetime.fromtimestamp(lead.made_us // 1_000_000, UTC)
    return f"{lead.kind.name.lower()}-{at:%Y%m%dT%H%M%SZ}-e{lead.epoch:06d}{SET_SUFFIX}"
