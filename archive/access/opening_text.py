"""An entry of the journal as one text with its digest: what the key daemon is told of it.

Pure. Knows nothing of tables, nor of who may open what.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

# Behind an entry of one of these acts keys are opened; the key daemon refuses all others.
OPENING_ACTS: Final = frozenset({"listened", "exported", "verified", "traced"})
# With room for some 1,700 recordings of one call; a message to the key daemon is a little longer.
MAX_TEXT_BYTES: Final = 60 * 1024
# No other digest of the same bytes is one of ours.
_DOMAIN: Final = b"rokuon journal entry 1\0"


def encode_text(told: Mapping[str, object]) -> bytes:
    """The one text of these values: the same values give the same bytes."""
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")


def text_digest(text: bytes) -> bytes:
    """What the key daemon keeps of an entry, 32 bytes."""
    return hashlib.sha256(_DOMAIN + text).digest()
