"""The digest by which a destroyed recording is known: to tombstones, keystore and certificates.

It says of an id that it was destroyed and names none that is not known already. Knows nothing of
why or when.
"""

import hashlib
from typing import Final

from archive.ids import ID_BYTES, RecordingId

# No other digest of the same bytes is one of ours.
_DOMAIN: Final = b"rokuon tombstone 1\0"
_OF_FACTS: Final = b"rokuon facts 1\0"


def digest_of(own: RecordingId) -> bytes:
    """Return what is kept of the id of a destroyed recording."""
    return hashlib.sha256(_DOMAIN + own.raw).digest()


def facts_id(own: RecordingId) -> RecordingId:
    """Return the id under which the facts of a recording outlive its audio.

    To keystore, plan and tombstone it is a recording of its own (`docs/destruction.md`).
    """
    return RecordingId(hashlib.sha256(_OF_FACTS + own.raw).digest()[:ID_BYTES])
