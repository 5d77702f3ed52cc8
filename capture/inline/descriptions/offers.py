"""What each side of an inline call is offered and answered: the other side's words, our address.

Pure values (RFC 3264, docs/inline.md section Media). Knows nothing of SIP, or of what is played.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from capture.errors import CaptureError
from capture.inline.descriptions.beside import line_beside, place_beside
from capture.inline.descriptions.speech import (
    ANYTHING,
    speech_line,
    speech_payloads,
)
from capture.sdp.acceptance import ACCOMPANYING_ENCODINGS
from capture.sdp.answer import own_connection, own_origin, revised
from capture.sdp.crypto import (
    answering_crypto,
    is_secure,
    offered_crypto,
    taken_crypto,
)
from capture.sdp.description import (
    Attribute,
    Connection,
    Direction,
    MediaDescription,
    SessionDescription,
    describe_media,
    find_direction,
)
from capture.sdp.payloads import Payload
from capture.sdp.recording import Indication, indicating

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
_MIRRORED: Final = {
    Direction.SENDRECV: Direction.SENDRECV,
    Direction.SENDONLY: Direction.RECVONLY,
    Direction.RECVONLY: Direction.SENDONLY,
    Direction.INACTIVE: Direction.INACTIVE,
}
# RFC 3551 §6; the number of events is the customary one.
_G711: Final = {"PCMU": 0, "PCMA": 8}
_EVENTS: Final = 101


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """Where we receive on one side: address, RTP port, our SRTP secret, the id of our `o=` line.

    `port_beside` is for one line that is no speech, 0: such lines are refused. `record` is what is
    said there of recording.
    """

    address: str
    port: int
    session_id: int
    secret: bytes = b""
    port_beside: int = 0
    record: Indication = Indication.NONE

    def __repr__(self) -> str:
        return f"Seat({self.address}, {self.port})"


class NothingInCommon(CaptureError):
    """No m-line is left that the other side could be asked for; the answer is 488."""


def offer_across(
    theirs: SessionDescription,
    seat: Seat,
    previous: SessionDescription | None,
    *,
    codecs: frozenset[str] = ANYTHING,
    secure: bool | None = None,
) -> SessionDescription:
    """One side's offer as the other gets it: the same places, one speech line, our address.

    Cut to `codecs` and what accompanies speech. `secure` None: as it was offered. `previous` is our
    last description there. Raises `NothingInCommon`.
    """
    place = speech_line(theirs)
    media = _lines_beside(theirs, theirs, seat)
    if place is not None:
        asked = theirs.media[place]
        if not speech_payloads(asked, codecs):
            raise NothingInCommon
        sealed = is_secure(asked) if secure is None else secure
        crypto = tuple(offered_crypto(seat.secret)) if sealed else ()
        transport = (_protocol(asked, sealed=sealed), crypto)
        media[place] = _line(asked, seat, transport, _direction(asked), codecs)
    return _in_use([*media, *_lines_left(previous, media)], seat, theirs, previous)


def _lines_left(
    previous: SessionDescription | None, media: list[MediaDescription]
) -> list[MediaDescription]:
    """No line of a session ever goes away (RFC 3264 §8.2): those that nobody has now, unused."""
    lines = () if previous is None else previous.media
    return [_unused(each) for each in lines[len(media) :]]


def own_offer(seat: Seat, codecs: Sequence[str]) -> SessionDescription:
    """What we offer where the caller has offered nothing: G.711 of these, and digits."""
    numbers = [number for name, number in _G711.items() if name in codecs]
    formats = tuple(str(each).encode() for each in (*numbers, _EVENTS))
    lines = [b"%d %s/8000" % (number, name.encode()) for name, number in _G711.items()]
    maps = (*lines, b"%d telephone-event/8000" % _EVENTS)
    attributes = (
        *(Attribute(b"rtpmap", each) for each in maps if each.split()[0] in formats),
        Attribute(b"fmtp", b"%d 0-16" % _EVENTS),
        *indicating(seat.record),
        Attribute(Direction.SENDRECV.encode()),
    )
    head = (b"audio", seat.port, b"RTP/AVP")
    line = describe_media(head, formats, attributes, connection=None)
    return _description((line,), seat, None, None)


def answer_across(
    theirs: SessionDescription,
    offer: SessionDescription,
    seat: Seat,
    previous: SessionDescription | None,
) -> SessionDescription:
    """The other side's answer as the one that made `offer` gets it.

    `theirs` answers what `offer_across` made of `offer`, place by place. Raises `NothingInCommon`
    where it takes nothing.
    """
    place = speech_line(offer)
    taken = theirs.media[place] if place is not None and place < len(theirs.media) else None
    media = _lines_beside(offer, theirs, seat)
    if place is not None and taken is not None and taken.port:
        media[place] = _answering(offer.media[place], taken, _direction(taken), seat)
    return _in_use(media, seat, offer, previous)


def answer_alone(
    offer: SessionDescription,
    seat: Seat,
    previous: SessionDescription | None,
    *,
    codecs: frozenset[str] = ANYTHING,
) -> SessionDescription:
    """Our own answer while the other side is not there: the first codec that is allowed.

    Its direction mirrors the offer's. Raises `NothingInCommon`.
    """
    place = speech_line(offer)
    if place is None:
        raise NothingInCommon
    media = offer.media[place]
    speech = speech_payloads(media, codecs)
    if not speech:
        raise NothingInCommon
    first = str(speech[0].payload_type).encode()
    kept = _with_formats(media, (first, *_accompanying(media, speech[0].clock_hz)))
    lines = [_unused(each) for each in offer.media]
    lines[place] = _answering(media, kept, _MIRRORED[_direction(media)], seat)
    return _description(tuple(lines), seat, offer, previous)


def again(ours: SessionDescription, offer: SessionDescription, seat: Seat) -> SessionDescription:
    """Our answer to a later offer that is none of the other side's business: as agreed before."""
    agreed = frozenset(
        payload.encoding.upper() for media in ours.media for payload in speech_payloads(media)
    )
    return answer_alone(offer, seat, ours, codecs=agreed)


