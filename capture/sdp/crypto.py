"""SRTP keys in offer and answer: whose `a=crypto` is taken, and what ours says (RFC 4568 §5).

Pure values. Knows nothing of packets, or of where random bytes come from.
"""

import binascii
from typing import Final

from archive.srtp.keys import Crypto, CryptoUnusable, parse_crypto
from archive.srtp.suites import SUITES, Suite
from capture.raw_text import text_of
from capture.sdp.description import Attribute, MediaDescription

SECURE_PROTOCOLS: Final = frozenset({b"RTP/SAVP", b"RTP/SAVPF"})
# Clients offer one for each suite that they know; who offers a hundred wants something else.
MAX_CRYPTO_LINES: Final = 16
# Key and salt of the longest suite.
SRTP_SECRET_BYTES: Final = max(suite.master_bytes for suite in SUITES.values())
OFFERED_SUITES: Final = ("AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM")


def is_secure(media: MediaDescription) -> bool:
    """Does this m-line ask for SRTP with keys in SDP?"""
    return media.protocol.upper() in SECURE_PROTOCOLS


def taken_crypto(media: MediaDescription) -> str | None:
    """The first `a=crypto` that we can use, which is the author's favourite (RFC 4568 §5.1.2)."""
    lines = [each.value or b"" for each in media.attributes if each.name == b"crypto"]
    for line in map(text_of, lines[:MAX_CRYPTO_LINES]):
        if _crypto(line) is not None:
            return line
    return None


def answering_crypto(taken: str, secret: bytes) -> Attribute:
    """Our key in answer: the same tag and suite, no parameters (RFC 4568 §5.1.2)."""
    crypto = parse_crypto(taken)
    return _line(crypto.tag, crypto.keys[0].suite, secret)


def offered_crypto(secret: bytes) -> list[Attribute]:
    """What we offer where the offer is ours: suites that every client has."""
    suites = (SUITES[name] for name in OFFERED_SUITES)
    return [_line(tag, suite, secret) for tag, suite in enumerate(suites, start=1)]


def own_crypto(media: MediaDescription, theirs: str | None = None) -> str:
    """Our own key in a description of ours, of the tag that the peer took; "" without one."""
    tag = None if theirs is None else parse_crypto(theirs).tag
    for attribute in media.attributes:
        line = text_of(attribute.value or b"")
        if attribute.name == b"crypto" and (tag is None or parse_crypto(line).tag == tag):
            return line
    return ""


def _crypto(line: str) -> Crypto | None:
    try:
        return parse_crypto(line)
    except CryptoUnusable:
        return None


def _line(tag: int, suite: Suite, secret: bytes) -> Attribute:
    assert len(secret) >= suite.master_bytes
    master = binascii.b2a_base64(secret[: suite.master_bytes], newline=False)
    return Attribute(b"crypto", b"%d %s inline:%s" % (tag, suite.name.encode(), master))
