"""Via, CSeq, RAck, media types and credentials."""

import time

import pytest

from capture.errors import PeerBrokeProtocol
from capture.sip.headers import (
    CSeq,
    RAck,
    canonical_name,
    parse_credentials,
    parse_cseq,
    parse_rack,
    parse_via,
)


def test_compact_names_are_names() -> None:
    """RFC 3261 §7.3.3; large INVITEs of recording clients use them."""
    assert [canonical_name(name) for name in (b"v", b"I", b"M", b"Via", b"x")] == [
        b"via",
        b"call-id",
        b"contact",
        b"via",
        b"session-expires",
    ]


def test_a_via_may_have_space_around_every_separator() -> None:
    """RFC 4475 §3.1.1.1."""
    via = parse_via(b"SIP  / 2.0  / tcp     Spindle.example.com  : 99 ; branch  =   z9hG4bK9ikj8")

    assert (via.transport, via.host, via.port) == (b"TCP", b"spindle.example.com", 99)
    assert via.branch == b"z9hG4bK9ikj8"


@pytest.mark.parametrize(
    ("element", "port"),
    [(b"SIP/2.0/UDP h", 5060), (b"SIP/2.0/TLS h", 5061), (b"SIP/2.0/UDP [::1]:7", 7)],
)
def test_sent_by_has_the_default_port_of_its_transport(element: bytes, port: int) -> None:
    """RFC 3261 §18.2.2."""
    assert parse_via(element).sent_by_port == port


@pytest.mark.parametrize(
    ("branch", "unique"), [(b"z9hG4bKx", True), (b"z9hG4bK", False), (b"390skdjuw", False)]
)
def test_a_branch_is_unique_with_its_cookie_and_more(branch: bytes, unique: object) -> None:
    """RFC 4475 §3.2.1: the cookie alone identifies nothing."""
    assert parse_via(b"SIP/2.0/UDP h;branch=" + branch).has_unique_branch is unique


@pytest.mark.parametrize(
    "element", [b"", b"SIP/2.0", b"SIP/2.0/UDP", b"HTTP/1.1/UDP h", b"SIP/2.0/UDP h;;,", b"/// h"]
)
def test_what_is_no_via_is_broken(element: bytes) -> None:
    """RFC 3261 §20.42."""
    with pytest.raises(PeerBrokeProtocol):
        parse_via(element)


def test_cseq_is_a_number_of_32_bits_and_a_method() -> None:
    """RFC 3261 §20.16."""
    assert parse_cseq(b"0009   INVITE") == CSeq(9, b"INVITE")
    for broken in (b"4294967296 INVITE", b"INVITE", b"1", b"-1 BYE", b"1 BYE x", b"1 B@E"):
        with pytest.raises(PeerBrokeProtocol):
            parse_cseq(broken)


def test_rack_names_a_response_and_a_request() -> None:
    """RFC 3262 §7.2."""
    assert parse_rack(b"776656 1 INVITE") == RAck(776656, CSeq(1, b"INVITE"))


def test_a_digest_header_of_any_length_is_read_in_linear_time() -> None:
    """A 128-byte one stalls a backtracking pattern for seconds; this one has 8 KiB."""
    begun_s = time.process_time()
    hostile = b"Digest " + b", ".join(b'a="%d\\\\"' % number for number in range(250))
    hostile += b', b="' + rb"\"" * 3000 + b'"'
    credentials = parse_credentials(hostile)

    assert (credentials.scheme, len(credentials.params)) == (b"digest", 251)
    assert time.process_time() - begun_s < 0.5


def test_a_digest_header_has_its_parameters_by_name() -> None:
    """RFC 3261 §20.7; values keep their quotes."""
    credentials = parse_credentials(b'Digest username="bob, jr", nc=00000001, uri="sip:a@b"')
    assert credentials.params[0] == (b"username", b'"bob, jr"')
    assert credentials.params[2] == (b"uri", b'"sip:a@b"')
