"""The intake page: a part's data key, sealed to an intake key and signed by the node that writes.

Works on bytes. Knows nothing of files, of the keystore, or of what becomes of an opened key.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self, TypeAlias

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archive.errors import ArchiveError, HeaderDamaged, SignatureWrong
from archive.format.floe import DATA_KEY_BYTES, Buffer
from archive.format.header import BLOCK_BYTES, HeaderBlock
from archive.ids import IntakeKeyId, NodeId

# docs/format.md section 2: magic, version, suite, sealed bytes, intake key, node.
PAGE_HEAD: Final = struct.Struct(">8sHHI16s16s")
PAGE_BYTES: Final = 4096
SIGNATURE_BYTES: Final = 64
SIGNED_BYTES: Final = PAGE_BYTES - SIGNATURE_BYTES
MAGIC: Final = b"ROKUONIP"
VERSION: Final = 1
_INFO: Final = b"rokuon intake 1"
_SIGNED: Final = b"rokuon intake page 1"

HYBRID_SUITE: Final = 1
P256_SUITE: Final = 2
_SUITES: Final = {
    HYBRID_SUITE: Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    P256_SUITE: Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}
_AEAD_TAG_BYTES: Final = 16
_SEALED_BYTES: Final = {
    HYBRID_SUITE: KEM.MLKEM768_X25519.enc_length() + DATA_KEY_BYTES + _AEAD_TAG_BYTES,
    P256_SUITE: KEM.P256.enc_length() + DATA_KEY_BYTES + _AEAD_TAG_BYTES,
}
_MLKEM_SEED_BYTES: Final = 64
_MLKEM_PUBLIC_BYTES: Final = 1184
_X25519_BYTES: Final = 32
_P256_SCALAR_BYTES: Final = 32

LIST_VERSION: Final = 1
_LIST_SIGNED: Final = b"rokuon intake keys 1"
# A key turns with each epoch, daily at the most, and those that nobody may seal to are dropped.
MAX_LISTED_KEYS: Final = 64


class IntakeListDamaged(ArchiveError):
    """The file of intake public keys is not one that the key daemon writes."""


_PublicKey: TypeAlias = MLKEM768X25519PublicKey | ec.EllipticCurvePublicKey
_PrivateKey: TypeAlias = MLKEM768X25519PrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class IntakePublicKey:
    """What capture seals to. `public`: ML-KEM encapsulation key ‖ X25519, or a P-256 point."""

    id: IntakeKeyId
    suite: int
    public: bytes

    def load(self) -> _PublicKey:
        """The key as HPKE takes it; `ValueError` where the bytes are none of this suite."""
        if self.suite == P256_SUITE:
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.public)
        if self.suite != HYBRID_SUITE or len(self.public) != _MLKEM_PUBLIC_BYTES + _X25519_BYTES:
            raise ValueError("not an intake key of a known suite")
        return MLKEM768X25519PublicKey(
            mlkem.MLKEM768PublicKey.from_public_bytes(self.public[:_MLKEM_PUBLIC_BYTES]),
            x25519.X25519PublicKey.from_public_bytes(self.public[_MLKEM_PUBLIC_BYTES:]),
        )


@dataclass(frozen=True, slots=True)
class IntakePrivateKey:
    """What the key daemon opens with. `seeds`: 64 (ML-KEM) ‖ 32 (X25519), or a scalar of 32."""

    id: IntakeKeyId
    suite: int
    seeds: bytes

    def __repr__(self) -> str:
        return f"IntakePrivateKey({self.id}, suite={self.suite})"

    def load(self) -> _PrivateKey:
        """The key as HPKE takes it; `ValueError` where the bytes are none of this suite."""
        if self.suite == P256_SUITE:
            return ec.derive_private_key(int.from_bytes(self.seeds, "big"), ec.SECP256R1())
        if self.suite != HYBRID_SUITE or len(self.seeds) != _MLKEM_SEED_BYTES + _X25519_BYTES:
            raise ValueError("not an intake key of a known suite")
        return MLKEM768X25519PrivateKey(*self._halves())

    def _halves(self) -> tuple[mlkem.MLKEM768PrivateKey, x25519.X25519PrivateKey]:
        return (
            mlkem.MLKEM768PrivateKey.from_seed_bytes(self.seeds[:_MLKEM_SEED_BYTES]),
            x25519.X25519PrivateKey.from_private_bytes(self.seeds[_MLKEM_SEED_BYTES:]),
        )

    def public_key(self) -> IntakePublicKey:
        """The half that may be given to capture."""
        private = self.load()
        if isinstance(private, ec.EllipticCurvePrivateKey):
            point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            return IntakePublicKey(self.id, self.suite, point)
        lattice, curve = self._halves()
        public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        return IntakePublicKey(self.id, self.suite, public)


def generate_intake_key(id: IntakeKeyId, suite: int = HYBRID_SUITE) -> IntakePrivateKey:
    """Make a key pair of suite 1 (X25519 + ML-KEM-768) or 2 (P-256)."""
    if suite == P256_SUITE:
        scalar = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        return IntakePrivateKey(id, suite, scalar.to_bytes(_P256_SCALAR_BYTES, "big"))
    assert suite == HYBRID_SUITE
    lattice = mlkem.MLKEM768PrivateKey.generate().private_bytes_raw()
    curve = x25519.X25519PrivateKey.generate().private_bytes_raw()
    return IntakePrivateKey(id, suite, lattice + curve)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePage:
    """A page taken apart; believed only after `verify_page`."""

    suite: int
    intake_key: IntakeKeyId
    node: NodeId
    sealed: bytes
    signature: bytes

    @classmethod
    def decode(cls, page: Buffer) -> Self:
        """Read 4,096 bytes; `HeaderDamaged` for anything that version 1 does not write."""
        if len(page) != PAGE_BYTES:
            raise HeaderDamaged("the intake page is not 4,096 bytes")
        magic, version, suite, sealed_bytes, intake_key, node = PAGE_HEAD.unpack_from(page)
        if (magic, version) != (MAGIC, VERSION):
            raise HeaderDamaged("this is not an intake page of version 1")
        if _SEALED_BYTES.get(suite) != sealed_bytes:
            raise HeaderDamaged("the sealed key has an unknown suite or a wrong length")
        end = PAGE_HEAD.size + sealed_bytes
        if any(page[end:SIGNED_BYTES]):
            raise HeaderDamaged("the intake page is not zero behind its sealed key")
        return cls(
            suite=suite,
            intake_key=IntakeKeyId(intake_key),
            node=NodeId(node),
            sealed=bytes(page[PAGE_HEAD.size : end]),
            signature=bytes(page[SIGNED_BYTES:]),
        )


class _ListedKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    suite: int
    public: bytes
    created_us: int


class _ListFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    version: int
    keys: tuple[_ListedKey, ...]
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class ListedIntakeKey:
    """A public key and when it was made, µs since 1970 UTC."""

    key: IntakePublicKey
    created_us: int


@dataclass(frozen=True, slots=True)
class IntakeKeyList:
    """The intake keys that capture may seal to, signed by the key daemon."""

    keys: tuple[ListedIntakeKey, ...]
    signature: bytes = b""

    def newest(self) -> IntakePublicKey:
        """The key to seal to now."""
        return max(self.keys, key=lambda listed: listed.created_us).key

    def signed(self, sign: Callable[[bytes], bytes]) -> Self:
        """The same list with a signature; `sign` is the key daemon's Ed25519."""
        return type(self)(self.keys, sign(_LIST_SIGNED + self._encode(b"")))

    def verify(self, daemon_public: Ed25519PublicKey) -> None:
        """Check the key daemon's signature; `SignatureWrong` where it does not verify."""
        try:
            daemon_public.verify(self.signature, _LIST_SIGNED + self._encode(b""))
        except InvalidSignature as wrong:
            raise SignatureWrong("the signature of the intake key list is wrong") from wrong

    def encode(self) -> bytes:
        """The JSON file; the signature covers the same JSON without `signature`."""
        return self._encode(self.signature)

    def _encode(self, signature: bytes) -> bytes:
        keys = tuple(
            _ListedKey(str(listed.key.id), listed.key.suite, listed.key.public, listed.created_us)
            for listed in self.keys
        )
        return msgspec.json.encode(_ListFile(LIST_VERSION, keys, signature))

    @classmethod
    def decode(cls, text: bytes) -> Self:
        """Read the JSON file, unverified; `IntakeListDamaged` where a key of it is unusable."""
        try:
            file = msgspec.json.decode(text, type=_ListFile)
            keys = tuple(_listed(entry) for entry in file.keys)
        except (msgspec.DecodeError, ValueError) as wrong:
            raise IntakeListDamaged("the intake key list cannot be read") from wrong
        if file.version != LIST_VERSION or not 1 <= len(keys) <= MAX_LISTED_KEYS:
            raise IntakeListDamaged("the intake key list has another version, no key or too many")
        return cls(keys, file.signature)


