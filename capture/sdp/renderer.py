"""A session description into bytes (RFC 8866 §5, in the order of its grammar).

Knows nothing of what is in it.
"""

from collections.abc import Iterator

from capture.sdp.description import (
    Attribute,
    Connection,
    MediaDescription,
    Origin,
    SessionDescription,
)


def render_description(description: SessionDescription) -> bytes:
    """The description with CRLF line ends; parsing it gives an equal one, without faults."""
    return b"".join(line + b"\r\n" for line in _lines(description))


def _lines(description: SessionDescription) -> Iterator[bytes]:
    yield b"v=0"
    if description.origin is not None:
        yield b"o=" + _origin(description.origin)
    yield b"s=" + description.name
    if description.connection is not None:
        yield b"c=" + _connection(description.connection)
    yield from (b"t=" + timing for timing in description.timing)
    yield from map(_attribute, description.attributes)
    for media in description.media:
        yield from _media(media, description.connection)


def _origin(origin: Origin) -> bytes:
    words = (origin.username, origin.session_id, origin.version, _connection(origin.connection))
    return b" ".join(words)


def _connection(connection: Connection) -> bytes:
    return b" ".join((connection.network, connection.family, connection.address))


def _attribute(attribute: Attribute) -> bytes:
    value = b"" if attribute.value is None else b":" + attribute.value
    return b"a=" + attribute.name + value


def _media(media: MediaDescription, session: Connection | None) -> Iterator[bytes]:
    words = (media.kind, str(media.port).encode(), media.protocol, *media.formats)
    yield b"m=" + b" ".join(words)
    if media.connection is not None and media.connection != session:
        yield b"c=" + _connection(media.connection)
    yield from map(_attribute, media.attributes)
