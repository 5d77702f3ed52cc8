"""A signed note (c2sp.org/signed-note): a text, an empty line, an Ed25519 signature over the text.

Pure. Knows nothing of what the text says, nor of whether the key is to be trusted.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from archive.errors import CertificateDamaged, SignatureWrong

HALF_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_DASH: Final = "\u2014"
_ED25519: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
# RFC 8410: a SubjectPublicKeyInfo of Ed25519 is these bytes and the 32 of the key.
_SPKI: Final = bytes.fromhex("302a300506032b6570032100")
_NAME_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class SigningPublicKey:
    """The public half of a key that signs notes, 32 bytes."""

    raw: bytes

    def __post_init__(self) -> None:
        assert len(self.raw) == HALF_BYTES

    @classmethod
    def of_spki(cls, der: bytes) -> Self:
        """Read DER SubjectPublicKeyInfo; raises `CertificateDamaged`."""
        if len(der) != len(_SPKI) + HALF_BYTES or not der.startswith(_SPKI):
            raise CertificateDamaged("its key is not one of Ed25519")
        return cls(der[len(_SPKI) :])

    @property
    def spki(self) -> bytes:
        """As DER SubjectPublicKeyInfo: what others read."""
        return _SPKI + self.raw

    @property
    def fingerprint(self) -> str:
        """SHA-256 of `spki` in 64 digits: what people compare."""
        return hashlib.sha256(self.spki).hexdigest()

    @property
    def name(self) -> str:
        return f"rokuon-{self.fingerprint[:_NAME_DIGITS]}"

    @property
    def short_id(self) -> bytes:
        """Four bytes before the signature, so that a reader finds which key is meant."""
        named = self.name.encode() + b"\n" + _ED25519 + self.raw
        return hashlib.sha256(named).digest()[:_KEY_ID_BYTES]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNote:
    """A text (it ends with a line end and has no empty line) and its signature."""

    text: str
    key: SigningPublicKey
    signature: bytes

    @classmethod
    def made(cls, text: str, key: SigningPublicKey, sign: Callable[[bytes], bytes]) -> Self:
        assert text.endswith("\n")
        assert "\n\n" not in text
        return cls(text=text, key=key, signature=sign(text.encode()))

    def encode(self) -> bytes:
        signed = base64.b64encode(self.key.short_id + self.signature).decode()
        return f"{self.text}\n{_DASH} {self.key.name} {signed}\n".encode()

    def verify(self) -> None:
        """Raise `SignatureWrong` where this key did not sign this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key.raw).verify(
                self.signature, self.text.encode()
            )
        except InvalidSignature:
            raise SignatureWrong("the signature of the certificate is wrong") from None


def split_note(content: bytes) -> tuple[str, bytes]:
    """The text of a note and the signature behind it; raises `CertificateDamaged`.

    Whose it is stands in the text; `SignedNote.encode` says whether each byte is as it must be.
    """
    try:
        text, empty, last = content.decode().rpartition("\n\n")
        dash, _, signed = last.removesuffix("\n").split(" ")
        whole = base64.b64decode(signed, validate=True)
    except (UnicodeDecodeError, ValueError, binascii.Error):
        raise CertificateDamaged("it is not a signed note") from None
    if not empty or dash != _DASH or len(whole) != _KEY_ID_BYTES + SIGNATURE_BYTES:
        raise CertificateDamaged("it is not a signed note")
    return f"{text}\n", whole[_KEY_ID_BYTES:]
