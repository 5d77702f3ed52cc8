"""The recording server's answer to any number of m-lines (RFC 3264 §6, RFC 7866 §7.2).

Pure values: each answer follows from its offer alone, so that no earlier hold can stick to it.
Knows nothing of SIP, or of where ports come from.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from capture.sdp.acceptance import accepted_payloads, is_usable
from capture.sdp.crypto import answering_crypto, is_secure, taken_crypto
from capture.sdp.description import (
    Attribute,
    Connection,
    Direction,
    MediaDescription,
    Origin,
    SessionDescription,
    describe_media,
)
from capture.sdp.limits import AnswerMismatched

USERNAME: Final = b"rokuon"


class MediaPorts(msgspec.Struct, frozen=True, tag="ports"):
    """Where we receive one stream: RTP and RTCP each on its port, or both on that of RTP.

    `secret` gives our SRTP key there, where one is needed: `SRTP_SECRET_BYTES` random bytes.
    """

    rtp: int
    rtcp: int
    secret: bytes = b""

    def __repr__(self) -> str:
        return f"MediaPorts({self.rtp}, {self.rtcp})"


class Refuse(msgspec.Struct, frozen=True, tag="refuse"):
    """No port for this m-line: its answer has port 0."""


def answer_offer(
    offer: SessionDescription,
    *,
    session_id: int,
    version: int,
    address: str,
    ports: Sequence[MediaPorts | Refuse],
) -> SessionDescription:
    """Our answer: the same m-lines in the same order, labels echoed.

    `address` is ours, IPv4 or IPv6. `ports` has one entry for each m-line; that of an m-line which
    is not usable is not looked at. Within a dialog `revised` gives the answer its version.
    """
    assert len(ports) == len(offer.media)
    connection = own_connection(address)
    return SessionDescription(
        origin=own_origin(session_id, version, connection),
        connection=connection,
        media=tuple(map(_answer, offer.media, ports, [connection] * len(ports))),
        timing=offer.timing or (b"0 0",),
    )


def own_connection(address: str) -> Connection:
    """Our address as a `c=` line."""
    family = b"IP6" if ":" in address else b"IP4"
    return Connection(address.encode(), family)


def own_origin(session_id: int, version: int, connection: Connection) -> Origin:
    """Our `o=` line."""
    return Origin(
        username=USERNAME,
        session_id=str(session_id).encode(),
        version=str(version).encode(),
        connection=connection,
    )


def _answer(
    media: MediaDescription, ports: MediaPorts | Refuse, connection: Connection
) -> MediaDescription:
    if isinstance(ports, Refuse) or not is_usable(media):
        return _refusal(media, connection)
    accepted = tuple(str(payload.payload_type).encode() for payload in accepted_payloads(media))
    attributes = (
        *_echoed_formats(media, frozenset(accepted)),
        *_echoed(media, b"ptime"),
        *_own_key(media, ports),
        *(_echoed(media, b"rtcp-mux") or rtcp_attribute(ports)),
        *_echoed(media, b"label"),
        Attribute(direction_for(media.direction).encode()),
    )
    head = (media.kind, ports.rtp, media.protocol)
    return describe_media(head, accepted, attributes, connection=connection)


def _refusal(media: MediaDescription, connection: Connection) -> MediaDescription:
    """Port 0 with the offered formats, of which the grammar wants one (RFC 3264 §6)."""
    head = (media.kind, 0, media.protocol)
    label = tuple(_echoed(media, b"label"))
    return describe_media(head, media.formats, label, connection=connection)


def direction_for(offered: Direction) -> Direction:
    """What a server that only receives answers (RFC 3264 §6.1).

    A connection address of 0.0.0.0 is not looked at: it says where nothing may be sent, which we
    do not anyway (RFC 3264 §8.4); whoever sends to us from there is still heard. The session
    learns of that kind of hold by `MediaDescription.is_held`.
    """
    match offered:
        case Direction.SENDRECV | Direction.SENDONLY:
            return Direction.RECVONLY
        case Direction.RECVONLY | Direction.INACTIVE:
            return Direction.INACTIVE


def _echoed_formats(media: MediaDescription, accepted: frozenset[bytes]) -> list[Attribute]:
    """The offer's rtpmap and fmtp of accepted formats, byte for byte."""
    return [
        attribute
        for attribute in media.attributes
        if attribute.name in {b"rtpmap", b"fmtp"}
        and (words := (attribute.value or b"").split(maxsplit=1))
        and words[0] in accepted
    ]


def _own_key(media: MediaDescription, ports: MediaPorts) -> list[Attribute]:
    taken = taken_crypto(media) if is_secure(media) else None
    return [] if taken is None else [answering_crypto(taken, ports.secret)]


def _echoed(media: MediaDescription, name: bytes) -> list[Attribute]:
    return [attribute for attribute in media.attributes if attribute.name == name][:1]


def rtcp_attribute(ports: MediaPorts) -> list[Attribute]:
    """`a=rtcp` where RTCP is not on the next port (RFC 3605 §2.1)."""
    if ports.rtcp == ports.rtp + 1:
        return []
    return [Attribute(b"rtcp", str(ports.rtcp).encode())]


def revised(previous: SessionDescription, following: SessionDescription) -> SessionDescription:
    """`following` with the `o=` line that it must have behind `previous`, both ours.

    The same session id; the version one higher where anything else differs, the same where nothing
    does (RFC 3264 §8).
    """
    assert previous.origin is not None
    same = msgspec.structs.replace(following, origin=previous.origin)
    if same == previous:
        return previous
    version = str(int(previous.origin.version) + 1).encode()
    origin = msgspec.structs.replace(previous.origin, version=version)
    return msgspec.structs.replace(following, origin=origin)


def check_answer(ours: SessionDescription, theirs: SessionDescription) -> None:
    """Raise `AnswerMismatched` unless `theirs` has the m-lines of our offer (RFC 3264 §6)."""
    offered = [media.kind.lower() for media in ours.media]
    if offered != [media.kind.lower() for media in theirs.media]:
        raise AnswerMismatched("RFC 3264 §6", "an answer has other m-lines than our offer")
