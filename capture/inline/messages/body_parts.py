"""What an INVITE encloses beside its description: where the caller is, ISUP, what others need.

Pure (RFC 5621 §3, RFC 6442 §4, RFC 8262). Knows nothing of what is in an enclosure.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.inline.messages.header_filter import PeerTrust
from capture.metadata.message_bodies import METADATA_TYPES, SDP_TYPES, bodies_of
from capture.metadata.multipart import BodyPart, split_body
from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description
from capture.sip.build import SDP_TYPE, Header
from capture.sip.grammar import split_list
from capture.sip.message import Message, Request

# A location with a civic address has 4 KiB, ISUP 300 bytes; it is kept as long as the call is up.
MAX_ENCLOSED_BYTES: Final = 16 << 10
# SDP is between a party and us, metadata is for a recorder.
_NOT_ENCLOSED: Final = SDP_TYPES | METADATA_TYPES
_KEPT_HEADERS: Final = (
    *(b"content-type", b"content-disposition", b"content-id"),
    *(b"content-transfer-encoding", b"content-language"),
)
# They may say where something is by the id of a part (RFC 6442 §4.1, RFC 7852 §3).
_POINTING: Final = frozenset({b"geolocation", b"call-info", b"alert-info", b"error-info"})
_MIXED: Final = b"multipart/mixed;boundary="


class Enclosure(msgspec.Struct, frozen=True, kw_only=True):
    """One part: its headers and its body, byte for byte; `content_id` is b"" without one."""

    headers: tuple[Header, ...]
    body: bytes
    content_id: bytes = b""


def enclosed_in(request: Request) -> tuple[Enclosure, ...]:
    """The parts of an INVITE beside SDP, none where they are too long together.

    Raises `BodyBroken`.
    """
    kind, how = (request.value(name) or b"" for name in _KEPT_HEADERS[:2])
    if not request.body:
        return ()
    parts = split_body(kind, request.body, how)
    found = [_enclosure(part, request) for part in parts if part.content_type not in _NOT_ENCLOSED]
    found = [each for each in found if each.headers]
    return tuple(found) if sum(len(each.body) for each in found) <= MAX_ENCLOSED_BYTES else ()


def _enclosure(part: BodyPart, request: Request) -> Enclosure:
    """Where a body is its only part, its id is a header of the request (RFC 8262 §1.4)."""
    said = {name: value for name, value in part.headers if value}
    if part.body == request.body and request.value(b"content-id"):
        said[b"content-id"] = request.value(b"content-id") or b""
    kept = tuple((name.title(), said[name]) for name in _KEPT_HEADERS if name in said)
    if not part.content_type:
        kept = ()
    return Enclosure(
        headers=kept, body=part.body, content_id=said.get(b"content-id", b"").strip(b"<> ")
    )


def for_peer(enclosures: tuple[Enclosure, ...], to: PeerTrust) -> tuple[Enclosure, ...]:
    """What of them this peer gets: all, or nothing where it is not trusted."""
    return enclosures if to.trusted else ()


def enclosing(
    sdp: bytes, enclosures: tuple[Enclosure, ...], boundary: bytes
) -> tuple[tuple[Header, ...], bytes]:
    """Headers and body of an INVITE with our description and these; `boundary` is a fresh token."""
    ours = ((SDP_TYPE,), sdp)
    if not enclosures:
        return ours if sdp else ((), b"")
    parts = [*([ours] if sdp else []), *((each.headers, each.body) for each in enclosures)]
    written = b"".join(
        b"--%s\r\n%s\r\n%s\r\n" % (boundary, _lines(headers), body) for headers, body in parts
    )
    return ((b"Content-Type", _MIXED + boundary),), written + b"--%s--\r\n" % boundary


def _lines(headers: tuple[Header, ...]) -> bytes:
    return b"".join(b"%s: %s\r\n" % header for header in headers)


def pointing(headers: Iterable[Header], enclosures: tuple[Enclosure, ...]) -> tuple[Header, ...]:
    """Headers without what points to a part that does not come along."""
    ids = {each.content_id for each in enclosures if each.content_id}
    left = ((name, _without_loose_ends(name, value, ids)) for name, value in headers)
    return tuple((name, value) for name, value in left if value)


def _without_loose_ends(name: bytes, value: bytes, ids: set[bytes]) -> bytes:
    if name.lower() not in _POINTING or b"cid:" not in value.lower():
        return value
    try:
        elements = split_list(value)
    except PeerBrokeProtocol:
        return b""
    return b", ".join(each for each in elements if not _is_loose(each, ids))


def _is_loose(element: bytes, ids: set[bytes]) -> bool:
    """Does it name a part that is none of these (RFC 2392)?"""
    uri = element.partition(b"<")[2].partition(b">")[0].strip() or element.strip()
    scheme, _, rest = uri.partition(b":")
    return scheme.lower() == b"cid" and unquote_to_bytes(rest) not in ids


def description_in(message: Message) -> SessionDescription | None:
    """The session description of a message; None without one that can be read."""
    try:
        body = bodies_of(message).sdp
        return None if body is None else parse_description(body)
    except PeerBrokeProtocol:
        return None
