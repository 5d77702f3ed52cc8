"""Fuzz target for session descriptions: parse, answer, write, keep, offer again.

Run `python -m tests.fuzz.fuzz_sdp -max_total_time=600 -rss_limit_mb=512`. The first byte chooses:
bytes as they come, or lines picked by the bytes. Only errors of `capture` may come out.
"""

import sys
from contextlib import suppress

import atheris
import msgspec

with atheris.instrument_imports(include=["capture"]):
    from capture.errors import CaptureError
    from capture.sdp.acceptance import KeyRules, why_unacceptable
    from capture.sdp.answer import MediaPorts, answer_offer, check_answer, revised
    from capture.sdp.crypto import SRTP_SECRET_BYTES
    from capture.sdp.description import SessionDescription
    from capture.sdp.offer import reoffer
    from capture.sdp.parser import parse_description
    from capture.sdp.renderer import render_description

LINES = (
    b"v=0",
    b"o=- 1 2 IN IP4 192.0.2.1",
    b"c=IN IP4 0.0.0.0",
    b"c=IN IP6 2001:db8::1/3",
    b"m=audio 6000 RTP/AVP 0 8 97 101",
    b"m=audio 0 RTP/AVP 0",
    b"m=audio 6000/2 RTP/SAVP 0",
    b"m=audio 6000 RTP/SAVP 0",
    b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + b"QUFB" * 10,
    b"a=crypto:2 AEAD_AES_256_GCM inline:AAAA|2^20|1:4 WSH=64",
    b"m=video 6002 RTP/AVP 99",
    b"a=rtpmap:97 opus/48000/2",
    b"a=rtpmap:101 telephone-event/8000",
    b"a=fmtp:101 0-15",
    b"a=label:1",
    b"a=inactive",
    b"a=sendonly",
    b"a=recvonly",
    b"a=rtcp:53020 IN IP4 192.0.2.2",
    b"a=rtcp-mux",
    b"a=ptime:20",
    b"t=1 2",
    b"a=x:\xff",
    b"m=audio 65536 RTP/AVP 0",
    b"",
)


def body_of(data: bytes) -> bytes:
    """The input itself, or the lines that its bytes pick."""
    if data[:1] == b"\x00":
        return data[1:]
    return b"v=0\r\n" + b"".join(LINES[byte % len(LINES)] + b"\r\n" for byte in data[1:])


def read_description(data: bytes) -> None:
    """One input; every view of it, our answer, and both again from bytes."""
    with suppress(CaptureError):
        offer = parse_description(body_of(data))
        mended = msgspec.structs.replace(offer, faults=())
        assert parse_description(render_description(offer)) == mended
        for media in offer.media:
            _ = media.label, media.ptime_ms, media.is_held, media.rtp_destination
            _ = media.rtcp_destination
        _ = why_unacceptable(offer, KeyRules())
        check_own_side(offer)


def check_own_side(offer: SessionDescription) -> None:
    """What we say to any offer reads as meant, has its m-lines, and is bytes when kept."""
    ports = [MediaPorts(40_000, 40_001, bytes(SRTP_SECRET_BYTES))] * len(offer.media)
    answer = answer_offer(offer, session_id=1, version=1, address="192.0.2.9", ports=ports)
    check_answer(offer, answer)
    for own in (answer, reoffer(answer), revised(answer, answer)):
        assert parse_description(render_description(own)) == own
        kept = msgspec.msgpack.encode(own)
        assert msgspec.msgpack.decode(kept, type=SessionDescription) == own


def main() -> None:
    """Fuzz until told to stop by libFuzzer's options."""
    atheris.Setup(sys.argv, read_description)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
