"""Which m-lines and formats a recording server takes, because it can keep and later play them.

Rules only. Knows nothing of how an answer is written.
"""

from typing import Final

from capture.sdp.description import MediaDescription, SessionDescription
from capture.sdp.payloads import Payload

# Plain RTP. RTP/SAVP and RTP/SAVPF join when SRTP keys are kept (RFC 4568).
ACCEPTED_PROTOCOLS: Final = frozenset({b"RTP/AVP", b"RTP/AVPF"})
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
    """Can this m-line bring audio: a port, plain RTP, and a format that is speech?"""
    return (
        media.port != 0
        and media.kind.lower() in ACCEPTED_KINDS
        and media.protocol.upper() in ACCEPTED_PROTOCOLS
        and any(
            payload.encoding.lower() not in ACCOMPANYING_ENCODINGS
            for payload in accepted_payloads(media)
        )
    )


def usable_media(offer: SessionDescription) -> tuple[int, ...]:
    """The positions of the m-lines that can bring audio; empty where none can."""
    return tuple(position for position, media in enumerate(offer.media) if is_usable(media))


def must_refuse(offer: SessionDescription) -> bool:
    """Is 488 the answer (RFC 3261 §13.3.1.3): something is offered, and none of it is usable?

    An offer without an m-line, or with removed ones only, is taken: a recording session may be
    longer than the calls in it.
    """
    return any(media.port != 0 for media in offer.media) and not usable_media(offer)
