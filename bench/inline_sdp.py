"""The SDP of a bench's inline calls: what a party says of itself, and what it is told.

Pure bytes, and not the server's own grammar. Knows nothing of SIP or sockets.
"""

import base64
import re
from dataclasses import dataclass
from typing import Final

SUITE: Final = b"AES_CM_128_HMAC_SHA1_80"
# Master key and salt of that suite (RFC 3711 §8.2).
KEY_BYTES: Final = 30
_HEAD: Final = (
    b"v=0\r\no=- 1 1 IN IP4 %b\r\ns=-\r\nc=IN IP4 %b\r\nt=0 0\r\n"
    b"m=audio %d %b 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na=sendrecv\r\n"
)
_CRYPTO: Final = b"a=crypto:%d " + SUITE + b" inline:%b\r\n"
_CONNECTION: Final = re.compile(rb"^c=IN IP4 ([0-9.]{7,15})", re.MULTILINE)
_AUDIO: Final = re.compile(rb"^m=audio ([0-9]{1,5}) ", re.MULTILINE)
_KEYED: Final = re.compile(
    rb"^a=crypto:([0-9]{1,9}) " + SUITE + rb" inline:([A-Za-z0-9+/=]{40})", re.MULTILINE
)


class SdpUnusable(Exception):
    """It does not say where audio goes, or has no key where one is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Where a party hears, and the master key of what it sends: b"" without SRTP."""

    host: str
    port: int
    key: bytes = b""

    def describe(self, tag: int = 1) -> bytes:
        """Its offer; its answer with the tag of the line that it takes (RFC 4568 §5.1.2)."""
        host, profile = self.host.encode(), b"RTP/SAVP" if self.key else b"RTP/AVP"
        crypto = _CRYPTO % (tag, base64.b64encode(self.key)) if self.key else b""
        return _HEAD % (host, host, self.port, profile) + crypto


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where a party is to send, and the key of what it will hear; `tag` is that key's."""

    host: str
    port: int
    tag: int = 1
    key: bytes = b""


def told_by(sdp: bytes, *, secure: bool) -> Told:
    """What the other side's SDP says; raises `SdpUnusable`."""
    connection, audio, keyed = (each.search(sdp) for each in (_CONNECTION, _AUDIO, _KEYED))
    if connection is None or audio is None or (secure and keyed is None):
        raise SdpUnusable
    host, port = connection[1].decode(), int(audio[1])
    if keyed is None or not secure:
        return Told(host=host, port=port)
    return Told(host=host, port=port, tag=int(keyed[1]), key=base64.b64decode(keyed[2]))
