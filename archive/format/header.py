"""The header block in front of a part's segments: which recording, part, key, node and tenant.

Ids and times only. Knows nothing of files, of keys, or of what is inside the segments.
"""

import struct
from dataclasses import dataclass
from typing import Final, Self

from archive.errors import HeaderDamaged
from archive.format.floe import DEFAULT, HEADER_BYTES, Buffer
from archive.ids import KeyId, NodeId, PartName, RecordingId, TenantId
from archive.moments import moment

# docs/format.md section 3: magic, version, suite, inner, part | recording | generation, oldest,
# flags | key | created | node | tenant | zeros | FLOE header.
BLOCK: Final = struct.Struct(">8sHHHH16sHHI16sQ16s16s3926s74s")
BLOCK_BYTES: Final = BLOCK.size
SEGMENT_BYTES: Final = DEFAULT.segment_bytes
PLAIN_BYTES: Final = DEFAULT.plaintext_bytes
AAD_BYTES: Final = BLOCK_BYTES - HEADER_BYTES

RECORDING_MAGIC: Final = b"ROKUONRK"
MAP_MAGIC: Final = b"ROKUONRM"
VERSION: Final = 1
SUITE: Final = 1
INNER: Final = 1
_LEAD: Final = struct.Struct(">8sHHH")
_ZEROS: Final = bytes(3926)
_SUFFIXES: Final = {RECORDING_MAGIC: ".rkn", MAP_MAGIC: ".rkm"}
# `datetime` ends with the year 9999; a later part is a damaged one.
MAX_CREATED_US: Final = 253_402_300_799_999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderBlock:
    """What the first block says. `created_us`: µs since 1970 UTC; `oldest_ms`: age when written."""

    recording: RecordingId
    part: int
    generation: int
    key: KeyId
    node: NodeId
    tenant: TenantId
    created_us: int
    oldest_ms: int
    magic: bytes = RECORDING_MAGIC

    def __post_init__(self) -> None:
        assert self.magic in _SUFFIXES
        assert 0 <= self.created_us <= MAX_CREATED_US

    def encode_aad(self) -> bytes:
        """The first 4,022 bytes: all that FLOE authenticates beside the segments."""
        return BLOCK.pack(
            self.magic,
            VERSION,
            SUITE,
            INNER,
            self.part,
            self.recording.raw,
            self.generation,
            self.oldest_ms,
            0,
            self.key.raw,
            self.created_us,
            self.node.raw,
            self.tenant.raw,
            _ZEROS,
            bytes(HEADER_BYTES),
        )[:AAD_BYTES]

    @classmethod
    def decode(cls, block: Buffer) -> Self:
        """Read 4,096 bytes; `HeaderDamaged` for anything that this version does not write.

        The FLOE header is not verified here: that takes the data key.
        """
        if len(block) != BLOCK_BYTES:
            raise HeaderDamaged("the header block is not 4,096 bytes")
        _check_lead(block)
        fields = BLOCK.unpack(block)
        magic, part, recording, generation, oldest_ms = (fields[at] for at in (0, 4, 5, 6, 7))
        flags, key, created_us, node, tenant, zeros = fields[8:14]
        if flags or zeros != _ZEROS or created_us > MAX_CREATED_US:
            raise HeaderDamaged("the header block has fields that version 1 does not know")
        return cls(
            recording=RecordingId(recording),
            part=part,
            generation=generation,
            key=KeyId(key),
            node=NodeId(node),
            tenant=TenantId(tenant),
            created_us=created_us,
            oldest_ms=oldest_ms,
            magic=magic,
        )

    @property
    def part_name(self) -> PartName:
        return PartName(self.recording, self.part, self.generation)

    def relative_name(self) -> str:
        """Where the part lies below spool or archive: tenant / UTC day of creation / name."""
        day = moment(self.created_us)
        return f"{self.tenant}/{day:%Y/%m/%d}/{self.part_name}{_SUFFIXES[self.magic]}"


def _check_lead(block: Buffer) -> None:
    magic, version, suite, inner = _LEAD.unpack_from(block)
    if magic not in _SUFFIXES:
        raise HeaderDamaged("this is not a sealed recording")
    if version != VERSION:
        raise HeaderDamaged(f"format version {version} is not known here")
    if (suite, inner) != (SUITE, INNER):
        raise HeaderDamaged(f"suite {suite} with inner format {inner} is not known here")


def block_bytes(header: HeaderBlock, floe_header: bytes) -> bytes:
    """The whole block of 4,096 bytes: the header and the 74 bytes of FLOE."""
    assert len(floe_header) == HEADER_BYTES
    return header.encode_aad() + floe_header


def aad_of(block: Buffer) -> bytes:
    """FLOE's AAD exactly as it stands in a block."""
    return bytes(block[:AAD_BYTES])


def floe_header_of(block: Buffer) -> bytes:
    """The 74 bytes of FLOE exactly as they stand in a block."""
    return bytes(block[AAD_BYTES:BLOCK_BYTES])
