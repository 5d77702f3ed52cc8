"""The reason for which somebody passes by the purposes of one call, as the browser keeps it.

It is the person's own word and no secret; it is sealed with the key of the session's forms, so that
no other place can put it there. Pure. Knows nothing of what is then shown or played.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from archive.ids import ConversationId

COOKIE: Final = "rokuon-glass"
# As long as somebody sits before one call; it ends with the session, too.
KEPT_S: Final = 3_600


def sealed(reason: str, key: str, call: ConversationId) -> str:
    """A reason as the browser keeps it."""
    packed = urlsafe_b64encode(reason.encode()).decode()
    return f"{packed}.{_seal(packed, key, call)}"


def opened(kept: str, key: str, call: ConversationId) -> str:
    """The reason that the browser kept; "" where it is not of this session and this call."""
    packed, _, seal = kept.partition(".")
    if not key or not hmac.compare_digest(seal.encode(), _seal(packed, key, call).encode()):
        return ""
    return urlsafe_b64decode(packed).decode()


def _seal(packed: str, key: str, call: ConversationId) -> str:
    return hmac.digest(key.encode(), f"{call}.{packed}".encode(), hashlib.sha256).hex()
