"""Descriptions as bytes."""

from hypothesis import given

from capture.errors import PeerBrokeProtocol
from capture.sdp.parser import parse_description
from capture.sdp.renderer import render_description
from tests.capture.sdp.offers import answered, offered, stream
from tests.capture.sdp.strategies import DESCRIPTIONS


@given(DESCRIPTIONS)
def test_what_is_written_reads_as_it_was(body: bytes) -> None:
    """An answer is checked by the peer against what we meant."""
    try:
        description = parse_description(body)
    except PeerBrokeProtocol:
        return

    assert parse_description(render_description(description)) == description


def test_lines_stand_in_the_order_of_the_grammar() -> None:
    """Strict peers refuse anything else (RFC 8866 §9)."""
    answer = answered(offered(stream(b"sendonly")))

    assert render_description(answer) == (
        b"v=0\r\n"
        b"o=rokuon 77 1 IN IP4 192.0.2.99\r\n"
        b"s=-\r\n"
        b"c=IN IP4 192.0.2.99\r\n"
        b"t=0 0\r\n"
        b"m=audio 40000 RTP/AVP 0\r\n"
        b"a=label:1\r\n"
        b"a=recvonly\r\n"
    )
