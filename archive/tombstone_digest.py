"""The digest by which a destroyed recording is known: to tombstones, keystore and certificates.

It says of an id that it was destroyed and names none that is not known already. Knows nothing of
why or when.
"""

import hashlib
from typing import Final

from archive.ids import RecordingId

# No other digest of the same bytes is one of ours.
_DOMAIN: Final = b"rokuon tombstone 1\0"


def digest_of(own: RecordingId) -> bytes:
    """Return what is kept of the id of a destroyed recording."""
    return hashlib.sha256(_DOMAIN + own.raw).digest()
