"""Which m-lines and formats a recording server takes, because it can keep and later play them.

Rules only. Knows nothing of how an answer is written.
"""

from enum import StrEnum
from typing import Final

import msgspec

from archive.call.codecs import codec_of
from capture.sdp.crypto import is_secure, taken_crypto
from capture.sdp.description import MediaDescription, SessionDescription
from capture.sdp.payloads import Payload

# Plain RTP; SRTP where its keys are in the description too (RFC 4568).
PLAIN_PROTOCOLS: Final = frozenset({b"RTP/AVP", b"RTP/AVPF"})
ACCEPTED_KINDS: Final = frozenset({b"audio"})
# They accompany speech; alone they would make a recording without a voice.
ACCOMPANYING_ENCODINGS: Final = frozenset({"telephone-event", "tone", "cn"})
# They wrap or repeat other formats, so that what is said would no longer lie open in the packets.
WRAPPING_ENCODINGS: Final = frozenset({"red", "rtx", "ulpfec", "flexfec", "parityfec"})


def accepted_payloads(media: MediaDescription) -> tuple[Payload, ...]:
    """The formats of an m-line that we keep, in the offered order; each named once."""
    kept = {
        payload.payload_type: payload
        for payload in reversed(media.payloads)
        if payload.encoding.lower() not in WRAPPING_ENCODINGS
    }
    order = dict.fromkeys(payload.payload_type for payload in media.payloads)
    return tuple(kept[number] for number in order if number in kept)


def is_usable(media: MediaDescription) -> bool:
    """Can this m-line bring audio: a port, a transport that we take, a format that is speech?"""
    return _is_audio(media) and _has_transport(media) and _has_speech(media)


def _is_audio(media: MediaDescription) -> bool:
    return media.port != 0 and media.kind.lower() in ACCEPTED_KINDS


def _has_transport(media: MediaDescription) -> bool:
    if is_secure(media):
        return taken_crypto(media) is not None
    return media.protocol.upper() in PLAIN_PROTOCOLS


def _has_speech(media: MediaDescription) -> bool:
    return any(
        payload.encoding.lower() not in ACCOMPANYING_ENCODINGS
        for payload in accepted_payloads(media)
    )


def _can_be_heard(media: MediaDescription) -> bool:
    """Does a reader know one of its codecs? Of two m-lines the other may be kept undecoded."""
    return any(
        codec_of(payload.encoding, payload.clock_hz, payload.channels, payload.fmtp) is not None
        for payload in accepted_payloads(media)
    )


def usable_media(offer: SessionDescription) -> tuple[int, ...]:
    """The positions of the m-lines that can bring audio; empty where none can."""
    return tuple(position for position, media in enumerate(offer.media) if is_usable(media))


class KeyRules(msgspec.Struct, frozen=True, kw_only=True):
    """What an offer may be like: SRTP only, whether its keys may be taken from it.

    And whether it is taken where nobody could ever decode what it brings.
    """

    srtp_only: bool = False
    keys_allowed: bool = True
    keep_anything: bool = False


class Unacceptable(StrEnum):
    """Why an offer is answered 488, as its Warning tells (RFC 3261 §20.43)."""

    NO_AUDIO = '304 rokuon "no audio is offered"'
    NO_TRANSPORT = '302 rokuon "RTP, or SRTP with keys in a=crypto, is taken here"'
    NO_FORMAT = '305 rokuon "no format of speech that can be decoded is offered"'
    NO_FORMAT_OF_NOTICE = '305 rokuon "no codec in which the notice can be played"'
    NO_COMMON_FORMAT = '305 rokuon "no codec in common"'
    PLAIN = '399 rokuon "SRTP is asked for here"'
    KEYS_IN_CLEAR = '399 rokuon "SRTP keys are taken over TLS only"'

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """What the 488 says."""
        return ((b"Warning", self.encode()),)


def why_unacceptable(offer: SessionDescription, rules: KeyRules) -> Unacceptable | None:
    """Why 488 is the answer (RFC 3261 §13.3.1.3): something is offered, and we may not take it.

    An offer without an m-line, or with removed ones only, is taken: a recording session may be
    longer than the calls in it.
    """
    if all(media.port == 0 for media in offer.media):
        return None
    usable = [offer.media[position] for position in usable_media(offer)]
    if not usable:
        return what_lacks(offer)
    if not rules.keep_anything and not any(map(_can_be_heard, usable)):
        return Unacceptable.NO_FORMAT
    return why_unsafe(offer, rules)


def why_unsafe(offer: SessionDescription | None, rules: KeyRules) -> Unacceptable | None:
    """Why what is offered, or would be by us where nothing is, may not be heard or read by others.

    For lines that bring audio alone, whoever keeps it.
    """
    if offer is None:
        return Unacceptable.KEYS_IN_CLEAR if rules.srtp_only and not rules.keys_allowed else None
    usable = [offer.media[position] for position in usable_media(offer)]
    if rules.srtp_only and not all(map(is_secure, usable)):
        return Unacceptable.PLAIN
    if not rules.keys_allowed and any(map(is_secure, usable)):
        return Unacceptable.KEYS_IN_CLEAR
    return None


def what_lacks(offer: SessionDescription) -> Unacceptable:
    """Why no line of it can bring speech."""
    audio = [media for media in offer.media if _is_audio(media)]
    if not audio:
        return Unacceptable.NO_AUDIO
    if not any(map(_has_transport, audio)):
        return Unacceptable.NO_TRANSPORT
    return Unacceptable.NO_FORMAT
