"""Secrets in a message overwritten, byte for byte, before it is kept with a recording.

SRTP keys, digests of passwords, and what a caller keys in; everything else stays as it was. Pure
bytes, linear in their length. Knows nothing of what is done with the message.
"""

import re
from typing import Final

MASK: Final = b"*"
# Where the body begins for any reader, however lines end.
_GAP: Final = re.compile(rb"(?:\r?\n){2}|\r\r")
_METHOD: Final = re.compile(rb"(?i)^INFO\s|^CSeq\s{0,8}:\s{0,8}\d{1,10}\s{1,8}INFO\b", re.MULTILINE)
# A body in the form of RFC 4733, in a NOTIFY or an INFO.
_EVENT: Final = re.compile(
    rb"(?i)^(?:event|o|content-type|c)\s{0,8}:\s{0,8}(?:audio/)?telephone-event\b", re.MULTILINE
)
# RFC 4568 §9.1; RFC 4567 and the old k= line (RFC 2327) carry keys as well.
_KEYS: Final = re.compile(
    rb"(?i)(inline:\s{0,8})([^\s|;]+)|(?:^|(?<=\r))((?:k|a=key-mgmt)[=:])([^\r\n]+)", re.M
)
# RFC 7616 §3.4, §3.5: what a guesser of passwords would need.
_DIGESTS: Final = re.compile(rb"(?i)\b(response|rspauth|cnonce)(\s{0,8}=\s{0,8}\"?)([^\",\s]+)")
_PASSWORDS: Final = re.compile(
    rb"(?i)\b(authorization\s{0,8}:\s{0,8}(?:basic|bearer)\s{1,8})([^\r\n]+)"
)
_KEYED: Final = re.compile(rb"(?i)\bdigits?(\s{0,8}=\s{0,8}\"?)([^\",\s<>]+)")
_DIGIT: Final = re.compile(rb"[0-9A-Da-d*#]")
_BARE: Final = re.compile(rb"(?<![^\r\n])[0-9A-Da-d*#,\t ]+(?![^\r\n])")
_SIGNAL: Final = re.compile(rb"(?i)\b(signal(?:\s{0,8}[=:]\s{0,8}))([^\r\n]+)")


def redacted(message: bytes) -> bytes:
    """The message of the same length with its secrets masked; what is no message stays."""
    message = _DIGESTS.sub(lambda m: m[1] + m[2] + _stars(m[3]), message)
    message = _PASSWORDS.sub(lambda m: m[1] + _stars(m[2]), message)
    message = _KEYS.sub(lambda m: (m[1] or m[3]) + _stars(m[2] or m[4]), message)
    message = _KEYED.sub(lambda m: m[0][: -len(m[2])] + _stars(m[2]), message)
    head, body = _cut(message)
    if _EVENT.search(head):
        return head + _stars(body)
    return head + _without_digits(body) if _METHOD.search(head) else message


def _cut(message: bytes) -> tuple[bytes, bytes]:
    """Head and body; a message without a gap between them may be both."""
    begin = len(message) - len(message.lstrip(b"\r\n"))
    gap = _GAP.search(message, begin)
    return (message[: gap.end()], message[gap.end() :]) if gap else (message, b"")


def _without_digits(body: bytes) -> bytes:
    """What an INFO says was keyed: a body that is little but a digit, or the value of `Signal=`.

    Beside that a part may have a line of nothing but digits.
    """
    if not _SIGNAL.search(body):
        return _DIGIT.sub(MASK, body)
    body = _SIGNAL.sub(lambda m: m[1] + _stars(m[2]), body)
    return _BARE.sub(lambda m: _stars(m[0]), body)


def _stars(text: bytes) -> bytes:
    return MASK * len(text)
