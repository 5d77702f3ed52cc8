"""The key of signing in: it seals secrets of apps, and marks browsers that are known.

Knows nothing of where the key lies. What is sealed for one person is of no use for another.
"""

import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class SealBroken(Exception):
    """What is kept was not sealed for this person, or by another key."""


@dataclass(frozen=True, slots=True)
class SignInKey:
    """The one key, and what is derived of it for each use."""

    raw: bytes = field(repr=False)

    def seal(self, secret: bytes, whose: bytes) -> bytes:
        """The secret as it is kept, bound to whose it is."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._for(b"seal")).encrypt(nonce, secret, whose)

    def open(self, sealed: bytes, whose: bytes) -> bytes:
        """The secret again; raises `SealBroken`."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(self._for(b"seal")).decrypt(nonce, rest, whose)
        except (InvalidTag, ValueError) as broken:
            raise SealBroken("it was not sealed so") from broken

    def mark(self, message: bytes) -> bytes:
        """What nobody else can make of a message."""
        return hmac.digest(self._for(b"mark"), message, sha256)

    @property
    def of_rows(self) -> bytes:
        """The key of the seals of rows (`archive.catalog.checks.sealer`)."""
        return self._for(b"rows")

    def _for(self, use: bytes) -> bytes:
        return HKDFExpand(hashes.SHA256(), KEY_BYTES, b"rokuon sign-in " + use).derive(self.raw)
