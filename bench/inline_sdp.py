"""The SDP of a bench's inline calls: what a party says of itself, and what it is told.

Pure bytes, and not the server's own grammar. Knows nothing of SIP or sockets.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Of the caller and of the callee. They differ in the length of a tag alone; where they were the
# same, rtpengine would hand each party's key to the other one and have nothing to encrypt.
SUITES: Final = (b"AES_CM_128_HMAC_SHA1_32", b"AES_CM_128_HMAC_SHA1_80")
# Master key and salt of both suites (RFC 3711 §8.2).
KEY_BYTES: Final = 30
_HEAD: Final = (
    b"v=0\r\no=- 1 1 IN IP4 %b\r\ns=-\r\nc=IN IP4 %b\r\nt=0 0\r\n"
    b"m=audio %d %b 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na=sendrecv\r\n"
)
_CRYPTO: Final = b"a=crypto:%d %b inline:%b\r\n"
_CONNECTION: Final = re.compile(rb"^c=IN IP4 ([0-9.]{7,15})", re.MULTILINE)
_AUDIO: Final = re.compile(rb"^m=audio ([0-9]{1,5}) ", re.MULTILINE)
_KEYED: Final = rb"^a=crypto:([0-9]{1,9}) %b inline:([A-Za-z0-9+/]{40})"


class SdpUnusable(Exception):
    """It does not say where audio goes, or has no key where one is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Where a party hears, and suite and master key of what it sends: b"" without SRTP."""

    host: str
    port: int
    suite: bytes = b""
    key: bytes = b""

    def describe(self, tag: int = 1) -> bytes:
        """Its offer; its answer with the tag of the line that it takes (RFC 4568 §5.1.2)."""
        host, profile = self.host.encode(), b"RTP/SAVP" if self.key else b"RTP/AVP"
        crypto = _CRYPTO % (tag, self.suite, base64.b64encode(self.key)) if self.key else b""
        return _HEAD % (host, host, self.port, profile) + crypto


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where a party is to send, and the key of what it will hear; `tag` is that key's."""

    host: str
    port: int
    tag: int = 1
    key: bytes = b""


def told_by(sdp: bytes, suite: bytes) -> Told:
    """What the other side's SDP says, with the key of `suite` if one is named.

    Raises `SdpUnusable`.
    """
    connection, audio = _CONNECTION.search(sdp), _AUDIO.search(sdp)
    if connection is None or audio is None:
        raise SdpUnusable
    host, port = connection[1].decode(), int(audio[1])
    if not suite:
        return Told(host=host, port=port)
    keyed = re.search(_KEYED % suite, sdp, re.MULTILINE)
    if keyed is None:
        raise SdpUnusable
    return Told(host=host, port=port, tag=int(keyed[1]), key=base64.b64decode(keyed[2]))


def parties(ports: Sequence[int], keys: Sequence[bytes], host: str = "127.0.0.1") -> list[Party]:
    """Caller and callee at these ports, with SRTP where they have keys."""
    return [
        Party(host=host, port=port, suite=suite if key else b"", key=key)
        for port, suite, key in zip(ports, SUITES, keys, strict=True)
    ]
