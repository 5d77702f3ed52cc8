"""Bytes into a `Request` or `Response`, and what must be right in it before anything else reads it.

`split_message` never refuses what can still be answered; `check_request` and `check_response` do.
Knows nothing of transactions.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.address import parse_address
from capture.sip.grammar import WHITESPACE, is_token, parse_number
from capture.sip.headers import canonical_name
from capture.sip.limits import (
    BODY_TOO_LARGE,
    MAX_BODY_BYTES,
    MAX_DIGITS,
    MAX_HEADER_BYTES,
    MAX_HEADER_LINES,
    MAX_LINE_BYTES,
    MESSAGE_TOO_LARGE,
)
from capture.sip.message import Deviation, HeaderLine, Message, Request, Response, reading, written

CRLF: Final = b"\r\n"
SIP_PREFIX: Final = b"SIP/"
SIP_VERSION: Final = b"SIP/2.0"
# `received` and `rport`, which we add to what we then keep of a request.
ROOM_FOR_STAMP_BYTES: Final = 256
REQUEST_LINE_PARTS: Final = 3
VERSION_NOT_SUPPORTED: Final = 505
STATUSES: Final = range(100, 700)
# Headers that may stand once only; two of them that differ leave open which one counts (RFC 4475
# §3.3.8).
ONCE_ONLY: Final = (
    b"from",
    b"to",
    b"call-id",
    b"cseq",
    b"max-forwards",
    b"content-length",
    b"content-type",
)


def split_message(data: bytes) -> Request | Response:
    """Start line, header lines and body; the first thing broken in them becomes `fault`.

    CRLFs in front are skipped (RFC 3261 §7.5), bytes after Content-Length ignored (§18.3).
    Raises `PeerBrokeProtocol` only where there is no start line, so nobody to answer.
    """
    head, blank, rest = data.lstrip(CRLF).partition(CRLF + CRLF)
    start, *raw_lines = head[: MAX_HEADER_BYTES + ROOM_FOR_STAMP_BYTES].split(CRLF)
    lines, line_fault = split_lines(raw_lines)
    body, body_fault = _cut_body(lines, rest)
    fault = _head_fault(head, blank) or line_fault or body_fault
    if start[: len(SIP_PREFIX)].upper() == SIP_PREFIX:
        return _response(start, lines, body, fault)
    return _request(start, lines, body, fault)


def _head_fault(head: bytes, blank: bytes) -> PeerBrokeProtocol | None:
    if len(head) > MAX_HEADER_BYTES:
        return _too_large("the headers")
    if not blank:
        return PeerBrokeProtocol("RFC 3261 §7", "no empty line ends the headers")
    line_ends = head.count(CRLF)
    if head.count(b"\r") != line_ends or head.count(b"\n") != line_ends:
        return PeerBrokeProtocol("RFC 3261 §7", "CR or LF alone")
    return None


def _too_large(what: str) -> PeerBrokeProtocol:
    return PeerBrokeProtocol("RFC 3261 §21.5.7", f"{what} too large", answer_with=MESSAGE_TOO_LARGE)


def _body_too_large() -> PeerBrokeProtocol:
    return PeerBrokeProtocol("RFC 3261 §21.4.11", "the body too large", answer_with=BODY_TOO_LARGE)


def split_lines(
    raw_lines: Sequence[bytes],
) -> tuple[tuple[HeaderLine, ...], PeerBrokeProtocol | None]:
    """Header lines with their folds joined, and the first fault; broken lines are left out.

    A header that may stand once only and stands twice with the same value stands once: nothing is
    left open by it.
    """
    lines: list[HeaderLine] = []
    fault = _too_large("the number of headers") if len(raw_lines) > MAX_HEADER_LINES else None
    for raw in _unfold(raw_lines[:MAX_HEADER_LINES]):
        name, colon, value = raw.partition(b":")
        name = name.rstrip(b" \t")
        if not colon or not is_token(name):
            fault = fault or PeerBrokeProtocol("RFC 3261 §7.3.1", "a line that is no header")
            continue
        if len(raw) > MAX_LINE_BYTES:
            fault = fault or _too_large("a header line")
        lines.append(HeaderLine(canonical_name(name), _unfolded(value), raw))
    return tuple(_without_repetitions(lines)), fault


def _without_repetitions(lines: Sequence[HeaderLine]) -> Iterator[HeaderLine]:
    seen: set[tuple[bytes, bytes]] = set()
    for line in lines:
        if line[:2] not in seen:
            yield line
        if line.name in ONCE_ONLY:
            seen.add(line[:2])


def _unfold(raw_lines: Sequence[bytes]) -> list[bytes]:
    """Lines that begin with white space go on the line before (RFC 3261 §7.3.1)."""
    logical: list[list[bytes]] = []
    for raw in raw_lines:
        if raw[:1] in (b" ", b"\t") and logical:
            logical[-1].append(raw)
        else:
            logical.append([raw])
    return [parts[0] if len(parts) == 1 else CRLF.join(parts) for parts in logical]


def _unfolded(value: bytes) -> bytes:
    if CRLF not in value:
        return value.strip(WHITESPACE)
    return b" ".join(part.strip(WHITESPACE) for part in value.split(CRLF)).strip()


def content_length_of(lines: Sequence[HeaderLine]) -> int | None:
    """Content-Length of split lines, None without one.

    Raises `PeerBrokeProtocol` where it is broken or repeated, and with 413 past the limit.
    """
    values = [line.value for line in lines if line.name == b"content-length"]
    if not values:
        return None
    if len(values) > 1:
        raise PeerBrokeProtocol("RFC 3261 §20.14", "Content-Length stands twice")
    length = announced_length(values[0])
    if length > MAX_BODY_BYTES:
        raise _body_too_large()
    return length


def announced_length(value: bytes) -> int:
    """The number that a Content-Length says; raises `PeerBrokeProtocol`."""
    return parse_number(value, 10**MAX_DIGITS, "Content-Length")


def _cut_body(lines: Sequence[HeaderLine], rest: bytes) -> tuple[bytes, PeerBrokeProtocol | None]:
    try:
        with reading(b"content-length"):
            length = content_length_of(lines)
    except PeerBrokeProtocol as broken:
        return b"", broken
    if length is None:
        return (b"", _body_too_large()) if len(rest) > MAX_BODY_BYTES else (rest, None)
    if length > len(rest):
        return b"", PeerBrokeProtocol("RFC 3261 §18.3", "the body ends before Content-Length")
    return rest[:length], None


def _request(
    start: bytes, lines: tuple[HeaderLine, ...], body: bytes, fault: PeerBrokeProtocol | None
) -> Request:
    parts = start.split(b" ")
    if not is_token(parts[0]):
        raise PeerBrokeProtocol("RFC 3261 §7.1", "no start line of SIP")
    if len(parts) != REQUEST_LINE_PARTS or not parts[2].upper().startswith(SIP_PREFIX):
        fault = PeerBrokeProtocol("RFC 3261 §7.1", "the request line")
        parts = [parts[0], b"", b""]
    method, uri, version = parts
    return Request(lines=lines, body=body, fault=fault, method=method, uri=uri, version=version)


def _response(
    start: bytes, lines: tuple[HeaderLine, ...], body: bytes, fault: PeerBrokeProtocol | None
) -> Response:
    version, _, rest = start.partition(b" ")
    status, _, reason = rest.partition(b" ")
    broken = version.upper() != SIP_VERSION or len(status) != len("200") or not status.isdigit()
    if broken or int(status) not in STATUSES:
        fault = PeerBrokeProtocol("RFC 3261 §7.2", "the status line")
        status = b"0"
    return Response(lines=lines, body=body, fault=fault, status=int(status), reason=reason)


def check_request(request: Request) -> None:
    """Refuse a request that cannot be understood; after this its mandatory views do not raise.

    Raises `PeerBrokeProtocol` with 505 for another version, 413 or 513 for what is too
    large, else 400.
    """
    if request.version and request.version.upper() != SIP_VERSION:
        raise PeerBrokeProtocol(
            "RFC 3261 §21.5.6", "the version of SIP", answer_with=VERSION_NOT_SUPPORTED
        )
    _check_common(request)
    is_meant = Deviation.OTHER_METHOD in request.deviations
    if request.cseq.method != request.method and not is_meant:
        with reading(b"cseq"):
            raise PeerBrokeProtocol("RFC 3261 §8.1.1.5", "CSeq names another method")
    _ = request.parsed_uri, request.max_forwards
    if request.method == b"PRACK":
        _ = request.rack
    for route in request.record_routes:
        with reading(b"record-route"):
            parse_address(route)


def check_response(response: Response) -> None:
    """Refuse a response that cannot be matched; raises `PeerBrokeProtocol`."""
    _check_common(response)


def _check_common(message: Message) -> None:
    if message.fault is not None:
        raise message.fault
    for name in ONCE_ONLY:
        if len(message.values(name)) > 1:
            with reading(name):
                raise PeerBrokeProtocol("RFC 3261 §7.3.1", f"{written(name)} stands twice")
    _ = message.top_via, message.from_address, message.to_address
    _ = message.call_id, message.cseq, message.contacts
