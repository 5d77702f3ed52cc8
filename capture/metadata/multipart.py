"""The parts of a SIP body: `multipart/mixed` taken apart, any other body as its only part.

Linear, and tolerant of what recording clients send (RFC 2046 §5.1, RFC 7866 §9.1). Knows nothing of
what is in a part.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.metadata.body_limits import (
    MAX_BOUNDARY_BYTES,
    MAX_PART_DEPTH,
    MAX_PART_HEADER_BYTES,
    MAX_PART_HEADERS,
    MAX_PARTS,
    BodyBroken,
)
from capture.sip.grammar import Params, find_param, is_token, parse_params, split_outside, unquote

Header = tuple[bytes, bytes]
CLAUSE: Final = "RFC 2046 §5.1.1"
_DASHES: Final = b"--"
_MARKS: Final = (
    *((kind + b"=", b"application/sdp") for kind in (b"v", b"o", b"s", b"c", b"t", b"m")),
    (b"<?xml", b"application/rs-metadata+xml"),
    (b"<recording", b"application/rs-metadata+xml"),
)
# White space behind a delimiter; its line is not looked at any further than this.
_MAX_PADDING_BYTES: Final = 256


class BodyPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part: `content_type` and `disposition` in lower case without parameters, b"" if absent.

    `handling` is that of Content-Disposition, b"" where the peer did not write one. `headers` have
    names in lower case and values as received, `body` is byte for byte.
    """

    content_type: bytes
    body: bytes
    disposition: bytes = b""
    handling: bytes = b""
    headers: tuple[Header, ...] = ()


def split_body(content_type: bytes, body: bytes, disposition: bytes = b"") -> tuple[BodyPart, ...]:
    """All parts of a body, those of nested multiparts in their place.

    `content_type` and `disposition` are values of SIP headers; where there is no type, the content
    tells it. Raises `BodyBroken` where a multipart has no boundary, too many parts, too long
    headers, or is nested too deep.
    """
    headers = ((b"content-type", content_type), (b"content-disposition", disposition))
    parts: list[BodyPart] = []
    for part in _flattened(headers, body, depth=0):
        parts.append(part)
        if len(parts) > MAX_PARTS:
            raise BodyBroken(CLAUSE, "a body has too many parts")
    return tuple(parts)


def _flattened(headers: tuple[Header, ...], body: bytes, *, depth: int) -> Iterator[BodyPart]:
    kind, params = _typed(_header(headers, b"content-type") or _type_of(body, depth))
    if not kind.startswith(b"multipart/"):
        yield _part(kind, headers, body)
        return
    if depth == MAX_PART_DEPTH:
        raise BodyBroken(CLAUSE, "a body is nested too deep")
    for section in _sections(body, _boundary(params, body)):
        inner, content = _split_headers(section)
        if inner or (content and not content.isspace()):
            yield from _flattened(inner, content, depth=depth + 1)


def _type_of(body: bytes, depth: int) -> bytes:
    """What a body without a type can only be, b"" where that is not plain."""
    start = body[:_MAX_PADDING_BYTES].lstrip().lower()
    told = next((kind for mark, kind in _MARKS if start.startswith(mark)), b"")
    if not told and depth == 0 and (boundary := _first_boundary(body)):
        return b"multipart/mixed" if body.count(_DASHES + boundary) > 1 else b""
    return told


def _part(kind: bytes, headers: tuple[Header, ...], body: bytes) -> BodyPart:
    disposition, params = _typed(_header(headers, b"content-disposition"))
    return BodyPart(
        content_type=kind,
        body=body,
        disposition=disposition,
        handling=unquote(find_param(params, b"handling") or b"").lower(),
        headers=headers,
    )


def _header(headers: tuple[Header, ...], name: bytes) -> bytes:
    return next((value for key, value in headers if key == name), b"")


