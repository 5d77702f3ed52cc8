"""The scanners that every SIP header shares: tokens, quoted strings, lists, parameters, numbers.

Pure bytes, each scanner linear in its input. Knows no header by name.
"""

import string
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.limits import MAX_DIGITS, MAX_PARAMS

Params = tuple[tuple[bytes, bytes | None], ...]
"""Parameters in their order: (name in lower case, value as received or None without `=`)."""

WHITESPACE: Final = b" \t\r\n"
TOKEN_BYTES: Final = (string.ascii_letters + string.digits + "-.!%*_+`'~").encode()
QUOTE: Final = ord('"')
LEFT_ANGLE: Final = ord("<")


def is_token(text: bytes) -> bool:
    """Is `text` a token as RFC 3261 §25.1 writes it?"""
    return bool(text) and not text.translate(None, TOKEN_BYTES)


def end_of_quoted(text: bytes, start: int) -> int:
    """Where the quoted string that opens at `start` is over: the position after its last quote.

    A quote is escaped by an odd run of backslashes before it (RFC 3261 §25.1, quoted-pair).
    Raises `PeerBrokeProtocol` where it never closes.
    """
    position = start + 1
    while (found := text.find(b'"', position)) >= 0:
        before = text[position:found]
        if (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:
            return found + 1
        position = found + 1
    raise PeerBrokeProtocol("RFC 3261 §25.1", "a quoted string does not end")


def end_of_angle(text: bytes, start: int) -> int:
    """The position after the `>` that closes the `<` at `start`."""
    found = text.find(b">", start)
    if found < 0:
        raise PeerBrokeProtocol("RFC 3261 §25.1", "an angle bracket does not close")
    return found + 1


def split_outside(text: bytes, separator: bytes) -> list[bytes]:
    """`text` cut at every one-byte `separator` outside quoted strings and angle brackets."""
    if separator not in text:
        return [text]
    if b'"' not in text and b"<" not in text:
        return text.split(separator)
    return _split_scanning(text, separator[0])


def _split_scanning(text: bytes, separator: int) -> list[bytes]:
    pieces: list[bytes] = []
    start = index = 0
    while index < len(text):
        byte = text[index]
        if byte == QUOTE:
            index = end_of_quoted(text, index)
        elif byte == LEFT_ANGLE:
            index = end_of_angle(text, index)
        else:
            index += 1
            if byte == separator:
                pieces.append(text[start : index - 1])
                start = index
    pieces.append(text[start:])
    return pieces


def split_list(text: bytes) -> list[bytes]:
    """The elements of a comma-separated header value, stripped; empty ones are refused."""
    elements = [element.strip(WHITESPACE) for element in split_outside(text, b",")]
    if not all(elements):
        raise PeerBrokeProtocol("RFC 3261 §7.3.1", "an empty element of a list")
    return elements


def split_tokens(text: bytes) -> list[bytes]:
    """The tokens of a list that may be empty (Supported, Require), case kept."""
    return [token for piece in text.split(b",") if (token := piece.strip(WHITESPACE))]


def parse_params(pieces: list[bytes]) -> Params:
    """Parameters from the pieces between semicolons (RFC 3261 §25.1, generic-param)."""
    if len(pieces) > MAX_PARAMS:
        raise PeerBrokeProtocol("RFC 3261 §7.3.1", "too many parameters")
    params: list[tuple[bytes, bytes | None]] = []
    for piece in pieces:
        name, equals, value = piece.partition(b"=")
        name = name.strip(WHITESPACE)
        if not name:
            raise PeerBrokeProtocol("RFC 3261 §7.3.1", "a parameter without a name")
        params.append((name.lower(), value.strip(WHITESPACE) if equals else None))
    return tuple(params)


def find_param(params: Params, name: bytes) -> bytes | None:
    """The value of parameter `name` (lower case), b"" if it stands without one, None if absent."""
    for key, value in params:
        if key == name:
            return value or b""
    return None


def unquote(text: bytes) -> bytes:
    """What a quoted string says, without quotes and escapes; other text as it is."""
    if len(text) < len(b'""') or text[:1] != b'"' or text[-1:] != b'"':
        return text
    inner = text[1:-1]
    return _unescape(inner) if b"\\" in inner else inner


def _unescape(text: bytes) -> bytes:
    plain = bytearray()
    index = 0
    while index < len(text):
        if text[index] == ord("\\"):
            index += 1
        plain += text[index : index + 1]
        index += 1
    return bytes(plain)


def parse_number(text: bytes, largest: int, header: str) -> int:
    """A decimal of at most `largest`; raises `PeerBrokeProtocol` naming the header only."""
    if not text.isdigit() or len(text) > MAX_DIGITS or (number := int(text)) > largest:
        raise PeerBrokeProtocol("RFC 3261 §25.1", f"the number in {header}")
    return number


def reads_as_number(text: bytes, largest: int) -> int | None:
    """A decimal capped at `largest`, or None where `text` is no number at all."""
    if not text.isdigit():
        return None
    return largest if len(text) > MAX_DIGITS else min(int(text), largest)
