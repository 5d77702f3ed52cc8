"""What a part says beside its packets: gaps, clock steps, and the END that closes it.

Payload bytes and their values. Knows nothing of segments, of files, or of who holds the node key.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.errors import FrameDamaged, SignatureWrong
from archive.format.floe import Buffer

# docs/format.md section 5, GAP: cause, packets, from, until. CLOCK: monotonic, before, after.
GAP: Final = struct.Struct(">B3xIQQ")
CLOCK: Final = struct.Struct(">Qqq")
UNKNOWN_PACKETS: Final = 0xFFFFFFFF
RECOVERED: Final = "recovered"
_BY_THE_NODE: Final = b"rokuon end 1"
_FOR_THE_KEEPER: Final = b"rokuon keeper end 1"


class GapCause(IntEnum):
    """Why packets are missing."""

    KERNEL_DROPPED = 1
    WRITER_FAILED = 2
    NODE_STOPPED = 3
    PAUSED = 4
    RELAY_FULL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Packets known to be missing; `packets` may be `UNKNOWN_PACKETS`, times are µs UTC."""

    cause: GapCause
    packets: int
    from_us: int
    until_us: int

    def encode(self) -> bytes:
        """The payload of a GAP frame."""
        return GAP.pack(self.cause, self.packets, self.from_us, self.until_us)

    @classmethod
    def decode(cls, payload: Buffer, position: int = 0) -> Self:
        """Read a GAP payload; `FrameDamaged(position)` where it is none."""
        if len(payload) != GAP.size:
            raise FrameDamaged(position, "a gap has 24 bytes")
        cause, packets, from_us, until_us = GAP.unpack(payload)
        if not GapCause.KERNEL_DROPPED <= cause <= GapCause.RELAY_FULL:
            raise FrameDamaged(position, "the gap has an unknown cause")
        return cls(cause=GapCause(cause), packets=packets, from_us=from_us, until_us=until_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """The wall clock moved against the monotonic one; all three in µs."""

    monotonic_us: int
    before_us: int
    after_us: int

    def encode(self) -> bytes:
        """The payload of a CLOCK frame."""
        return CLOCK.pack(self.monotonic_us, self.before_us, self.after_us)

    @classmethod
    def decode(cls, payload: Buffer, position: int = 0) -> Self:
        """Read a CLOCK payload; `FrameDamaged(position)` where it is none."""
        if len(payload) != CLOCK.size:
            raise FrameDamaged(position, "a clock step has 24 bytes")
        monotonic_us, before_us, after_us = CLOCK.unpack(payload)
        return cls(monotonic_us=monotonic_us, before_us=before_us, after_us=after_us)


class Lost(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A range in which packets of a stream are missing; `count` may be `UNKNOWN_PACKETS`."""

    stream: int
    from_us: int
    until_us: int
    count: int


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: str
    segments: int
    packets: dict[int, int]
    lost: tuple[Lost, ...] = ()
    last: bool = False


class End(_Body, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The account that closes a part.

    `segments`: all of the part, the final one included; `packets`: datagrams per stream in the
    PACKETS frames of this part, RTCP not counted; `last`: no further part of the recording follows.
    """

    signature: bytes = b""

    def encode(self, *, sign: Callable[[bytes], bytes], header_tag: bytes) -> bytes:
        """The payload with the Ed25519 signature over itself and the FLOE header tag."""
        return self.signed(sign, header_tag).encode_as_it_is()

    def signed(self, sign: Callable[[bytes], bytes], header_tag: bytes) -> Self:
        return msgspec.structs.replace(self, signature=sign(self._signed(header_tag)))

    def encode_as_it_is(self) -> bytes:
        """The payload with the signature that it has, or with none (what a keeper finalises)."""
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, payload: Buffer, position: int = 0) -> Self:
        """Read an END payload; `FrameDamaged(position)` where it is none that is written."""
        try:
            end = msgspec.json.decode(payload, type=cls)
        except (msgspec.DecodeError, ValueError) as wrong:
            raise FrameDamaged(position, "the end cannot be read") from wrong
        if end.encode_as_it_is() != bytes(payload):
            raise FrameDamaged(position, "the end is not written as it is signed")
        return end

    def verify(self, header_tag: bytes, public: Ed25519PublicKey) -> None:
        """Check the signature; `SignatureWrong` where it does not verify.

        `public` is the node's key; the key daemon's where the keeper closed the part.
        """
        try:
            public.verify(self.signature, self._signed(header_tag))
        except InvalidSignature as wrong:
            raise SignatureWrong("the signature of the end is wrong") from wrong

    def _signed(self, header_tag: bytes) -> bytes:
        body = _Body(
            reason=self.reason,
            segments=self.segments,
            packets=self.packets,
            lost=self.lost,
            last=self.last,
        )
        by = _FOR_THE_KEEPER if self.reason == RECOVERED else _BY_THE_NODE
        return by + header_tag + msgspec.json.encode(body)