def _listed(entry: _ListedKey) -> ListedIntakeKey:
    key = IntakePublicKey(IntakeKeyId.parse(entry.id), entry.suite, entry.public)
    key.load()
    return ListedIntakeKey(key, entry.created_us)


def seal_page(
    data_key: Buffer,
    header_block: bytes,
    *,
    to: IntakePublicKey,
    node: NodeId,
    sign: Callable[[bytes], bytes],
) -> bytes:
    """Make the 4,096 bytes in front of a spool file; `sign` is the node's Ed25519."""
    assert len(data_key) == DATA_KEY_BYTES
    assert len(header_block) == BLOCK_BYTES
    sealed = _SUITES[to.suite].encrypt(data_key, to.load(), _info(header_block))
    head = PAGE_HEAD.pack(MAGIC, VERSION, to.suite, len(sealed), to.id.raw, node.raw)
    page = (head + sealed).ljust(SIGNED_BYTES, b"\x00")
    return page + sign(_signed(page, header_block))


def verify_page(page: bytes, header_block: bytes, node_public: Ed25519PublicKey) -> None:
    """Check that the node of the header wrote page and header; `SignatureWrong` where not."""
    taken = IntakePage.decode(page)
    if HeaderBlock.decode(header_block).node != taken.node:
        raise SignatureWrong("the page is of another node than the header block")
    try:
        node_public.verify(taken.signature, _signed(page, header_block))
    except InvalidSignature as wrong:
        raise SignatureWrong("the node's signature of the intake page is wrong") from wrong


def open_page(page: bytes, header_block: bytes, private: IntakePrivateKey) -> bytearray:
    """The 32-byte data key; `HeaderDamaged` where this private key does not open this page."""
    taken = IntakePage.decode(page)
    if (taken.intake_key, taken.suite) != (private.id, private.suite):
        raise HeaderDamaged("the page is sealed to another intake key")
    try:
        data_key = _SUITES[taken.suite].decrypt(taken.sealed, private.load(), _info(header_block))
    except (InvalidTag, ValueError) as wrong:
        raise HeaderDamaged("the sealed key does not open with its intake key") from wrong
    if len(data_key) != DATA_KEY_BYTES:
        raise HeaderDamaged("the sealed key is not 32 bytes")
    return bytearray(data_key)


def _info(header_block: bytes) -> bytes:
    return _INFO + sha256(header_block).digest()


def _signed(page: bytes, header_block: bytes) -> bytes:
    return _SIGNED + page[:SIGNED_BYTES] + header_block
