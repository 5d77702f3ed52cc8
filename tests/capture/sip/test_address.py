"""Names and addresses, with the forms on which other libraries fail."""

import pytest

from capture.errors import PeerBrokeProtocol
from capture.sip.address import ANY_CONTACT, parse_address, parse_addresses, parse_contacts


def test_two_quoted_names_are_two_addresses() -> None:
    """A pattern that runs to the last quote makes one of them."""
    first, second = parse_addresses(b'"A" <sip:a@b>, "B" <sip:c@d>')

    assert (first.display, first.uri) == (b"A", b"sip:a@b")
    assert (second.display, second.uri) == (b"B", b"sip:c@d")


def test_contact_star_is_every_binding() -> None:
    """It is no address, and no reason to fail."""
    assert parse_contacts(b" * ") is ANY_CONTACT


def test_without_angle_brackets_parameters_belong_to_the_header() -> None:
    """RFC 3261 §20.10."""
    address = parse_address(b"sip:a@b;tag=1")
    assert (address.uri, address.tag) == (b"sip:a@b", b"1")


def test_inside_angle_brackets_parameters_and_headers_belong_to_the_uri() -> None:
    """RFC 3261 §20.10; URI headers are kept."""
    address = parse_address(b"<sip:a@b;lr?Subject=x>;tag=2")
    assert (address.uri, address.tag) == (b"sip:a@b;lr?Subject=x", b"2")


def test_the_feature_tag_of_a_recorder_is_kept_as_written() -> None:
    """`+sip.srs` escaped as `%2Bsip.srs` is no feature tag any more."""
    raw = b"<sip:srs@192.0.2.9>;+sip.srs"
    address = parse_address(raw)

    assert address.raw == raw
    assert address.param(b"+sip.srs") == b""


def test_a_name_that_is_not_utf_8_is_kept() -> None:
    """A PBX that writes Shift_JIS is recorded like any other."""
    name = "田中".encode("shift_jis")
    assert parse_address(b'"' + name + b'" <sip:a@b>').display == name
    assert parse_address(name + b" <sip:a@b>").display == name


def test_a_comma_in_a_name_without_quotes_is_tolerated() -> None:
    """RFC 4475 §3.1.2.15: there is no doubt about the address."""
    assert parse_address(b"Bell, Alexander <sip:a.g.bell@example.com>").display == (
        b"Bell, Alexander"
    )


def test_an_angle_bracket_in_a_quoted_name_opens_nothing() -> None:
    """A name may hold what looks like another address."""
    address = parse_address(rb'"<sip:x@y> \"" <sip:a@b>')
    assert (address.display, address.uri) == (b'<sip:x@y> "', b"sip:a@b")


@pytest.mark.parametrize(
    "element",
    [
        b"",
        b'"A" sip:a@b',
        b"<sip:a@b",
        b"<>",
        b"<sip:a b@c>",
        b"<sip:a@b>;;",
        b"<sip:a@b> x;tag=1",
        b"sip:a@b?Route=%3Csip:c%3E",
        b"nobody",
    ],
)
def test_what_is_no_address_is_broken(element: bytes) -> None:
    """A request whose parties cannot be told is answered, not guessed."""
    with pytest.raises(PeerBrokeProtocol):
        parse_address(element)
