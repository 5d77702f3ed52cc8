"""What we send: echoes byte for byte, and nothing that was not said."""

import pytest

from capture.sip.build import Answer, build_request, build_response, remembered, serialize
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.support.sip import parse_message

ODD = (
    b"INVITE sip:srs@example.com SIP/2.0\r\n"
    b"v :  SIP/2.0/UDP a;branch=z9hG4bK1 ,\r\n\tSIP/2.0/TCP b\r\n"
    b"VIA: SIP/2.0/UDP c\r\n"
    b'f: "\xff\xfe" <sip:a@b>\r\n ;tag=1\r\n'
    b"t :<sip:srs@example.com>\r\n"
    b"I:id@a\r\n"
    b"CSEQ: 0007   INVITE\r\n"
    b"Record-Route:  <sip:p1;lr>,<sip:p2;lr>\r\n"
    b"Contact: <sip:a@b>;+sip.src\r\n"
    b"Subject: secret\r\n"
    b"l: 0\r\n\r\n"
)


@pytest.fixture
def odd() -> Request:
    request = parse_message(ODD)
    assert isinstance(request, Request)
    return request


def test_a_response_echoes_byte_for_byte_and_adds_its_tag(odd: Request) -> None:
    """RFC 3261 §8.2.6.2; peers compare what they sent."""
    assert build_response(odd, Answer(status=200), b"n1-t") == (
        b"SIP/2.0 200 OK\r\n"
        b"v :  SIP/2.0/UDP a;branch=z9hG4bK1 ,\r\n\tSIP/2.0/TCP b\r\n"
        b"VIA: SIP/2.0/UDP c\r\n"
        b'f: "\xff\xfe" <sip:a@b>\r\n ;tag=1\r\n'
        b"t :<sip:srs@example.com>;tag=n1-t\r\n"
        b"I:id@a\r\n"
        b"CSEQ: 0007   INVITE\r\n"
        b"Record-Route:  <sip:p1;lr>,<sip:p2;lr>\r\n"
        b"Content-Length: 0\r\n\r\n"
    )


def test_a_tag_that_is_there_is_not_doubled() -> None:
    """In a dialog To already names us."""
    tagged = parse_message(ODD.replace(b"t :<sip:srs@example.com>", b"t: sip:a@b;tag=old"))
    assert isinstance(tagged, Request)

    assert b"t: sip:a@b;tag=old\r\n" in build_response(tagged, Answer(status=200), b"new")


def test_a_100_has_no_tag_and_a_refusal_no_record_route(odd: Request) -> None:
    """RFC 3261 §8.2.6.2 and §12.1.1."""
    assert b"tag=n1-t" not in build_response(odd, Answer(status=100), b"n1-t")
    assert b"Record-Route" not in build_response(odd, Answer(status=486), b"n1-t")


def test_a_to_that_cannot_be_read_is_still_echoed() -> None:
    """The 400 to RFC 4475 §3.1.2.6 must reach its sender."""
    broken = split_message(ODD.replace(b"t :<sip:", b't :"unclosed <sip:'))
    assert isinstance(broken, Request)

    sent = build_response(broken, Answer(status=400), b"n1-t")
    assert b't :"unclosed <sip:srs@example.com>;tag=n1-t\r\n' in sent


def test_headers_body_and_length_come_as_given(odd: Request) -> None:
    """A phrase of one's own goes out in place of the usual one."""
    answer = Answer(
        status=503, reason=b"Disk full", headers=((b"Retry-After", b"5"),), body=b"\xff\r\n"
    )
    sent = build_response(odd, answer, b"t")

    assert sent.startswith(b"SIP/2.0 503 Disk full\r\n")
    assert sent.endswith(b"\r\nRetry-After: 5\r\nContent-Length: 3\r\n\r\n\xff\r\n")


def test_a_header_with_a_line_break_is_our_own_bug() -> None:
    """Nobody may smuggle a second header into what we send."""
    with pytest.raises(AssertionError):
        build_request(b"BYE", b"sip:a@b", [(b"X", b"a\r\nRoute: <sip:c>")])


def test_serializing_what_was_parsed_gives_the_same_bytes(odd: Request) -> None:
    """Folds, spaces, feature tags and odd bytes included."""
    assert serialize(odd) == ODD
    response = b"SIP/2.0 200 Fine \xff\r\nVia : x\r\n\r\nbody"
    assert serialize(split_message(response)) == response


def test_what_is_remembered_of_an_invite_is_enough_for_its_answers(odd: Request) -> None:
    """And no more: a Subject need not lie in memory for the length of a call."""
    again = split_message(remembered(odd))
    assert isinstance(again, Request)

    assert b"secret" not in remembered(odd)
    for status in (100, 180, 200, 486):
        answer = Answer(status=status)
        assert build_response(again, answer, b"t") == build_response(odd, answer, b"t")
