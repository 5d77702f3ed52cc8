"""Messages that break the RFC and leave no doubt about what is meant, put right and named.

Pure. Knows nothing of whose message it is, and so not of who may do so.
"""

from dataclasses import replace
from typing import Final, TypeVar

from capture.errors import PeerBrokeProtocol
from capture.sip.grammar import LEFT_ANGLE, QUOTE, end_of_quoted, split_outside
from capture.sip.message import Deviation, HeaderLine, Message, Request

Kind = TypeVar("Kind", bound=Message)

# Headers whose addresses stand in angle brackets, and are read before anybody is told.
_ADDRESSES: Final = frozenset(
    {b"contact", b"from", b"to", b"record-route", b"route", b"p-asserted-identity"}
)
# Parameters of a header, never of a URI (RFC 3261 §20.10, §19.3; RFC 3840 §9 writes a plus). What
# stands behind the first of them stands outside of the brackets.
_OF_HEADERS: Final = frozenset({b"tag", b"q", b"expires", b"src", b"isfocus", b"reg-id"})
# The CSeq of these names no transaction but what the method does: they confirm, or end.
_CONFIRMING: Final = frozenset({b"ACK", b"BYE", b"CANCEL"})
_RIGHT_ANGLE: Final = ord(">")


def repaired(message: Kind) -> Kind:
    """Return the message with its unclosed addresses closed, or as it is where it has none."""
    lines = tuple(_closed(line) for line in message.lines)
    found = message.deviations
    if lines != message.lines:
        found = (*found, Deviation.UNCLOSED_ADDRESS)
    if isinstance(message, Request) and _names_another(message):
        found = (*found, Deviation.OTHER_METHOD)
    if found == message.deviations:
        return message
    return replace(message, lines=lines, deviations=found)


def _names_another(request: Request) -> bool:
    """Does CSeq name another method than a request that confirms or ends?"""
    if request.method not in _CONFIRMING:
        return False
    try:
        return request.cseq.method != request.method
    except PeerBrokeProtocol:
        return False


def _closed(line: HeaderLine) -> HeaderLine:
    value = line.value
    if line.name not in _ADDRESSES or value.count(b"<") == value.count(b">"):
        return line
    try:
        opened = _open_bracket(value)
        closed = None if opened is None else _with_bracket(value, opened)
    except PeerBrokeProtocol:
        return line
    if closed is None:
        return line
    return HeaderLine(line.name, closed, line.raw.partition(b":")[0] + b": " + closed)


def _open_bracket(value: bytes) -> int | None:
    """Return where a bracket opens that nothing closes; None where there is none, or a second."""
    opened: int | None = None
    index = 0
    while index < len(value):
        byte = value[index]
        if byte == QUOTE:
            index = end_of_quoted(value, index)
            continue
        if byte == LEFT_ANGLE and opened is not None:
            return None
        if byte == LEFT_ANGLE:
            opened = index
        elif byte == _RIGHT_ANGLE:
            opened = None
        index += 1
    return opened


def _with_bracket(value: bytes, opened: int) -> bytes | None:
    """Return the value with its last address closed; None where another one may follow it."""
    rest = value[opened + 1 :]
    if len(split_outside(rest, b",")) > 1:
        return None
    pieces = split_outside(rest, b";")
    inside = next(
        (number for number, piece in enumerate(pieces) if _is_of_header(piece)), len(pieces)
    )
    uri, params = b";".join(pieces[:inside]), b"".join(b";" + each for each in pieces[inside:])
    return value[: opened + 1] + uri.rstrip() + b">" + params


def _is_of_header(piece: bytes) -> bool:
    name = piece.partition(b"=")[0].strip().lower()
    return name.startswith(b"+") or name in _OF_HEADERS