def _lines_beside(
    asked: SessionDescription, said: SessionDescription, seat: Seat
) -> list[MediaDescription]:
    """Every line of `asked` refused, but the one beside speech as `said` has it."""
    lines = [_unused(each) for each in asked.media]
    place = place_beside(asked)
    if not seat.port_beside or place is None or place >= len(said.media):
        return lines
    if said.media[place].port:
        lines[place] = line_beside(said.media[place], seat.port_beside)
    return lines


def _answering(
    asked: MediaDescription, accepted: MediaDescription, direction: Direction, seat: Seat
) -> MediaDescription:
    """A speech line of ours that takes what was asked as it was accepted."""
    key = taken_crypto(asked) if is_secure(asked) else None
    crypto = () if key is None else (answering_crypto(key, seat.secret),)
    line = _line(accepted, seat, (asked.protocol, crypto), direction, ANYTHING)
    if asked.offers_rtcp_mux:
        line = _with_attributes(line, (Attribute(b"rtcp-mux"),))
    return line


def _in_use(
    media: list[MediaDescription],
    seat: Seat,
    theirs: SessionDescription,
    previous: SessionDescription | None,
) -> SessionDescription:
    """The description of these lines; raises `NothingInCommon` where none is in use."""
    if not any(each.port for each in media):
        raise NothingInCommon
    return _description(tuple(media), seat, theirs, previous)


def _description(
    media: tuple[MediaDescription, ...],
    seat: Seat,
    theirs: SessionDescription | None,
    previous: SessionDescription | None,
) -> SessionDescription:
    connection = own_connection(seat.address)
    following = SessionDescription(
        origin=own_origin(seat.session_id, 1, connection),
        connection=connection,
        media=tuple(_connected(each, connection) for each in media),
        timing=(theirs and theirs.timing) or (b"0 0",),
    )
    return following if previous is None else revised(previous, following)


def _connected(media: MediaDescription, connection: Connection) -> MediaDescription:
    return msgspec.structs.replace(media, connection=connection)


def _line(
    media: MediaDescription,
    seat: Seat,
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


def _accompanying(media: MediaDescription, clock_hz: int) -> Iterable[bytes]:
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


def _with_formats(media: MediaDescription, formats: tuple[bytes, ...]) -> MediaDescription:
    head = (media.kind, media.port, media.protocol)
    kept = tuple(each for each in media.attributes if _is_about(each, formats))
    return describe_media(
        head, formats, kept, connection=media.connection, direction=media.direction
    )


def _with_attributes(
    media: MediaDescription, attributes: tuple[Attribute, ...]
) -> MediaDescription:
    return msgspec.structs.replace(media, attributes=(*media.attributes, *attributes))


def _direction(media: MediaDescription) -> Direction:
    """Also of the old kind of hold, an address that is nowhere (RFC 3264 §8.4)."""
    nowhere = media.connection is not None and media.connection.is_unspecified
    if not nowhere:
        return media.direction
    mute = {Direction.RECVONLY, Direction.INACTIVE}
    return Direction.INACTIVE if media.direction in mute else Direction.SENDONLY


def _protocol(media: MediaDescription, *, sealed: bool) -> bytes:
    """The profile with or without SRTP; feedback (AVPF) crosses as it is."""
    feedback = media.protocol.upper().endswith(b"F")
    if sealed:
        return b"RTP/SAVPF" if feedback else b"RTP/SAVP"
    return b"RTP/AVPF" if feedback else b"RTP/AVP"


def _unused(media: MediaDescription) -> MediaDescription:
    """Port 0, with the formats that the grammar wants (RFC 3264 §5.1, §6)."""
    head = (media.kind, 0, media.protocol)
    return describe_media(head, media.formats, (), connection=None)
