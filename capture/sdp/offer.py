"""Our own offers: for an INVITE that has none, and to take up again what rests (RFC 7866 §7.2).

Pure values. Knows nothing of SIP, or of where ports come from.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from capture.sdp.answer import MediaPorts, own_connection, own_origin, revised, rtcp_attribute
from capture.sdp.crypto import offered_crypto
from capture.sdp.description import (
    Attribute,
    Connection,
    Direction,
    MediaDescription,
    SessionDescription,
    describe_media,
    find_direction,
)

# What every SRC can send; which of the two is the peer's choice.
_FORMATS: Final = (b"0", b"8", b"101")
_FORMAT_ATTRIBUTES: Final = (
    Attribute(b"rtpmap", b"0 PCMU/8000"),
    Attribute(b"rtpmap", b"8 PCMA/8000"),
    Attribute(b"rtpmap", b"101 telephone-event/8000"),
    Attribute(b"fmtp", b"101 0-16"),
)


def make_offer(
    *, session_id: int, version: int, address: str, ports: Sequence[MediaPorts], srtp: bool = False
) -> SessionDescription:
    """Receive-only audio m-lines, one for each of `ports`, labelled 1, 2 and so on.

    A call of two parties wants two. With `srtp` each has keys of its own secret.
    """
    connection = own_connection(address)
    return SessionDescription(
        origin=own_origin(session_id, version, connection),
        connection=connection,
        media=tuple(
            _stream(pair, str(number).encode(), connection, srtp=srtp)
            for number, pair in enumerate(ports, 1)
        ),
    )


def _stream(
    ports: MediaPorts, label: bytes, connection: Connection, *, srtp: bool
) -> MediaDescription:
    attributes = (
        *_FORMAT_ATTRIBUTES,
        *(offered_crypto(ports.secret) if srtp else []),
        *rtcp_attribute(ports),
        Attribute(b"label", label),
        Attribute(Direction.RECVONLY.encode()),
    )
    head = (b"audio", ports.rtp, b"RTP/SAVP" if srtp else b"RTP/AVP")
    return describe_media(head, _FORMATS, attributes, connection=connection)


def reoffer(previous: SessionDescription) -> SessionDescription:
    """Our last description as a new offer: every stream with a port is received again.

    The `o=` version rises only where that changes something.
    """
    media = tuple(_receiving(stream) for stream in previous.media)
    return revised(previous, msgspec.structs.replace(previous, media=media))


def _receiving(media: MediaDescription) -> MediaDescription:
    if media.port == 0 or media.direction is Direction.RECVONLY:
        return media
    kept = tuple(
        attribute for attribute in media.attributes if find_direction((attribute,)) is None
    )
    return msgspec.structs.replace(
        media,
        direction=Direction.RECVONLY,
        attributes=(*kept, Attribute(Direction.RECVONLY.encode())),
    )
