"""Secrets in a message overwritten, byte for byte, before it is kept with a recording.

SRTP keys, digests of passwords, and what a caller keys in; everything else stays as it was. Pure
bytes, linear in their length. Knows nothing of what is done with the message.
"""

import re
from typing import Final

MASK: Final = b"*"
_METHOD: Final = re.compile(rb"(?i)^INFO\s|^CSeq\s*:\s*\d{1,10}\s+INFO\b", re.MULTILINE)
# RFC 4568 §9.1; RFC 4567 and the old k= line (RFC 2327) carry keys as well.
_KEYS: Final = re.compile(
    rb"(?i)(inline:)([A-Za-z0-9+/=]+)|^((?:k|a=key-mgmt)[=:])([^\r\n]+)", re.M
)
# RFC 7616 §3.4, §3.5: what a guesser of passwords would need.
_DIGESTS: Final = re.compile(rb"(?i)\b(response|rspauth|cnonce)(\s{0,8}=\s{0,8}\"?)([^\",\s]+)")
_KEYED: Final = re.compile(rb"(?i)\bdigits?(\s{0,8}=\s{0,8}\"?)([^\",\s<>]+)")
_DIGIT: Final = re.compile(rb"[0-9A-Da-d*#]")
_SIGNAL: Final = re.compile(rb"(?i)\b(signal(?:\s{0,8}[=:]\s{0,8}))([^\r\n]+)")


def redacted(message: bytes) -> bytes:
    """The message of the same length with its secrets masked; what is no message stays."""
    head, gap, body = message.partition(b"\r\n\r\n")
    head = _DIGESTS.sub(lambda m: m[1] + m[2] + _stars(m[3]), head)
    body = _KEYS.sub(lambda m: (m[1] or m[3]) + _stars(m[2] or m[4]), body)
    body = _KEYED.sub(lambda m: m[0][: -len(m[2])] + _stars(m[2]), body)
    if _METHOD.search(head):
        body = _without_digits(body)
    return head + gap + body


def _without_digits(body: bytes) -> bytes:
    """What an INFO says was keyed: the value of `Signal=`, or a body that is little but a digit."""
    if _SIGNAL.search(body):
        return _SIGNAL.sub(lambda m: m[1] + _stars(m[2]), body)
    return _DIGIT.sub(MASK, body)


def _stars(text: bytes) -> bytes:
    return MASK * len(text)
