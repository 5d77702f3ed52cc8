"""Bytes into a session description, line by line and linear (RFC 8866 §5, §9).

Accepts what peers really send: LF or CRLF, optional and mandatory lines missing, unknown lines and
attributes. Knows nothing of what the description is for.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from capture.sdp.description import (
    Attribute,
    Connection,
    Direction,
    MediaDescription,
    Origin,
    SessionDescription,
    describe_media,
    find_direction,
    read_connection,
)
from capture.sdp.limits import (
    MAX_DESCRIPTION_BYTES,
    MAX_FORMATS,
    MAX_LINE_BYTES,
    MAX_MEDIA,
    MAX_PORT,
    DescriptionBroken,
)
from capture.sdp.payloads import number_in

Line = tuple[bytes, bytes]
MediaLine = tuple[tuple[bytes, int, bytes], tuple[bytes, ...]]
# What stands for an m-line that cannot be read, and so in its answer.
_UNREADABLE: Final[MediaLine] = ((b"audio", 0, b"RTP/AVP"), (b"0",))
_TYPE_LENGTH: Final = len(b"v=")


def parse_description(body: bytes) -> SessionDescription:
    """Take a description apart.

    An m-line that cannot be read is as one with port 0, as long as another one can. Raises
    `DescriptionBroken` where it is too large, where no m-line can be read, or where it has none and
    does not begin with `v=0`.
    """
    lines = _lines(body)
    session, *sections = _sections(lines)
    faults = (*_session_faults(lines), *_media_faults(sections))
    if faults and not any(map(_is_readable, sections)):
        raise DescriptionBroken("RFC 8866 §5", "nothing can be read of a session description")
    connection = _connection(session)
    attributes = _attributes(session)
    direction = find_direction(attributes) or Direction.SENDRECV
    return SessionDescription(
        origin=_origin(session),
        connection=connection,
        media=tuple(_media(section, connection, direction) for section in sections),
        name=_first(session, b"s") or b"",
        timing=tuple(value for kind, value in session if kind == b"t"),
        attributes=attributes,
        faults=faults,
    )


def _session_faults(lines: list[Line]) -> Iterator[str]:
    if not lines or lines[0][0] != b"v" or lines[0][1].strip() != b"0":
        yield "it does not begin with v=0"


def _media_faults(sections: list[list[Line]]) -> Iterator[str]:
    for position, section in enumerate(sections):
        if not _is_readable(section):
            yield f"m-line {position} cannot be read"


def _is_readable(section: list[Line]) -> bool:
    return _media_line(section[0][1]) is not None


def _lines(body: bytes) -> list[Line]:
    if len(body) > MAX_DESCRIPTION_BYTES:
        raise DescriptionBroken("RFC 8866 §5", "a session description is too large")
    lines = [line for line in body.splitlines() if line[1:2] == b"="]
    if any(len(line) > MAX_LINE_BYTES for line in lines):
        raise DescriptionBroken("RFC 8866 §5", "a line of a session description is too long")
    return [(line[:1], line[_TYPE_LENGTH:]) for line in lines]


def _sections(lines: list[Line]) -> list[list[Line]]:
    sections: list[list[Line]] = [[]]
    for line in lines:
        if line[0] == b"m":
            sections.append([])
        sections[-1].append(line)
    if len(sections) > MAX_MEDIA + 1:
        raise DescriptionBroken("RFC 8866 §5.14", "a session description has too many m-lines")
    return sections


def _first(lines: Sequence[Line], kind: bytes) -> bytes | None:
    return next((value for key, value in lines if key == kind), None)


def _connection(lines: Sequence[Line]) -> Connection | None:
    value = _first(lines, b"c")
    return None if value is None else read_connection(value)


def _attributes(lines: Sequence[Line]) -> tuple[Attribute, ...]:
    return tuple(_attribute(value) for kind, value in lines if kind == b"a")


def _attribute(text: bytes) -> Attribute:
    name, colon, value = text.partition(b":")
    return Attribute(name, value if colon else None)


def _origin(lines: Sequence[Line]) -> Origin | None:
    match (_first(lines, b"o") or b"").split():
        case [username, session_id, version, network, family, address]:
            return Origin(
                username=username,
                session_id=session_id,
                version=version,
                connection=Connection(address, family, network),
            )
        case _:
            return None


def _media(
    lines: Sequence[Line], connection: Connection | None, direction: Direction
) -> MediaDescription:
    head, formats = _media_line(lines[0][1]) or _UNREADABLE
    return describe_media(
        head,
        formats,
        _attributes(lines),
        connection=_connection(lines) or connection,
        direction=direction,
    )


def _media_line(value: bytes) -> MediaLine | None:
    """Kind, port, protocol, and the formats; None where they cannot be told."""
    match value.split():
        case [kind, port, protocol, *formats] if len(formats) <= MAX_FORMATS:
            number = number_in(port.partition(b"/")[0], MAX_PORT)
            if number is not None:
                return (kind, number, protocol), tuple(formats)
    return None
