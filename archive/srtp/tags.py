"""Authentication tags: HMAC-SHA1 under a key that is taken in once (RFC 3711 §4.2.1).

Half of the work of a tag is the key's. Knows nothing of packets.
"""

import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC


class Tagger:
    """The tags of one session key."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        self._keyed = HMAC(key, hashes.SHA1())  # noqa: S303 — RFC 3711 §4.2.1 has no other

    def tag(self, content: bytes, more: bytes = b"") -> bytes:
        """The whole tag, 20 bytes, of both in a row."""
        begun = self._keyed.copy()
        begun.update(content)
        begun.update(more)
        return begun.finalize()

    def proves(self, tag: bytes, content: bytes, more: bytes = b"") -> bool:
        """Whether `tag` is how the tag of both begins."""
        return hmac.compare_digest(self.tag(content, more)[: len(tag)], tag)
