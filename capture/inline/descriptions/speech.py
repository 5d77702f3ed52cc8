"""The speech of a description: which line it is, its codecs, and how two sides differ in it.

Pure questions (RFC 3264). Knows nothing of what we make of a description.
"""

from collections.abc import Sequence
from typing import Final

from capture.sdp.acceptance import ACCOMPANYING_ENCODINGS, PLAIN_PROTOCOLS
from capture.sdp.crypto import is_secure, taken_crypto
from capture.sdp.description import MediaDescription, SessionDescription
from capture.sdp.payloads import Payload

# Codecs that are framed otherwise by parameters of theirs (RFC 4867 §8.1), and which these are.
_FRAMED: Final = frozenset({"AMR", "AMR-WB"})
_FRAMINGS: Final = frozenset({"octet-align", "crc", "robust-sorting", "interleaving"})
# Any codec may cross; else only these, in capitals.
ANYTHING: Final[frozenset[str]] = frozenset()


def speech_line(description: SessionDescription) -> int | None:
    """The place of the first m-line that can carry speech; None where there is none."""
    for place, media in enumerate(description.media):
        if is_speech(media):
            return place
    return None


def is_speech(media: MediaDescription) -> bool:
    """An audio m-line that is in use, over RTP or SRTP with keys in the description."""
    if media.port == 0 or media.kind.lower() != b"audio":
        return False
    if is_secure(media):
        return taken_crypto(media) is not None
    return media.protocol.upper() in PLAIN_PROTOCOLS


def speech_payloads(media: MediaDescription, codecs: frozenset[str] = ANYTHING) -> list[Payload]:
    """The formats of an m-line that are speech, in their order; of `codecs` alone."""
    return [
        each
        for each in media.payloads
        if each.encoding.lower() not in ACCOMPANYING_ENCODINGS
        and (not codecs or each.encoding.upper() in codecs)
    ]


def codecs_of(description: SessionDescription | None) -> frozenset[str]:
    """The names of the codecs that a description speaks, in capitals; `ANYTHING` without one."""
    media = agreed_media(description)
    return ANYTHING if media is None else _names(speech_payloads(media))


def agreed_codecs(
    ours: SessionDescription | None, theirs: SessionDescription | None
) -> frozenset[str]:
    """What a party speaks with us: what both have said; `ANYTHING` where that is nothing yet."""
    return codecs_of(ours) & codecs_of(theirs)


def agreed_payloads(
    ours: SessionDescription | None,
    theirs: SessionDescription | None,
    answer: SessionDescription | None,
) -> list[Payload]:
    """What a party speaks with us (RFC 3264 §6.1), under its numbers, in the order of `answer`.

    That is the one of the two that came last: its first format is the one to be used. All that the
    party has said of speech, where nothing is agreed on yet.
    """
    media, told = agreed_media(theirs), _speech_codecs(ours)
    said = [] if media is None else speech_payloads(media)
    agreed = [each for each in said if _identity(each) in told]
    chosen = agreed_media(answer)
    order = [] if chosen is None else [_identity(each) for each in speech_payloads(chosen)]
    places = {codec: place for place, codec in reversed([*enumerate(order)])}
    return sorted(agreed, key=lambda each: places.get(_identity(each), len(order))) or said


def _names(payloads: list[Payload]) -> frozenset[str]:
    return frozenset(each.encoding.upper() for each in payloads)


def is_news(theirs: SessionDescription | None, offer: SessionDescription) -> bool:
    """Does an offer say anything that its author has not said before (RFC 3264 §8)?"""
    if theirs is None or theirs.origin is None or offer.origin is None:
        return True
    same = (theirs.origin.session_id, theirs.origin.version)
    return (offer.origin.session_id, offer.origin.version) != same or offer.media != theirs.media


def crossing_types(
    ours: SessionDescription, theirs: SessionDescription
) -> tuple[tuple[int, int], ...]:
    """Payload types that differ: as we asked one side to send it, as the other wants it."""
    mine, wanted = _speech_media(ours), _speech_media(theirs)
    if mine is None or wanted is None:
        return ()
    pairs = ((each.payload_type, number_for(each, wanted.payloads)) for each in mine.payloads)
    return tuple((come, go) for come, go in pairs if come != go)


def number_for(payload: Payload, wanted: Sequence[Payload]) -> int:
    """Under which number a side wants what another one sends, or wants, under its own.

    Of several of one name that of the same format; of those, its own number where that is one.
    """
    same = [each for each in wanted if _identity(each) == _identity(payload)]
    alike = [each for each in same if framing_of(each) == framing_of(payload)] or same
    numbers = [each.payload_type for each in alike]
    own = payload.payload_type
    return own if own in numbers or not numbers else numbers[0]


def agreed_media(description: SessionDescription | None) -> MediaDescription | None:
    """The speech line of a description; None without one."""
    return None if description is None else _speech_media(description)


def _speech_media(description: SessionDescription) -> MediaDescription | None:
    place = speech_line(description)
    return None if place is None else description.media[place]


def _identity(payload: Payload) -> tuple[str, int, int]:
    return payload.encoding.lower(), payload.clock_hz, payload.channels


def framing_of(payload: Payload) -> frozenset[str]:
    """What `fmtp` makes of the very bytes of a codec: of AMR, which is written in several ways.

    RFC 4867 §8.1: what needs whole octets says so without a word of that.
    """
    if payload.encoding.upper() not in _FRAMED:
        return frozenset()
    words = (each.strip().lower().partition("=") for each in payload.fmtp.split(";"))
    said = {name.strip() for name, _, value in words if value.strip() not in {"", "0"}}
    said &= _FRAMINGS
    return frozenset({*said, "octet-align"} if said else said)


def speaks_otherwise(
    ours: SessionDescription,
    theirs: SessionDescription,
    codecs: frozenset[str] = ANYTHING,
) -> bool:
    """Does one side want a codec first, of `codecs`, that the other was never told of?"""
    mine, wanted = _speech_media(ours), _speech_media(theirs)
    if mine is None or wanted is None:
        return False
    told = {_identity(each) for each in speech_payloads(mine)}
    first = speech_payloads(wanted, codecs)[:1]
    return bool(first) and _identity(first[0]) not in told


def speaks_beyond(
    agreed: tuple[SessionDescription, SessionDescription], wanted: SessionDescription
) -> bool:
    """May one side, by what we and it have said, speak what the other does not take?"""
    said = [_speech_codecs(each) for each in agreed]
    taken = _speech_codecs(wanted)
    return bool(taken) and bool(set.intersection(*said) - taken)


def _speech_codecs(description: SessionDescription | None) -> set[tuple[str, int, int]]:
    media = agreed_media(description)
    return set() if media is None else {_identity(each) for each in speech_payloads(media)}
