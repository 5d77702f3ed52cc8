"""One speech line of ours, made of the other side's: what crosses of it, and what is a side's own.

Pure values (RFC 3264, RFC 8866). Knows nothing of a description as a whole.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from capture.inline.descriptions.seat import MediaSeat
from capture.inline.descriptions.speech import ANYTHING, speech_payloads
from capture.sdp.acceptance import ACCOMPANYING_ENCODINGS
from capture.sdp.crypto import answering_crypto, is_secure, taken_crypto
from capture.sdp.description import (
    Attribute,
    Direction,
    MediaDescription,
    describe_media,
    find_direction,
)
from capture.sdp.payloads import Payload
from capture.sdp.record_attribute import indicating

# What is about a side's own transport and not about what is said on it.
_OWN: Final = frozenset(
    {
        *(b"rtcp", b"rtcp-mux", b"rtcp-mux-only", b"rtcp-rsize", b"crypto", b"candidate"),
        *(b"remote-candidates", b"end-of-candidates", b"ice-ufrag", b"ice-pwd", b"ice-options"),
        *(b"ice-lite", b"ice-mismatch", b"fingerprint", b"setup", b"tls-id", b"connection"),
        *(
            b"ssrc",
            b"ssrc-group",
            b"msid",
            b"mid",
            b"extmap",
            b"extmap-allow-mixed",
            b"bundle-only",
        ),
        *(b"record", b"recordpref", b"key-mgmt", b"zrtp-hash"),
    }
)


_FORMAT: Final = frozenset({b"rtpmap", b"fmtp", b"rtcp-fb"})


def answering(
    asked: MediaDescription, accepted: MediaDescription, direction: Direction, seat: MediaSeat
) -> MediaDescription:
    """A speech line of ours that takes what was asked as it was accepted."""
    key = taken_crypto(asked) if is_secure(asked) else None
    crypto = () if key is None else (answering_crypto(key, seat.secret),)
    line = line_saying(accepted, seat, (asked.protocol, crypto), direction, ANYTHING)
    if asked.offers_rtcp_mux:
        line = _with_attributes(line, (Attribute(b"rtcp-mux"),))
    return line


def line_saying(
    media: MediaDescription,
    seat: MediaSeat,
    transport: tuple[bytes, tuple[Attribute, ...]],
    direction: Direction,
    codecs: frozenset[str],
) -> MediaDescription:
    """A speech line of ours that says what `media` says; `transport` is protocol and keys."""
    protocol, crypto = transport
    formats = _crossing_formats(media, codecs)
    kept = (each for each in media.attributes if each.name not in _OWN)
    attributes = (
        *(each for each in kept if _is_about(each, formats) and not _is_direction(each)),
        *crypto,
        *indicating(seat.record),
        Attribute(direction.encode()),
    )
    head = (media.kind, seat.port, protocol)
    return describe_media(head, formats, attributes, connection=None)


def _crossing_formats(media: MediaDescription, codecs: frozenset[str]) -> tuple[bytes, ...]:
    if not codecs:
        return media.formats
    speech = speech_payloads(media, codecs)
    clocks = {each.clock_hz for each in speech}
    kept = {each.payload_type for each in speech}
    kept |= {each.payload_type for each in _accompaniment(media) if each.clock_hz in clocks}
    return tuple(each for each in media.formats if each.isdigit() and int(each) in kept)


def _accompaniment(media: MediaDescription) -> list[Payload]:
    return [each for each in media.payloads if each.encoding.lower() in ACCOMPANYING_ENCODINGS]


def accompanying(media: MediaDescription, clock_hz: int) -> Iterable[bytes]:
    """The formats of events and comfort noise at the clock of the speech (RFC 4733 §2.1)."""
    return (
        str(each.payload_type).encode()
        for each in _accompaniment(media)
        if each.clock_hz == clock_hz
    )


def _is_about(attribute: Attribute, formats: tuple[bytes, ...]) -> bool:
    """Is an attribute of a format about one of these; others are about the line."""
    if attribute.name not in _FORMAT:
        return True
    words = (attribute.value or b"").split(maxsplit=1)
    return bool(words) and (words[0] in formats or words[0] == b"*")


def _is_direction(attribute: Attribute) -> bool:
    return find_direction((attribute,)) is not None


def with_formats(media: MediaDescription, formats: tuple[bytes, ...]) -> MediaDescription:
    """The line cut to these formats and what is said of them."""
    head = (media.kind, media.port, media.protocol)
    kept = tuple(each for each in media.attributes if _is_about(each, formats))
    return describe_media(
        head, formats, kept, connection=media.connection, direction=media.direction
    )


def _with_attributes(
    media: MediaDescription, attributes: tuple[Attribute, ...]
) -> MediaDescription:
    return msgspec.structs.replace(media, attributes=(*media.attributes, *attributes))


def direction_of(media: MediaDescription) -> Direction:
    """Also of the old kind of hold, an address that is nowhere (RFC 3264 §8.4)."""
    nowhere = media.connection is not None and media.connection.is_unspecified
    if not nowhere:
        return media.direction
    mute = {Direction.RECVONLY, Direction.INACTIVE}
    return Direction.INACTIVE if media.direction in mute else Direction.SENDONLY


def protocol_of(media: MediaDescription, *, sealed: bool) -> bytes:
    """The profile with or without SRTP; feedback (AVPF) crosses as it is."""
    feedback = media.protocol.upper().endswith(b"F")
    if sealed:
        return b"RTP/SAVPF" if feedback else b"RTP/SAVP"
    return b"RTP/AVPF" if feedback else b"RTP/AVP"


def unused_line(media: MediaDescription) -> MediaDescription:
    """Port 0, with the formats that the grammar wants (RFC 3264 §5.1, §6)."""
    head = (media.kind, 0, media.protocol)
    return describe_media(head, media.formats, (), connection=None)
