"""A session description as values: the session, its m-lines, and what their attributes say.

Bytes as received, with views as text and numbers (RFC 8866). Knows nothing of how it is parsed, of
what we accept or where it came from.
"""

from enum import StrEnum
from typing import Final

import msgspec

from capture.raw_text import text_of
from capture.sdp.limits import MAX_FORMATS, MAX_PORT, MAX_PTIME_MS
from capture.sdp.payloads import Payload, number_in, read_payloads

# "Nowhere" in IPv4 (RFC 3264 §8.4), and what peers write for it in IPv6.
UNSPECIFIED: Final = frozenset({b"0.0.0.0", b"::", b"::0"})


class Direction(StrEnum):
    """Who sends, as the author of the description sees it (RFC 8866 §6.7)."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"


_DIRECTIONS: Final = {direction.value.encode(): direction for direction in Direction}


class Attribute(msgspec.Struct, frozen=True):
    """`a=name:value`, or `a=name` where the value is None."""

    name: bytes
    value: bytes | None = None


class Connection(msgspec.Struct, frozen=True):
    """The address of a `c=` line, without the TTL of a multicast one (RFC 8866 §5.7)."""

    address: bytes
    family: bytes = b"IP4"
    network: bytes = b"IN"

    @property
    def is_unspecified(self) -> bool:
        """Is it 0.0.0.0 or ::, so that nothing may be sent there (RFC 3264 §8.4)?"""
        return self.address in UNSPECIFIED


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The `o=` line (RFC 8866 §5.2); numbers as received."""

    username: bytes
    session_id: bytes
    version: bytes
    connection: Connection


class Destination(msgspec.Struct, frozen=True):
    host: str
    port: int


class MediaDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One m-line; connection and direction are those in force, own or of the session.

    Port 0 means refused or removed (RFC 3264 §8.2). `payloads` are the formats whose meaning is
    known. Make one with `describe_media`, so that the views agree with the attributes.
    """

    kind: bytes
    port: int
    protocol: bytes
    formats: tuple[bytes, ...]
    connection: Connection | None
    direction: Direction
    payloads: tuple[Payload, ...]
    attributes: tuple[Attribute, ...]

    def value(self, name: bytes) -> bytes | None:
        """The value of the first attribute `name`, b"" if it stands alone, None if absent."""
        return find_value(self.attributes, name)

    @property
    def label(self) -> str | None:
        """`a=label`, which ties the m-line to metadata (RFC 4574 §4)."""
        raw = self.value(b"label")
        return None if raw is None else text_of(raw.strip())

    @property
    def ptime_ms(self) -> int | None:
        """`a=ptime`: how much audio the author would like in a packet (RFC 8866 §6.4)."""
        return number_in((self.value(b"ptime") or b"").strip(), MAX_PTIME_MS)

    @property
    def offers_rtcp_mux(self) -> bool:
        """Does it say `a=rtcp-mux` (RFC 5761 §5.1.1)?"""
        return self.value(b"rtcp-mux") is not None

    @property
    def is_held(self) -> bool:
        """Is no media to be expected for now: inactive, or with an address that is nowhere?"""
        nowhere = self.connection is not None and self.connection.is_unspecified
        return self.direction is Direction.INACTIVE or nowhere

    @property
    def rtp_destination(self) -> Destination | None:
        """The author's RTP address, None where there is none (port 0, 0.0.0.0, no `c=`)."""
        return self._destination(self.connection, self.port)

    @property
    def rtcp_destination(self) -> Destination | None:
        """The author's RTCP address: `a=rtcp` (RFC 3605 §2.1), else the next port.

        Where he offers to share the port of RTP, that is it: we take it up (RFC 5761 §5.1.1).
        """
        if self.port == 0 or self.offers_rtcp_mux:
            return self.rtp_destination
        port, *place = (self.value(b"rtcp") or b"").split() or [b""]
        number = number_in(port, MAX_PORT) or min(self.port + 1, MAX_PORT)
        return self._destination(_connection_of(place) or self.connection, number)

    def _destination(self, connection: Connection | None, port: int) -> Destination | None:
        if connection is None or connection.is_unspecified or port == 0:
            return None
        return Destination(text_of(connection.address), port)


class SessionDescription(msgspec.Struct, frozen=True, kw_only=True):
    """A whole description; `attributes` are the session's own, `timing` its `t=` lines.

    `faults` say in words what was passed over when it was read.
    """

    origin: Origin | None
    connection: Connection | None
    media: tuple[MediaDescription, ...]
    name: bytes = b"-"
    timing: tuple[bytes, ...] = (b"0 0",)
    attributes: tuple[Attribute, ...] = ()
    faults: tuple[str, ...] = ()


def find_value(attributes: tuple[Attribute, ...], name: bytes) -> bytes | None:
    """The value of the first attribute `name`, b"" if it stands alone, None if absent."""
    for attribute in attributes:
        if attribute.name == name:
            return attribute.value or b""
    return None


def find_direction(attributes: tuple[Attribute, ...]) -> Direction | None:
    """The first direction among attributes; None where there is none."""
    for attribute in attributes:
        if attribute.value is None and (direction := _DIRECTIONS.get(attribute.name.strip())):
            return direction
    return None


def read_connection(value: bytes) -> Connection | None:
    """The value of a `c=` line; None where it has not three words."""
    return _connection_of(value.split())


def _connection_of(words: list[bytes]) -> Connection | None:
    match words:
        case [network, family, address]:
            return Connection(address.partition(b"/")[0], family, network)
        case _:
            return None


def describe_media(
    head: tuple[bytes, int, bytes],
    formats: tuple[bytes, ...],
    attributes: tuple[Attribute, ...],
    *,
    connection: Connection | None,
    direction: Direction = Direction.SENDRECV,
) -> MediaDescription:
    """An m-line from its parts; `head` is kind, port, protocol.

    `connection` is the one in force; `direction` is the session's, for where the attributes have
    none (RFC 8866 §6.7: sendrecv in absence of both).
    """
    kind, port, protocol = head
    mapped = _by_format(attributes, b"rtpmap")
    parameters = _by_format(attributes, b"fmtp")
    return MediaDescription(
        kind=kind,
        port=port,
        protocol=protocol,
        formats=formats,
        connection=connection,
        direction=find_direction(attributes) or direction,
        payloads=read_payloads(formats[:MAX_FORMATS], mapped, parameters),
        attributes=attributes,
    )


def _by_format(attributes: tuple[Attribute, ...], name: bytes) -> dict[bytes, bytes]:
    """The values of rtpmap or fmtp by format; of two for one format the first counts."""
    found: dict[bytes, bytes] = {}
    for attribute in attributes:
        if attribute.name == name and (words := (attribute.value or b"").split(maxsplit=1)):
            found.setdefault(words[0], words[1].strip() if len(words) > 1 else b"")
    return found
