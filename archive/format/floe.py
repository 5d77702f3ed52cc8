"""FLOE (c2sp.org/FLOE): a message in sealed segments, each readable alone and none movable unseen.

Works on buffers. Knows nothing of files, frames, randomness or who keeps the data key.
"""

import struct
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from archive.errors import HeaderDamaged, SegmentDamaged

Buffer: TypeAlias = bytes | bytearray | memoryview

PARAMETERS: Final = struct.Struct(">BBII")  # AEAD, hash, encrypted segment bytes, IV bytes
AES_256_GCM: Final = 0
HKDF_SHA_384: Final = 0
TAG_BYTES: Final = 32
HEADER_BYTES: Final = PARAMETERS.size + 32 + TAG_BYTES

SEGMENT_IV_BYTES: Final = 12
_LENGTH_BYTES: Final = 4
_BODY: Final = _LENGTH_BYTES + SEGMENT_IV_BYTES
_SEGMENT_TAG_BYTES: Final = 16
# What sealing adds to a segment: its length, its IV and its tag.
OVERHEAD_BYTES: Final = _BODY + _SEGMENT_TAG_BYTES
INTERNAL: Final = b"\xff\xff\xff\xff"

DATA_KEY_BYTES: Final = 32
_MESSAGE_KEY_BYTES: Final = 48
_SEGMENT_KEY_BYTES: Final = 32
# FLOE's bound for AES-256-GCM with rotating keys; 4 PiB of segments, so only a bug reaches it.
MAX_SEGMENTS: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class FloeParameters:
    """Sizes of a message. 2 ** `rotation_mask_bits` segments share one key."""

    segment_bytes: int = 4096
    iv_bytes: int = 32
    rotation_mask_bits: int = 20

    def encode(self) -> bytes:
        """The 10 bytes that lead the header and every key derivation."""
        return PARAMETERS.pack(AES_256_GCM, HKDF_SHA_384, self.segment_bytes, self.iv_bytes)

    @property
    def plaintext_bytes(self) -> int:
        """What a full segment carries, in bytes."""
        return self.segment_bytes - OVERHEAD_BYTES


DEFAULT: Final = FloeParameters()


def zero(buffer: bytearray) -> None:
    """Overwrite a key in place; the buffer keeps its length."""
    buffer[:] = bytes(len(buffer))


def internal_aad(position: int) -> bytes:
    """What the tag of an internal segment covers beside its plaintext: 9 bytes."""
    return position.to_bytes(8, "big") + b"\x00"


def final_aad(position: int) -> bytes:
    """What the tag of the final segment covers beside its plaintext: 9 bytes."""
    return position.to_bytes(8, "big") + b"\x01"


def derive(
    data_key: Buffer,
    parameters: FloeParameters,
    iv: bytes,
    purpose: bytes,
    aad: bytes,
    length: int,
) -> bytearray:
    """HKDF-Expand-SHA-384 over parameters ‖ iv ‖ purpose ‖ aad: `length` bytes, to be zeroed."""
    info = parameters.encode() + iv + purpose + aad
    derived = bytearray(length)
    HKDFExpand(SHA384(), length, info).derive_into(data_key, derived)
    return derived


