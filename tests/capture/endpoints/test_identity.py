"""The SIP domains of a certificate."""

import pytest

from capture.endpoints.identity import identities_in, proves


def certificate(*names: tuple[str, str], common: str = "") -> dict[str, object]:
    """One with these alternative names, as Python's TLS tells of it."""
    subject = ((("commonName", common),),)
    return {"subject": subject, **({"subjectAltName": names} if names else {})}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((("DNS", "SBC.example"), ("DNS", "b.example.")), {"sbc.example", "b.example"}),
        ((("URI", "sip:example.jp"), ("DNS", "sbc.example")), {"example.jp"}),
        ((("URI", "SIP:Example.jp:5061;lr"), ("DNS", "x")), {"example.jp"}),
        ((("URI", "sip:[2001:db8::1]:5061"),), {"2001:db8::1"}),
        ((("URI", "sip:alice@example.jp"), ("DNS", "sbc.example")), {"sbc.example"}),
        ((("URI", "sips:example.jp"), ("DNS", "sbc.example")), {"sbc.example"}),
        ((("URI", "https://example.jp"),), set()),
        ((("email", "a@example.jp"), ("IP Address", "192.0.2.1")), set()),
    ],
    ids=["dns", "uri first", "uri", "ipv6", "a user's", "sips", "web", "others"],
)
def test_a_domain_is_a_sip_uri_else_a_dns_name(
    names: tuple[tuple[str, str], ...], found: set[str]
) -> None:
    """RFC 5922 section 7.1: DNS names only where there is no URI of a domain."""
    assert identities_in(certificate(*names)) == found


def test_the_common_name_is_nobody() -> None:
    """It may be looked at (section 7.1, 2), and is what anybody can have written there."""
    assert identities_in(certificate(common="sbc.example")) == frozenset()
    assert identities_in({}) == frozenset()


@pytest.mark.parametrize(
    ("name", "is_proved"),
    [
        ("sbc.example", True),
        ("SBC.Example.", True),
        ("a.sbc.example", False),
        ("example", False),
        ("a.wild.example", False),
        ("*.wild.example", True),
        ("", False),
    ],
)
def test_a_name_is_compared_whole_and_without_wildcards(name: str, *, is_proved: bool) -> None:
    """RFC 5922 section 7.2: no suffix, no star; that one is itself alone."""
    known = certificate(("DNS", "sbc.example"), ("DNS", "*.wild.example"))

    assert proves(known, name) is is_proved


@pytest.mark.parametrize(
    ("wanted", "is_proved"),
    [("192.0.2.1", True), ("192.0.2.2", False), ("2001:DB8::1", True), ("[2001:db8::1]", True)],
)
def test_an_address_is_proved_by_an_address(wanted: str, *, is_proved: bool) -> None:
    """Also where the certificate has a URI."""
    known = certificate(
        ("URI", "sip:example.jp"),
        ("IP Address", "192.0.2.1"),
        ("IP Address", "2001:DB8:0:0:0:0:0:1"),
    )

    assert proves(known, wanted) is is_proved
