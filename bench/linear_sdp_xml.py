"""Is reading bodies linear? SDP, multipart and metadata at n bytes and at 8n, with the ratio.

Run `python -m bench.linear_sdp_xml`; exit code 3 where 8n bytes take more than 10 times as long as
n. Measured as `bench.linear_sip` measures.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from bench.linear_sip import Worst, repeated, report
from capture.metadata.body_limits import MetadataBroken
from capture.metadata.message_bodies import find_bodies
from capture.metadata.partial_update import merge
from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.stream_parties import parties
from capture.sdp.acceptance import usable_media
from capture.sdp.answer import Refuse, answer_offer
from capture.sdp.parser import parse_description
from capture.sdp.renderer import render_description
from tests.support.metadata import render_metadata

# Eight times as much is the largest description, and the largest document, that is accepted.
SDP_BYTES: Final = 7 << 10
XML_BYTES: Final = 15 << 10
# Copies of 128 KiB and more are fresh pages from the kernel; below that they would seem too cheap.
MIXED_BYTES: Final = 256 << 10

SDP_HEAD: Final = b"v=0\r\nc=IN IP4 192.0.2.1\r\n"
STREAM: Final = b"m=audio 6000 RTP/AVP 0 8 101\r\na=label:1\r\n" + b"a=x:y\r\n" * 50
ROOT: Final = b'<recording xmlns="urn:ietf:params:xml:ns:recording:1" xmlns:p="u">'
END: Final = b"</recording>"


def describe(body: bytes) -> None:
    """Everything that is done with an offer."""
    offer = parse_description(body)
    usable_media(offer)
    answer = answer_offer(
        offer, session_id=1, version=1, address="192.0.2.9", ports=[Refuse()] * len(offer.media)
    )
    render_description(answer)


def split(body: bytes) -> None:
    """Everything that is done with a body."""
    find_bodies(b"multipart/mixed;boundary=b", body)


def document(body: bytes) -> None:
    """Everything that is done with metadata."""
    with suppress(MetadataBroken):
        snapshot = parse_metadata(body)
        merge(snapshot, parse_metadata(render_metadata(snapshot)))
        parties(snapshot, ["1", "2"])


def inside(unit: bytes, before: bytes = b"", after: bytes = b"") -> Callable[[int], bytes]:
    """Recordings that repeat `unit`."""
    return repeated(unit, ROOT + before, after + END)


BODIES: Final = [
    Worst("sdp attributes", repeated(b"a=b\n", SDP_HEAD), describe, SDP_BYTES),
    Worst("sdp empty lines", repeated(b"\n", SDP_HEAD), describe, SDP_BYTES),
    Worst("sdp rtpmaps", repeated(b"a=rtpmap:0 x/1\n", SDP_HEAD + STREAM), describe, SDP_BYTES),
    Worst("sdp same format", repeated(b"a=fmtp:8 x\n", SDP_HEAD + STREAM), describe, SDP_BYTES),
    Worst("sdp streams", repeated(STREAM, SDP_HEAD), describe, SDP_BYTES),
    Worst("mixed near boundaries", repeated(b"\n--bx"), split, MIXED_BYTES),
    Worst("mixed on one line", repeated(b"--b ", b"--b\n\n"), split, MIXED_BYTES),
    Worst("mixed empty parts", repeated(b"--b\n"), split, MIXED_BYTES),
    Worst("mixed no boundary", repeated(b"-"), split, MIXED_BYTES),
    Worst("mixed large part", repeated(b"a:b", b"--b\n\n", b"\n--b--"), split, MIXED_BYTES),
    Worst("mixed dashes", repeated(b"\n-"), split, MIXED_BYTES),
    Worst("xml participants", inside(b'<participant participant_id="a"/>'), document, XML_BYTES),
    Worst("xml extensions", inside(b'<p:x p:a="1">text&lt;</p:x>'), document, XML_BYTES),
    Worst("xml namespaces", inside(b'<x xmlns:a="b"><a:c/></x>'), document, XML_BYTES),
    Worst("xml in one member", inside(b"<send>abcdefghi</send>", b"<participantstreamassoc>",
          b"</participantstreamassoc>"), document, XML_BYTES),
    Worst("xml comments", inside(b"<!-- -->"), document, XML_BYTES),
    Worst("xml long tag", repeated(b"x", b"<", b"/>"), document, XML_BYTES),
    Worst("xml many attributes", lambda size: b"<a" + b"".join(
          b' a%06d=""' % number for number in range(size // 11)) + b"/>", document, XML_BYTES),
    Worst("xml no end", inside(b"<a>"), document, XML_BYTES),
]  # fmt: skip


if __name__ == "__main__":
    sys.exit(report(BODIES))
