"""What tests of offers share."""

from capture.inline.descriptions.seat import MediaSeat
from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description

SEAT = MediaSeat(address="192.0.2.9", port=10_000, session_id=9, secret=bytes(range(46)))


CODECS = {
    "PCMU": (0, "PCMU/8000", ""),
    "PCMA": (8, "PCMA/8000", ""),
    "G722": (9, "G722/8000", ""),
    "G729": (18, "G729/8000", "annexb=no"),
    "OPUS": (111, "opus/48000/2", "useinbandfec=1"),
}


def described(*lines: str, host: str = "192.0.2.1") -> SessionDescription:
    head = f"v=0\r\no=- 7 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
    return parse_description((head + "".join(f"{line}\r\n" for line in lines)).encode())


def with_codec(
    codec: str, *, number: int | None = None, ptime: int = 20, host: str = "192.0.2.1"
) -> SessionDescription:
    """One audio line of this codec, under this number, with events."""
    usual, mapped, fmtp = CODECS[codec]
    own = usual if number is None else number
    return described(
        f"m=audio 4000 RTP/AVP {own} 101",
        f"a=rtpmap:{own} {mapped}",
        *([f"a=fmtp:{own} {fmtp}"] if fmtp else []),
        "a=rtpmap:101 telephone-event/8000",
        f"a=ptime:{ptime}",
        host=host,
    )
