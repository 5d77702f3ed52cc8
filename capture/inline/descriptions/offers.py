"""What each side of an inline call is offered and answered: the other side's words, our address.

Pure values (RFC 3264, docs/inline.md section Media). Knows nothing of SIP, or of what is played.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from capture.errors import CaptureError
from capture.inline.descriptions.beside import line_beside, place_beside
from capture.inline.descriptions.media_lines import (
    accompanying,
    answering,
    direction_of,
    line_saying,
    protocol_of,
    unused_line,
    with_formats,
)
from capture.inline.descriptions.seat import MediaSeat
from capture.inline.descriptions.speech import (
    ANYTHING,
    agreed_media,
    codecs_of,
    is_speech,
    number_for,
    speech_line,
    speech_payloads,
)
from capture.sdp.answer import own_connection, own_origin, revised
from capture.sdp.crypto import is_secure, offered_crypto
from capture.sdp.description import (
    Attribute,
    Connection,
    Direction,
    MediaDescription,
    SessionDescription,
    describe_media,
)
from capture.sdp.payloads import Payload
from capture.sdp.record_attribute import indicating

_MIRRORED: Final = {
    Direction.SENDRECV: Direction.SENDRECV,
    Direction.SENDONLY: Direction.RECVONLY,
    Direction.RECVONLY: Direction.SENDONLY,
    Direction.INACTIVE: Direction.INACTIVE,
}


# RFC 3551 §6; the number of events is the customary one.
_G711: Final = {"PCMU": 0, "PCMA": 8}


_EVENTS: Final = 101


class NothingInCommon(CaptureError):
    """No m-line is left that the other side could be asked for; the answer is 488."""


def offer_across(
    theirs: SessionDescription,
    seat: MediaSeat,
    previous: SessionDescription | None,
    *,
    codecs: frozenset[str] = ANYTHING,
    secure: bool | None = None,
) -> SessionDescription:
    """One side's offer as the other gets it: the same places, one speech line, our address.

    Cut to `codecs` and what accompanies speech. `secure` None: as the peer of that seat must have
    it, else as it was there last, else as it was offered. `previous` is our last description there.
    Raises `NothingInCommon`.
    """
    place = speech_line(theirs)
    media = _lines_beside(theirs, theirs, seat)
    if place is not None:
        asked = theirs.media[place]
        if not speech_payloads(asked, codecs):
            raise NothingInCommon
        before = agreed_media(previous)
        sealed = is_secure(asked if before is None else before)
        sealed = _first(secure, seat.is_sealed, sealed)
        crypto = tuple(offered_crypto(seat.secret)) if sealed else ()
        transport = (protocol_of(asked, sealed=sealed), crypto)
        media[place] = line_saying(asked, seat, transport, direction_of(asked), codecs)
    return _in_use([*media, *_lines_left(previous, media)], seat, theirs, previous)


def _first(*words: bool | None) -> bool:
    """The first word that was said at all."""
    return next(bool(word) for word in words if word is not None)


def _lines_left(
    previous: SessionDescription | None, media: list[MediaDescription]
) -> list[MediaDescription]:
    """No line of a session ever goes away (RFC 3264 §8.2): those that nobody has now, unused."""
    lines = () if previous is None else previous.media
    return [unused_line(each) for each in lines[len(media) :]]


def own_offer(
    seat: MediaSeat, codecs: Sequence[str], *, secure: bool | None = None
) -> SessionDescription:
    """What we offer where the caller has offered nothing: G.711 of these, and digits."""
    sealed = bool(seat.is_sealed if secure is None else secure)
    numbers = [number for name, number in _G711.items() if name in codecs]
    formats = tuple(str(each).encode() for each in (*numbers, _EVENTS))
    lines = [b"%d %s/8000" % (number, name.encode()) for name, number in _G711.items()]
    maps = (*lines, b"%d telephone-event/8000" % _EVENTS)
    attributes = (
        *(Attribute(b"rtpmap", each) for each in maps if each.split()[0] in formats),
        Attribute(b"fmtp", b"%d 0-16" % _EVENTS),
        *indicating(seat.record),
        Attribute(Direction.SENDRECV.encode()),
        *(offered_crypto(seat.secret) if sealed else ()),
    )
    head = (b"audio", seat.port, b"RTP/SAVP" if sealed else b"RTP/AVP")
    line = describe_media(head, formats, attributes, connection=None)
    return _description((line,), seat, None, None)


def answer_across(
    theirs: SessionDescription,
    offer: SessionDescription,
    seat: MediaSeat,
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
        media[place] = answering(offer.media[place], taken, direction_of(taken), seat)
    return _in_use(media, seat, offer, previous)


def answer_alone(
    offer: SessionDescription,
    seat: MediaSeat,
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
    kept = with_formats(media, (first, *accompanying(media, speech[0].clock_hz)))
    lines = [unused_line(each) for each in offer.media]
    lines[place] = answering(media, kept, _MIRRORED[direction_of(media)], seat)
    return _description(tuple(lines), seat, offer, previous)


def again(
    ours: SessionDescription, offer: SessionDescription, seat: MediaSeat, spoken: frozenset[str]
) -> SessionDescription:
    """Our answer to a later offer that is none of the other side's business: as agreed before.

    What is `spoken` goes on where it is offered, else anything that we have said there.
    """
    agreed = frozenset(
        payload.encoding.upper() for media in ours.media for payload in speech_payloads(media)
    )
    goes_on = spoken & agreed & codecs_of(offer)
    return answer_alone(offer, seat, ours, codecs=goes_on or agreed)


def preferring(ours: SessionDescription, first: Payload) -> SessionDescription:
    """What we have said, with this codec as the first format of speech."""
    place = speech_line(ours)
    if place is None:
        return ours
    media = ours.media[place]
    number = str(number_for(first, speech_payloads(media))).encode()
    formats = (number, *(each for each in media.formats if each != number))
    if number not in media.formats or formats == media.formats:
        return ours
    lines = (*ours.media[:place], with_formats(media, formats), *ours.media[place + 1 :])
    return revised(ours, msgspec.structs.replace(ours, media=lines))


def standing_answer(
    offer: SessionDescription, seat: MediaSeat, ours: SessionDescription | None
) -> SessionDescription:
    """Our answer to an offer that changes nothing: what we have said there, as far as it offers it.

    A direction that it does not allow is narrowed (RFC 3264 §6.1). All lines are refused where
    nothing is left.
    """
    place = speech_line(offer)
    said = () if ours is None else ours.media
    media = [unused_line(each) for each in offer.media]
    if ours is not None:
        media = _lines_beside(offer, ours, seat)
    if place is not None and place < len(said) and is_speech(said[place]):
        asked, holds = offer.media[place], said[place]
        left = tuple(each for each in holds.formats if each in asked.formats)
        kept = with_formats(holds, left)
        if speech_payloads(kept):
            direction = _narrowed(direction_of(holds), _MIRRORED[direction_of(asked)])
            media[place] = answering(asked, kept, direction, seat)
    return _description(tuple(media), seat, offer, ours)


def _narrowed(one: Direction, other: Direction) -> Direction:
    if Direction.SENDRECV in {one, other}:
        return other if one is Direction.SENDRECV else one
    return one if one is other else Direction.INACTIVE


def _lines_beside(
    asked: SessionDescription, said: SessionDescription, seat: MediaSeat
) -> list[MediaDescription]:
    """Every line of `asked` refused, but the one beside speech as `said` has it."""
    lines = [unused_line(each) for each in asked.media]
    place = place_beside(asked)
    if not seat.port_beside or place is None or place >= len(said.media):
        return lines
    if said.media[place].port:
        lines[place] = line_beside(said.media[place], seat.port_beside)
    return lines


def _in_use(
    media: list[MediaDescription],
    seat: MediaSeat,
    theirs: SessionDescription,
    previous: SessionDescription | None,
) -> SessionDescription:
    """The description of these lines; raises `NothingInCommon` where none is in use."""
    if not any(each.port for each in media):
        raise NothingInCommon
    return _description(tuple(media), seat, theirs, previous)


def _description(
    media: tuple[MediaDescription, ...],
    seat: MediaSeat,
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
