"""Offers as peers write them, and the few lines that tests build them from."""

from typing import Final

from capture.sdp.answer import MediaPorts, Refuse, answer_offer
from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description

HEAD: Final = b"v=0\r\no=- 4611 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
PORTS: Final = MediaPorts(40_000, 40_001)


def stream(
    *attributes: bytes, port: int = 6000, formats: bytes = b"0", label: bytes = b"1"
) -> bytes:
    """An audio m-line with its attributes."""
    lines = [b"m=audio %d RTP/AVP %b" % (port, formats), b"a=label:" + label]
    return b"".join(line + b"\r\n" for line in (*lines, *(b"a=" + text for text in attributes)))


def offered(*sections: bytes, head: bytes = HEAD) -> SessionDescription:
    """The parsed offer of these m-lines."""
    return parse_description(head + b"".join(sections))


def answered(offer: SessionDescription, *ports: MediaPorts | Refuse) -> SessionDescription:
    """Our answer with ports from 40000 on, or with those given."""
    pairs = [
        MediaPorts(40_000 + 2 * position, 40_001 + 2 * position)
        for position in range(len(offer.media))
    ]
    return answer_offer(offer, session_id=77, version=1, address="192.0.2.99", ports=ports or pairs)
