"""From bytes to a checked message."""

import pytest
from hypothesis import given, strategies as st

from capture.errors import PeerBrokeProtocol
from capture.sip.message import Request, Response
from capture.sip.parser import split_message
from tests.capture.sip.scenes import peer_request
from tests.support.sip import parse_message

GOOD = peer_request(b"OPTIONS", body=b"hello")


def test_a_request_has_method_uri_version_and_body() -> None:
    """RFC 3261 §7.1."""
    request = parse_message(GOOD)

    assert isinstance(request, Request)
    assert (request.method, request.uri) == (b"OPTIONS", b"sip:srs@192.0.2.9")
    assert (request.version, request.body) == (b"SIP/2.0", b"hello")


def test_a_response_has_status_and_reason() -> None:
    """RFC 3261 §7.2; the phrase may be any bytes, or none."""
    for phrase in (b" \xd0\xbd\xd0\xbe", b" ", b""):
        response = split_message(b"SIP/2.0 200" + phrase + b"\r\n\r\n")
        assert isinstance(response, Response)
        assert (response.status, response.reason) == (200, phrase.strip())


def test_bytes_after_content_length_are_ignored() -> None:
    """RFC 3261 §18.3, datagrams."""
    assert parse_message(GOOD + b"INVITE junk").body == b"hello"


def test_a_datagram_without_content_length_is_all_body() -> None:
    """RFC 3261 §18.3."""
    assert parse_message(GOOD.replace(b"Content-Length: 5\r\n", b"")).body == b"hello"


def test_crlf_in_front_is_skipped() -> None:
    """RFC 3261 §7.5."""
    assert parse_message(b"\r\n\r\n" + GOOD).body == b"hello"


@pytest.mark.parametrize(
    "twice", [b"Max-Forwards: 70", b"Content-Length: 5", b"Call-ID: one@peer", b"CSeq: 1 OPTIONS"]
)
def test_a_header_that_is_repeated_as_it_was_stands_once(twice: bytes) -> None:
    """Nothing is left open by it, and a response echoes it once."""
    name, _, value = twice.partition(b": ")
    again = GOOD.replace(twice, twice + b"\r\n" + name.upper() + b":\t" + value, 1)

    assert again != GOOD
    assert parse_message(again).lines == parse_message(GOOD).lines


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Content-Length: 5", b"Content-Length: 6"),
        (b"Content-Length: 5", b"Content-Length: -5"),
        (b"Content-Length: 5", b"Content-Length: 5\r\nl: 4"),
        (b"Call-ID: one@peer\r\n", b""),
        (b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE"),
        (b"CSeq: 1 OPTIONS", b"CSeq: 1 OPTIONS\r\nCSeq: 2 OPTIONS"),
        (b"Max-Forwards: 70", b"Max-Forwards: 256"),
        (b"Max-Forwards: 70", b"Max Forwards: 70"),
        (b"Max-Forwards: 70", b"Max-Forwards 70"),
        (b"Max-Forwards: 70", b"X: a\nb"),
        (b"Max-Forwards: 70", b"X: a\rb"),
        (b"sip:srs@192.0.2.9 SIP", b"sip:srs@192.0.2.9  SIP"),
        (b"SIP/2.0\r\nVia", b"HTTP/1.1\r\nVia"),
        (b"\r\n\r\nhello", b"\r\n"),
        (b"<sip:src@192.0.2.1:5060>", b"<sip:src@192.0.2.1:5060>;;"),
    ],
)
def test_a_broken_request_is_refused_with_400_and_still_split(was: bytes, becomes: bytes) -> None:
    """What is echoed in the 400 comes from the same split."""
    broken = GOOD.replace(was, becomes, 1)
    assert broken != GOOD

    with pytest.raises(PeerBrokeProtocol) as refused:
        parse_message(broken)
    assert refused.value.answer_with == 400
    assert isinstance(split_message(broken), Request)


def test_another_version_is_refused_with_505_before_anything_else() -> None:
    """RFC 3261 §21.5.6: its headers may follow other rules."""
    newer = GOOD.replace(b" SIP/2.0", b" SIP/3.0").replace(b"CSeq", b"Order")
    with pytest.raises(PeerBrokeProtocol) as refused:
        parse_message(newer)
    assert refused.value.answer_with == 505


def test_an_invite_whose_route_back_is_broken_is_refused() -> None:
    """The dialog would have no way to send its BYE."""
    with pytest.raises(PeerBrokeProtocol):
        parse_message(peer_request(b"INVITE", headers=((b"Record-Route", b"<sip:p;lr"),)))


def test_a_version_in_lower_case_is_the_version() -> None:
    """RFC 3261 §7.1: it is case-insensitive."""
    assert isinstance(parse_message(GOOD.replace(b" SIP/2.0", b" sip/2.0")), Request)


def verdict(data: bytes) -> int:
    """The status that refuses a message, or 0; any other exception comes out."""
    try:
        parse_message(data)
    except PeerBrokeProtocol as broken:
        return broken.answer_with
    return 0


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_the_peers_fault(data: bytes) -> None:
    """No other exception may come out, whatever arrives."""
    for text in (data, b"INVITE sip:a SIP/2.0\r\n" + data + b"\r\n\r\n", GOOD[:40] + data):
        assert verdict(text) in (0, 400, 505, 513)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_no_single_flipped_byte_raises_anything_else(position: int, byte: int) -> None:
    """Near misses reach deeper than noise."""
    assert verdict(GOOD[:position] + bytes([byte]) + GOOD[position + 1 :]) in (0, 400, 505)


@pytest.mark.parametrize(
    ("broken", "header"),
    [
        ((b"Contact: <sip:src@192.0.2.1:5060>", b"Contact: <sip:a@b"), "Contact"),
        ((b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE"), "CSeq"),
        ((b"Max-Forwards: 70", b"Max-Forwards: many"), "Max-Forwards"),
        ((b"Call-ID: one@peer", b"Call-ID: "), "Call-ID"),
        ((b"Content-Length: 0", b"Content-Length: none"), "Content-Length"),
        ((b"Max-Forwards: 70", b"Record-Route: <sip:p"), "Record-Route"),
    ],
)
def test_what_cannot_be_read_says_of_which_header_it_is(
    broken: tuple[bytes, bytes], header: str
) -> None:
    """`calls ledger` shows that header to whoever has to mend the client."""
    with pytest.raises(PeerBrokeProtocol) as refused:
        parse_message(peer_request(b"OPTIONS").replace(*broken))

    assert refused.value.header == header
