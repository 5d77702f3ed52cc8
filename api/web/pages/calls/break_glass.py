"""The reason for which somebody passes by the purposes of one call, as the browser keeps it.

It is the person's own word and no secret; it is sealed with its end and the key of the session's
forms, so that no other place can put it there, and no browser keep it for longer. Pure. Knows
nothing of what is then shown or played.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from archive.ids import ConversationId

COOKIE: Final = "rokuon-glass"
# As long as somebody sits before one call; it ends with the session, too.
KEPT_S: Final = 3_600
_US: Final = 1_000_000


def sealed(reason: str, key: str, call: ConversationId, now_us: int) -> str:
    """A reason as the browser keeps it, with its end."""
    packed = urlsafe_b64encode(reason.encode()).decode()
    until = f"{packed}.{now_us + KEPT_S * _US}"
    return f"{until}.{_seal(until, key, call)}"


def opened(kept: str, key: str, call: ConversationId, now_us: int) -> str:
    """The reason that the browser kept; "" past its end, or of another session or call."""
    until, _, seal = kept.rpartition(".")
    if not key or not hmac.compare_digest(seal.encode(), _seal(until, key, call).encode()):
        return ""
    packed, _, end_us = until.partition(".")
    return urlsafe_b64decode(packed).decode() if now_us < int(end_us) else ""


def _seal(until: str, key: str, call: ConversationId) -> str:
    return hmac.digest(key.encode(), f"{until}.{call}".encode(), hashlib.sha256).hex()