def _typed(value: bytes) -> tuple[bytes, Params]:
    """`type/subtype;name=value` as the type in lower case and its parameters.

    Parameters that cannot be read are as none: a stray quote is no reason to lose a call.
    """
    try:
        kind, *pieces = split_outside(value, b";")
        params = parse_params([piece for piece in pieces if piece.strip()])
    except PeerBrokeProtocol:
        kind, params = value.partition(b";")[0], ()
    return kind.strip().lower(), params


def _boundary(params: Params, body: bytes) -> bytes:
    boundary = unquote(find_param(params, b"boundary") or b"")
    if _DASHES + boundary not in body or not boundary:
        boundary = _first_boundary(body)
    if not 0 < len(boundary) <= MAX_BOUNDARY_BYTES:
        raise BodyBroken(CLAUSE, "a multipart body without a usable boundary")
    return boundary


def _first_boundary(body: bytes) -> bytes:
    """What the first line that begins like a delimiter would delimit.

    For where no parameter says so, or one says what is not there.
    """
    start = 0 if body.startswith(_DASHES) else body.find(b"\n--") + 1
    line = body[start : start + MAX_BOUNDARY_BYTES + len(_DASHES) + 1].partition(b"\n")[0]
    return line[len(_DASHES) :].rstrip() if line.startswith(_DASHES) else b""


def _sections(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between delimiter lines; preamble and epilogue are dropped.

    A last section without a delimiter behind it counts: some peers leave it out.
    """
    sections: list[bytes] = []
    begun: int | None = None
    for start, end, is_last in _delimiters(body, boundary):
        if begun is not None:
            sections.append(_without_line_end(body[begun:start]))
        begun = None if is_last else end
        if is_last:
            break
        if len(sections) > MAX_PARTS:
            raise BodyBroken(CLAUSE, "a body has too many parts")
    if begun is not None:
        sections.append(body[begun:])
    return sections


def _delimiters(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each delimiter line: where it starts, where the next line starts, and whether it is last."""
    mark = _DASHES + boundary
    position = 0
    found = False
    while (start := body.find(mark, position)) >= 0:
        line_end = body.find(b"\n", start)
        end = len(body) if line_end < 0 else line_end + 1
        rest = body[start + len(mark) : min(end, start + len(mark) + _MAX_PADDING_BYTES)].strip()
        position = end
        if rest in {b"", _DASHES} and (start == 0 or body[start - 1 : start] == b"\n"):
            found = True
            yield start, end, rest == _DASHES
    if not found:
        raise BodyBroken(CLAUSE, "a multipart body without its boundary")


def _without_line_end(section: bytes) -> bytes:
    """The line end before a delimiter belongs to the delimiter."""
    if section.endswith(b"\r\n"):
        return section[:-2]
    return section.removesuffix(b"\n")


def _split_headers(section: bytes) -> tuple[tuple[Header, ...], bytes]:
    """The headers of a part and its body; a line that is no header ends them too."""
    headers: list[Header] = []
    position = 0
    while position < len(section):
        line_end = section.find(b"\n", position)
        end = len(section) if line_end < 0 else line_end + 1
        line = section[position:end].rstrip(b"\r\n")
        if not line.strip():
            return tuple(headers), section[end:]
        if not _take_header(headers, line):
            break
        position = end
    return tuple(headers), section[position:]


def _take_header(headers: list[Header], line: bytes) -> bool:
    """Add a header line, or a folded one to its predecessor; False where it is neither."""
    if line[:1] in {b" ", b"\t"} and headers:
        name, value = headers.pop()
        value = value + b" " + line.strip()
    else:
        name, colon, value = line.partition(b":")
        if not colon or not is_token(name.strip()):
            return False
    if len(value) > MAX_PART_HEADER_BYTES or len(headers) == MAX_PART_HEADERS:
        raise BodyBroken("RFC 2046 §5.1", "the headers of a part are too long")
    headers.append((name.strip().lower(), value.strip()))
    return True
