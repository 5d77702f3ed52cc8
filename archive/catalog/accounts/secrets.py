"""Secrets that are shown once and kept as a digest, where a plain one gives nothing away.

Knows nothing of what a secret opens. Each has so many random bits that nobody tries them all.
"""

import hashlib
import secrets
from typing import Final

SESSION_BYTES: Final = 32
CODE_BYTES: Final = 20
# What a request may bring; a real secret is far shorter.
MAX_SECRET_LENGTH: Final = 128


def new_secret(size: int) -> str:
    """So many random bytes as text that goes into an address or a cookie as it is."""
    return secrets.token_urlsafe(size)


def digest_of(secret: str) -> bytes:
    """What is kept of it; what is too long to be one has the digest of nothing that there is."""
    return hashlib.sha256(secret[: MAX_SECRET_LENGTH + 1].encode("utf-8", "surrogatepass")).digest()
