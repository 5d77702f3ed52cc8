"""The bytes of a column file: header, columns, dictionaries, checksum (`docs/locate-columns.md`).

Pure. Knows nothing of files or of what the values mean.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from archive.ids import ID_BYTES, TenantId
from archive.locate.columns.errors import ColumnsOtherForm, ColumnsTorn
from archive.locate.columns.parted import PARTED

MAGIC: Final = b"RKNCOL03"
HEADER_BYTES: Final = 4096
# Sections begin at cache lines, so that no vector load crosses two.
ALIGNMENT: Final = 64
NUMBER_BYTES: Final = 16
_HEADER: Final = struct.Struct("<8s16s16sIQ8I")
_CRC: Final = struct.Struct("<I")

ROW_COLUMNS: Final = {
    "start": "<u4",
    "recording": "<u4",
    "conversation": "<u4",
    "number": "<u4",
    "agent": "<u2",
    "line": "<u2",
    "group": "<u2",
    "duration": "u1",
    "flags": "u1",
}
WORD_DICTIONARIES: Final = {"numbers": f"S{NUMBER_BYTES}", "lines": f"S{NUMBER_BYTES}"}
# Where each text ends, and all of them one behind the other in UTF-8.
TEXT_DICTIONARIES: Final = {
    "agents": ("agent_ends", "agent_bytes"),
    "groups": ("group_ends", "group_bytes"),
}
# Which dictionary the values of a column point into.
DICTIONARY_OF: Final = {
    "number": "numbers",
    "line": "lines",
    "agent": "agents",
    "group": "groups",
}
# What the header counts, in its order.
COUNTED: Final = (
    *("rows", "numbers", "lines", "agents", "agent_bytes", "groups", "group_bytes"),
    "parted",
)
# Every section in the order in which they lie: its kind, and which count it has.
SECTIONS: Final[Mapping[str, tuple[np.dtype[Any] | str, str]]] = {
    **{name: (kind, "rows") for name, kind in ROW_COLUMNS.items()},
    **{name: (kind, name) for name, kind in WORD_DICTIONARIES.items()},
    "agent_ends": ("<u4", "agents"),
    "agent_bytes": ("u1", "agent_bytes"),
    "group_ends": ("<u4", "groups"),
    "group_bytes": ("u1", "group_bytes"),
    "parted": (PARTED, "parted"),
}
ROW_BYTES: Final = sum(np.dtype(kind).itemsize for kind in ROW_COLUMNS.values())


@dataclass(frozen=True, slots=True)
class Identity:
    """The owner of columns: the tenant, and the catalog whose rows are numbered so."""

    tenant: TenantId
    catalog: bytes

    def __post_init__(self) -> None:
        assert len(self.catalog) == ID_BYTES


@dataclass(frozen=True, slots=True)
class Section:
    """The place of a column or a dictionary in the file."""

    kind: np.dtype[Any] | str
    offset: int
    count: int

    @property
    def size_bytes(self) -> int:
        """Without what fills it up to the next one."""
        return np.dtype(self.kind).itemsize * self.count


@dataclass(frozen=True, slots=True)
class Header:
    """The description of a file in it; all offsets follow from its counts."""

    identity: Identity
    month: int  # yyyymm
    sequence: int  # changes of the catalog up to this one are in
    counts: tuple[int, ...]  # as `COUNTED` names them

    def __post_init__(self) -> None:
        assert len(self.counts) == len(COUNTED)

    def encode(self) -> bytes:
        """As it lies at the beginning of the file."""
        own = (MAGIC, self.identity.tenant.raw, self.identity.catalog)
        packed = _HEADER.pack(*own, self.month, self.sequence, *self.counts)
        filled = packed.ljust(HEADER_BYTES - _CRC.size, b"\0")
        return filled + _CRC.pack(zlib.crc32(filled))

    @classmethod
    def decode(cls, block: bytes) -> Self:
        """Read what `encode` wrote; raises `ColumnsOtherForm` and `ColumnsTorn`."""
        if len(block) >= len(MAGIC) and not block.startswith(MAGIC):
            raise ColumnsOtherForm("the file begins otherwise")
        if len(block) != HEADER_BYTES:
            raise ColumnsTorn("the header is cut off")
        filled, crc = block[: -_CRC.size], block[-_CRC.size :]
        if _CRC.pack(zlib.crc32(filled)) != crc:
            raise ColumnsTorn("the checksum of the header")
        _, tenant, catalog, month, sequence, *counts = _HEADER.unpack_from(filled)
        return cls(Identity(TenantId(tenant), catalog), month, sequence, tuple(counts))

    @property
    def sections(self) -> dict[str, Section]:
        """Columns and dictionaries, in the order in which they lie."""
        counts = dict(zip(COUNTED, self.counts, strict=True))
        found, offset = {}, HEADER_BYTES
        for name, (kind, counted) in SECTIONS.items():
            found[name] = Section(kind, offset, counts[counted])
            offset = _aligned(offset + found[name].size_bytes)
        return found

    @property
    def sum_offset(self) -> int:
        """The place of the checksum of all that lies between it and the header."""
        last = list(self.sections.values())[-1]
        return _aligned(last.offset + last.size_bytes)

    @property
    def size_bytes(self) -> int:
        """The whole file."""
        return self.sum_offset + _CRC.size


def _aligned(offset: int) -> int:
    return -(-offset // ALIGNMENT) * ALIGNMENT


def body_sum(header: Header, content: memoryview) -> bytes:
    """The checksum of columns and dictionaries: the end of the file."""
    return _CRC.pack(zlib.crc32(content[HEADER_BYTES : header.sum_offset]))


def check(header: Header, content: memoryview) -> None:
    """Raise `ColumnsTorn` where a file is not, to the byte, what was written."""
    if len(content) != header.size_bytes:
        raise ColumnsTorn("the size of the file")
    if body_sum(header, content) != bytes(content[header.sum_offset :]):
        raise ColumnsTorn("the checksum of the rows")
