"""What a description has beside speech: video, T.38, text. One such line may be relayed as it is.

Pure values (docs/inline.md section Other media). Knows nothing of speech, or of who may have it.
"""

from typing import Final

from capture.sdp.description import Attribute, MediaDescription, SessionDescription, describe_media

# What goes over one UDP port of ours and the next, whatever it is (RFC 3362, 4566 §5.14).
_PROTOCOLS: Final = frozenset(
    {b"RTP/AVP", b"RTP/AVPF", b"RTP/SAVP", b"RTP/SAVPF", b"UDPTL", b"UDP"}
)
# Audio is recorded or refused; only what is no audio goes past unrecorded.
_SPEECH: Final = b"audio"
# Places of a party's own that our place replaces; keys and fingerprints are between the parties.
_PLACES: Final = frozenset(
    {
        *(b"rtcp", b"candidate", b"remote-candidates", b"end-of-candidates", b"ice-ufrag"),
        *(b"ice-pwd", b"ice-options", b"ice-lite", b"ice-mismatch", b"mid", b"bundle-only"),
    }
)


def place_beside(description: SessionDescription | None) -> int | None:
    """The place of the first line in use that is no speech and that we can relay."""
    for place, media in enumerate(description.media if description is not None else ()):
        if media.port and media.kind.lower() != _SPEECH and media.protocol.upper() in _PROTOCOLS:
            return place
    return None


def media_beside(description: SessionDescription | None) -> MediaDescription | None:
    place = place_beside(description)
    return None if description is None or place is None else description.media[place]


def line_beside(media: MediaDescription, port: int) -> MediaDescription:
    """The line as the other side gets it: every word of it, at our port."""
    attributes: tuple[Attribute, ...] = tuple(
        each for each in media.attributes if each.name not in _PLACES
    )
    head = (media.kind, port, media.protocol)
    return describe_media(
        head, media.formats, attributes, connection=None, direction=media.direction
    )