class FloeMessage:
    """One message under one data key: its header, and its segments in any order."""

    def __init__(
        self, message_key: bytearray, header: bytes, aad: bytes, parameters: FloeParameters
    ) -> None:
        self.header: Final = header
        self.parameters: Final = parameters
        self._aad = aad
        self._message_key = message_key
        self._closed = False
        self._current: tuple[int, AESGCM] | None = None

    @classmethod
    def create(
        cls, data_key: Buffer, iv: bytes, aad: bytes, parameters: FloeParameters = DEFAULT
    ) -> Self:
        """Begin a message; `iv` is random, `parameters.iv_bytes` long and never used again."""
        assert len(data_key) == DATA_KEY_BYTES
        assert len(iv) == parameters.iv_bytes
        tag = bytes(derive(data_key, parameters, iv, b"HEADER_TAG:", aad, TAG_BYTES))
        key = derive(data_key, parameters, iv, b"MESSAGE_KEY:", aad, _MESSAGE_KEY_BYTES)
        return cls(key, parameters.encode() + iv + tag, aad, parameters)

    @classmethod
    def open(
        cls, data_key: Buffer, header: bytes, aad: bytes, parameters: FloeParameters = DEFAULT
    ) -> Self:
        """Take up a message; `HeaderDamaged` where key, header and AAD do not agree."""
        lead = PARAMETERS.size
        if (
            len(header) != lead + parameters.iv_bytes + TAG_BYTES
            or header[:lead] != parameters.encode()
        ):
            raise HeaderDamaged("the FLOE header has other parameters")
        message = cls.create(data_key, header[lead:-TAG_BYTES], aad, parameters)
        if not bytes_eq(message.header, header):
            message.close()
            raise HeaderDamaged("the FLOE header tag does not verify")
        return message

    @property
    def iv(self) -> bytes:
        """The message's IV, as the header shows it."""
        return self.header[PARAMETERS.size : -TAG_BYTES]

    @property
    def header_tag(self) -> bytes:
        """32 bytes that commit to the data key and to the header block."""
        return self.header[-TAG_BYTES:]

    def cipher(self, position: int) -> AESGCM:
        """The cipher of a segment; the one in use is kept until another rotation is asked for."""
        rotation = position >> self.parameters.rotation_mask_bits
        if self._current is None or self._current[0] != rotation:
            self._current = (rotation, self._cipher_of(rotation))
        return self._current[1]

    def _cipher_of(self, rotation: int) -> AESGCM:
        assert not self._closed, "the keys of this message are gone"
        masked = rotation << self.parameters.rotation_mask_bits
        assert masked < MAX_SEGMENTS
        purpose = b"DEK:" + masked.to_bytes(8, "big")
        key = derive(
            self._message_key, self.parameters, self.iv, purpose, self._aad, _SEGMENT_KEY_BYTES
        )
        cipher = AESGCM(key)
        zero(key)
        return cipher

    def seal_internal(
        self, position: int, plaintext: Buffer, iv12: bytes, into: bytearray | memoryview
    ) -> None:
        """Seal a full segment into a buffer of exactly one segment; `iv12` is random."""
        assert len(plaintext) == self.parameters.plaintext_bytes
        assert len(into) == self.parameters.segment_bytes
        view = memoryview(into)
        view[:_LENGTH_BYTES] = INTERNAL
        view[_LENGTH_BYTES:_BODY] = iv12
        self.cipher(position).encrypt_into(iv12, plaintext, internal_aad(position), view[_BODY:])

    def seal_final(self, position: int, plaintext: Buffer, iv12: bytes) -> bytes:
        """Seal the last segment: 0 bytes to a full segment's worth; `iv12` is random."""
        assert len(plaintext) <= self.parameters.plaintext_bytes
        assert len(iv12) == SEGMENT_IV_BYTES
        length = OVERHEAD_BYTES + len(plaintext)
        sealed = self.cipher(position).encrypt(iv12, plaintext, final_aad(position))
        return length.to_bytes(_LENGTH_BYTES, "big") + iv12 + sealed

    def open_segment(self, position: int, segment: Buffer) -> bytes:
        """The plaintext of a whole segment; `SegmentDamaged` where it was not sealed here."""
        if len(segment) < OVERHEAD_BYTES:
            raise SegmentDamaged(position, "shorter than an empty segment")
        aad = final_aad(position) if is_final(segment) else internal_aad(position)
        if claimed_bytes(segment, self.parameters) != len(segment):
            raise SegmentDamaged(position, "its length is not the one that it states")
        view = memoryview(segment)
        try:
            return self.cipher(position).decrypt(view[_LENGTH_BYTES:_BODY], view[_BODY:], aad)
        except InvalidTag as wrong:
            raise SegmentDamaged(position) from wrong

    def open_internals(self, position: int, segments: bytes) -> bytes:
        """Plaintext of whole internal segments from `position` on, up to the first that is none.

        One loop without a call that can be saved: most segments are read like this.
        """
        size, view, pieces = self.parameters.segment_bytes, memoryview(segments), list[bytes]()
        rotation_of = self.parameters.rotation_mask_bits
        for at in range(0, len(view) - size + 1, size):
            if not segments.startswith(INTERNAL, at):
                break
            if not pieces or not position & ((1 << rotation_of) - 1):
                decrypt = self.cipher(position).decrypt
            iv, body = segments[at + _LENGTH_BYTES : at + _BODY], view[at + _BODY : at + size]
            try:
                pieces.append(decrypt(iv, body, internal_aad(position)))
            except InvalidTag:
                break
            position += 1
        return b"".join(pieces)

    def close(self) -> None:
        """Zero the message key and let the cipher go; nothing is sealed or opened afterwards."""
        zero(self._message_key)
        self._closed = True
        self._current = None


def is_final(segment: Buffer) -> bool:
    """Whether a segment says that it is the last (unverified until it is opened)."""
    return bytes(segment[:_LENGTH_BYTES]) != INTERNAL


def claimed_bytes(segment: Buffer, parameters: FloeParameters = DEFAULT) -> int:
    """The length that a segment's first 4 bytes state; 0 where it is impossible."""
    lead = bytes(segment[:_LENGTH_BYTES])
    if lead == INTERNAL:
        return parameters.segment_bytes
    length = int.from_bytes(lead, "big")
    return length if OVERHEAD_BYTES <= length <= parameters.segment_bytes else 0
