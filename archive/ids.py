"""Identifiers of the archive, each a type of its own.

Pure: randomness and the clock are arguments.
"""

from dataclasses import dataclass
from typing import Self

ID_BYTES = 16
_UUID7_VERSION = 0x70
_UUID_VARIANT = 0x80


@dataclass(frozen=True, slots=True, order=True)
class _Id:
    """Sixteen bytes that name one thing; shown as 32 hex digits."""

    raw: bytes

    def __post_init__(self) -> None:
        assert len(self.raw) == ID_BYTES

    def __str__(self) -> str:
        return self.raw.hex()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 32 hex digits, hyphens allowed; anything else is a `ValueError`."""
        raw = bytes.fromhex(text.replace("-", ""))
        if len(raw) != ID_BYTES:
            raise ValueError("an id has 32 hexadecimal digits")
        return cls(raw)


def is_id(raw: object) -> bool:
    """Whether these are the bytes of an id."""
    return isinstance(raw, bytes) and len(raw) == ID_BYTES


class RecordingId(_Id):
    """A recording (UUIDv7: the millisecond of its beginning leads)."""


class PageId(_Id):
    """A ledger page; its file is named as a recording's is."""


class ConversationId(_Id):
    """Recordings that belong together."""


class KeyId(_Id):
    """A data key (random)."""


class IntakeKeyId(_Id):
    """An intake key pair (random)."""


class NodeId(_Id):
    """A capture node (random, made once)."""


class HoldId(_Id):
    """A legal hold (random)."""


class PlanId(_Id):
    """A plan of destructions (random); also of the run that carries it out."""


class TenantId(_Id):
    """A tenant: the isolation boundary."""


DEFAULT_TENANT = TenantId(bytes(15) + b"\x01")


def uuid7(now_us: int, entropy: bytes) -> bytes:
    """Build a UUIDv7 (RFC 9562 §5.7) from µs since 1970 UTC and 10 random bytes."""
    assert len(entropy) == ID_BYTES - 6
    raw = bytearray((now_us // 1000).to_bytes(6, "big") + entropy)
    raw[6] = _UUID7_VERSION | raw[6] & 0x0F
    raw[8] = _UUID_VARIANT | raw[8] & 0x3F
    return bytes(raw)


def began_us(recording: RecordingId) -> int:
    """When an id of version 7 was made, to the millisecond, in µs since 1970 UTC."""
    return int.from_bytes(recording.raw[:6], "big") * 1000


@dataclass(frozen=True, slots=True, order=True)
class PartName:
    """Which part of which recording, in which generation."""

    recording: RecordingId
    part: int
    generation: int = 0

    def __str__(self) -> str:
        return f"{self.recording}-p{self.part:02d}-g{self.generation:02d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` writes; anything else is a `ValueError`."""
        recording, part, generation = text.split("-")
        name = cls(RecordingId.parse(recording), int(part[1:]), int(generation[1:]))
        if str(name) != text:
            raise ValueError("not the name of a part")
        return name
