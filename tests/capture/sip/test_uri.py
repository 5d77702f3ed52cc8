"""SIP URIs taken apart, and other URIs left alone."""

import pytest

from capture.errors import PeerBrokeProtocol
from capture.sip.uri import OtherUri, SipUri, bare_host, parse_hostport, parse_uri


def test_every_part_of_a_uri_is_found() -> None:
    """URI headers included, which other libraries refuse."""
    assert parse_uri(b"SIPS:a;b=c@[2001:db8::1]:5061;lr;x=%20?Subject=hi&Route=%3C") == SipUri(
        scheme=b"sips",
        user=b"a;b=c",
        host=b"[2001:db8::1]",
        port=5061,
        params=((b"lr", None), (b"x", b"%20")),
        headers=b"Subject=hi&Route=%3C",
    )


def test_a_uri_without_user_has_none() -> None:
    """A domain alone is where REGISTER goes; an empty user is something else."""
    parsed = parse_uri(b"sip:example.com")
    assert isinstance(parsed, SipUri)
    assert (parsed.user, parsed.host, parsed.port) == (None, b"example.com", None)


def test_any_other_scheme_keeps_its_rest() -> None:
    """Whether it is served is decided elsewhere (416)."""
    assert parse_uri(b"tel:+81-3-0000-0000") == OtherUri(b"tel", b"+81-3-0000-0000")
    assert parse_uri(b"soap.beep://192.0.2.103:3002").scheme == b"soap.beep"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"sip",
        b"sip:",
        b"1sip:a@b",
        b"<sip:a@b>",
        b"sip:a@b; lr",
        b"sip:a@b\x00",
        b"sip:a@b@c",
        b"sip:a@",
        b"sip:a@b:x",
        b"sip:a@b:65536",
        b"sip:a@[::1",
        b"sip:a@b;;lr",
    ],
)
def test_what_is_no_uri_is_broken(raw: bytes) -> None:
    """Repairing an address would send answers somewhere else."""
    with pytest.raises(PeerBrokeProtocol):
        parse_uri(raw)


def test_a_host_may_have_spaces_around_its_port() -> None:
    """RFC 3261 §25.1 allows them in Via."""
    assert parse_hostport(b"example.com : 5060") == (b"example.com", 5060)


def test_a_bare_host_is_what_an_address_is_compared_with() -> None:
    """The brackets of IPv6 belong to the URI, not to the address."""
    assert bare_host(b"[2001:db8::1]") == "2001:db8::1"
