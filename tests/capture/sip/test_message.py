"""The typed views of a message, and what it keeps."""

import pytest

from capture.errors import PeerBrokeProtocol
from capture.sip.address import ANY_CONTACT
from capture.sip.message import Message, Request
from capture.sip.parser import split_message
from capture.sip.uri import SipUri

FOLDED = (
    b"INVITE sip:srs@example.com SIP/2.0\r\n"
    b"v: SIP/2.0/UDP a;branch=z9hG4bK1,\r\n SIP/2.0/TCP b\r\n"
    b"Via: SIP/2.0/UDP c\r\n"
    b"f:\r\n <sip:a@b>\r\n\t;tag=1\r\n"
    b"t: <sip:srs@example.com>\r\n"
    b"i: id@a\r\n"
    b"CSeq: 7 INVITE\r\n"
    b"Subject: \xff\xfe\r\n"
    b"m: <sip:a@b>, <sip:c@d>\r\n"
    b"k: 100rel, timer\r\n"
    b"Require: siprec\r\n"
    b"Supported:\r\n"
    b"Record-Route: <sip:p1;lr>,<sip:p2;lr>\r\n"
    b"Record-Route: <sip:p3;lr>\r\n"
    b"Expires: 99999999999999999999999\r\n"
    b"RAck: 1 2 INVITE\r\n"
    b"Max-Forwards: 12\r\n"
    b"c: application/sdp\r\n"
    b"l: 3\r\n\r\nv=0"
)


@pytest.fixture
def request_() -> Request:
    message = split_message(FOLDED)
    assert isinstance(message, Request)
    return message


def test_folded_and_compact_headers_are_read(request_: Request) -> None:
    """RFC 3261 §7.3.1 and §7.3.3; others refuse the fold."""
    assert [via.host for via in request_.vias] == [b"a", b"b", b"c"]
    assert request_.top_via.branch == b"z9hG4bK1"
    assert request_.from_address.tag == b"1"
    assert request_.call_id == b"id@a"
    assert (request_.cseq.number, request_.cseq.method) == (7, b"INVITE")


def test_the_raw_lines_stay_in_order_with_their_folds(request_: Request) -> None:
    """What is echoed must be what came."""
    assert request_.lines[2].raw == b"f:\r\n <sip:a@b>\r\n\t;tag=1"
    assert [line.name for line in request_.lines[:3]] == [b"via", b"via", b"from"]


def test_bytes_that_are_not_utf_8_are_kept(request_: Request) -> None:
    """Decoding them "because it usually is" loses the call of whom it is not."""
    assert request_.value(b"subject") == b"\xff\xfe"


def test_lists_run_over_all_headers_of_their_name(request_: Request) -> None:
    """RFC 3261 §7.3.1: several lines are one list."""
    assert request_.supported == (b"100rel", b"timer")
    assert request_.require == (b"siprec",)
    assert request_.record_routes == (b"<sip:p1;lr>", b"<sip:p2;lr>", b"<sip:p3;lr>")
    assert isinstance(request_.contacts, tuple)
    assert [contact.uri for contact in request_.contacts] == [b"sip:a@b", b"sip:c@d"]


def test_numbers_are_numbers(request_: Request) -> None:
    """Each within its own limit; Expires is capped (RFC 3261 §20.19)."""
    assert request_.max_forwards == 12
    assert request_.expires_s == (1 << 32) - 1
    assert request_.rack.response_number == 1


def test_the_body_is_as_sent(request_: Request) -> None:
    """The body is never decoded."""
    assert request_.body == b"v=0"
    assert isinstance(request_.parsed_uri, SipUri)


def test_a_missing_header_is_named_without_a_value() -> None:
    """The error may be logged."""
    with pytest.raises(PeerBrokeProtocol, match="Call-ID is missing"):
        _ = Message(lines=(), body=b"").call_id


def test_an_absent_optional_header_is_none() -> None:
    """Absence is no error for what may be absent."""
    bare = Message(lines=(), body=b"")
    assert bare.max_forwards is None
    assert bare.contact is None
    assert bare.expires_s is None


def test_contact_star_has_no_first_contact() -> None:
    """There is no address to call back."""
    starred = split_message(b"REGISTER sip:a SIP/2.0\r\nContact: *\r\n\r\n")
    assert starred.contacts is ANY_CONTACT
    assert starred.contact is None


def test_a_message_shows_nothing_of_itself_in_a_log(request_: Request) -> None:
    """Numbers and names are personal data; `repr` ends up in logs and reports."""
    assert "sip:" not in repr(request_)
    assert "v=0" not in repr(request_)
