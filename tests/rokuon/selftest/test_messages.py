"""Tests of the client's SIP messages, read by the server's own grammar where there is one."""

from dataclasses import replace

import pytest

from capture.sip.message import Request as ParsedRequest
from rokuon.selftest.messages import (
    BOUNDARY,
    Dialog,
    NotSip,
    Request,
    Response,
    ack,
    answer,
    answer_call,
    bye,
    call_invite,
    invite,
    parse,
)
from tests.support.sip import parse_message

DIALOG = Dialog(
    call_id=b"c1@127.0.0.1",
    local_tag=b"l1",
    remote_tag=b"",
    remote_target=b"sip:srs@127.0.0.1:5060",
    server=b"127.0.0.1:5060",
    local=b"127.0.0.1:40000",
    transport=b"UDP",
)
OK = (
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:40000;rport=40000;branch=z9hG4bK1\r\n"
    b"From: <sip:src@h>;tag=l1\r\nTo: <sip:srs@h>;tag=r1\r\nCall-ID: c1@127.0.0.1\r\n"
    b"CSeq: 1 INVITE\r\nContact: <sip:srs@127.0.0.1:5060>;+sip.srs\r\n"
    b"Content-Length: 4\r\n\r\nv=0\n"
)


def by_the_server(message: bytes) -> ParsedRequest:
    parsed = parse_message(message)
    assert isinstance(parsed, ParsedRequest)
    assert parsed.fault is None
    return parsed


def test_the_servers_grammar_reads_an_invite_with_sdp_and_metadata() -> None:
    """Two implementations that know nothing of each other agree on the bytes."""
    message = by_the_server(invite(DIALOG, 1, b"z9hG4bK1", sdp=b"v=0\r\n", metadata=b"<r/>"))

    assert message.method == b"INVITE"
    assert message.tokens(b"require") == (b"siprec",)
    assert message.value(b"contact") == b"<sip:src@127.0.0.1:40000>;+sip.src"
    assert message.value(b"content-type") == b"multipart/mixed;boundary=" + BOUNDARY
    assert message.body.split(b"--" + BOUNDARY)[1:] == [
        b"\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n",
        b"\r\nContent-Type: application/rs-metadata+xml\r\n"
        b"Content-Disposition: recording-session\r\n\r\n<r/>\r\n",
        b"--\r\n",
    ]


def test_an_invite_without_metadata_carries_bare_sdp() -> None:
    """A hold says nothing new about the participants."""
    message = by_the_server(invite(DIALOG, 2, b"z9hG4bK2", sdp=b"v=0\r\n", metadata=b""))

    assert (message.value(b"content-type"), message.body) == (b"application/sdp", b"v=0\r\n")


@pytest.mark.parametrize(("build", "method"), [(ack, b"ACK"), (bye, b"BYE")])
def test_requests_within_the_dialog_have_no_body(build: object, method: bytes) -> None:
    """RFC 3261 §12.2.1.1."""
    assert callable(build)
    message = by_the_server(build(DIALOG, 3, b"z9hG4bK3"))

    assert (message.method, message.body) == (method, b"")
    assert message.value(b"cseq") == b"3 " + method


def test_a_response_is_read_by_branch_tag_contact_and_body() -> None:
    """That is all that the client needs to go on."""
    assert parse(OK) == Response(200, b"z9hG4bK1", b"r1", b"sip:srs@127.0.0.1:5060", b"v=0\n")


def test_a_request_of_the_server_is_answered_with_its_own_headers() -> None:
    """RFC 3261 §8.2.6.2."""
    head = (
        b"BYE sip:src@127.0.0.1:40000 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK9\r\n"
        b"Max-Forwards: 70\r\nFrom: <sip:srs@h>;tag=r1\r\nTo: <sip:src@h>;tag=l1\r\n"
        b"Call-ID: c1@127.0.0.1\r\nCSeq: 5 BYE\r\n"
    )

    request = parse(head + b"Content-Length: 0\r\n\r\n")

    assert isinstance(request, Request)
    assert (request.method, request.call_id) == (b"BYE", b"c1@127.0.0.1")
    assert answer(request, b"200 OK") == (
        b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK9\r\n"
        b"From: <sip:srs@h>;tag=r1\r\nTo: <sip:src@h>;tag=l1\r\n"
        b"Call-ID: c1@127.0.0.1\r\nCSeq: 5 BYE\r\nContent-Length: 0\r\n\r\n"
    )


@pytest.mark.parametrize("noise", [b"", b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"SIP/2.0 2"])
def test_noise_is_neither_request_nor_response(noise: bytes) -> None:
    """Keep-alives share the socket (RFC 5626 §3.5.1)."""
    with pytest.raises(NotSip):
        parse(noise)


def test_an_ordinary_call_says_nothing_of_recording() -> None:
    """Else it would be a recording session, and no route would be asked."""
    dialog = replace(DIALOG, local_user=b"ann", remote_user=b"bob")
    sent = call_invite(dialog, 1, b"z9hG4bK1", sdp=b"v=0\r\n")
    parsed = by_the_server(sent)

    assert parsed.body == b"v=0\r\n"
    assert b"siprec" not in sent
    assert b"sip.src" not in sent
    assert b"From: <sip:ann@127.0.0.1:40000>;tag=l1" in sent
    assert b"To: <sip:bob@127.0.0.1:5060>\r\n" in sent


def test_the_called_side_answers_with_its_tag_its_contact_and_its_description() -> None:
    """RFC 3261 §12.1.1: what makes the dialog."""
    asked = parse(call_invite(DIALOG, 1, b"z9hG4bK1", sdp=b"v=0\r\n"))
    assert isinstance(asked, Request)
    said = parse(answer_call(asked, b"200 OK", tag=b"far", contact=b"sip:far@h", sdp=b"v=1\r\n"))

    assert asked.body == b"v=0\r\n"
    assert said == Response(200, b"z9hG4bK1", b"far", b"sip:far@h", b"v=1\r\n")
