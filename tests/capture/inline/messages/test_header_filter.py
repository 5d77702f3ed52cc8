"""Which headers cross, and who is said to call."""

import re

import pytest

from capture.inline.messages.header_filter import (
    ALWAYS,
    ANONYMOUS,
    MAX_CROSSING,
    TRUSTED,
    PeerTrust,
    caller_for,
    crossing_headers,
    forwards_left,
    without_tag,
)
from capture.sip.address import parse_address
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests import ROOT

INLINE = ROOT / "docs/inline.md"
OPEN = PeerTrust()
STRICT = PeerTrust(trusted=False)
WITH_X = PeerTrust(pass_headers=frozenset({b"x-campaign"}))


def invite(*lines: str) -> Request:
    said = ("INVITE sip:1@b SIP/2.0", 'From: "Sato, K." <sip:2@a>;tag=x', *lines, "", "")
    request = split_message("\r\n".join(said).encode())
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    "line",
    [
        "Diversion: <sip:3@a>;reason=unconditional",
        "History-Info: <sip:3@a>;index=1",
        "User-to-User: 04FA;encoding=hex",
        "Session-ID: ab54a1bc;remote=00",
        "Reason: Q.850;cause=16",
        "Privacy: none",
        "Subject: hello",
    ],
)
def test_what_is_about_the_call_crosses_to_everybody(line: str) -> None:
    """Unchanged, as it came."""
    name, _, value = line.partition(": ")

    assert crossing_headers(invite(line), STRICT) == ((name.encode(), value.encode()),)


@pytest.mark.parametrize(
    "line", ["P-Asserted-Identity: <tel:+81300001234>", "Identity: x;info=<y>"]
)
def test_who_somebody_is_crosses_to_peers_that_are_trusted(line: str) -> None:
    """RFC 3325 section 7."""
    assert len(crossing_headers(invite(line), OPEN)) == 1
    assert crossing_headers(invite(line), STRICT) == ()


def test_x_headers_cross_where_the_peer_lists_them() -> None:
    """In whatever letters they are written."""
    request = invite("X-Campaign: spring", "X-Secret: 1", "X-Rokuon-Recording: 00")

    assert crossing_headers(request, OPEN) == ()
    assert crossing_headers(request, WITH_X) == ((b"X-Campaign", b"spring"),)


def test_what_belongs_to_a_hop_or_a_dialog_never_crosses() -> None:
    """Both end here."""
    request = invite(
        *("Via: SIP/2.0/UDP a", "Contact: <sip:a>", "Record-Route: <sip:p;lr>", "Route: <sip:p>"),
        *("Call-ID: 1", "CSeq: 1 INVITE", "Require: 100rel", "Supported: timer", "Allow: INVITE"),
        *("Session-Expires: 90", "Authorization: Digest x", "Content-Type: application/sdp"),
    )

    assert crossing_headers(request, OPEN) == ()


def test_a_compact_name_is_written_out() -> None:
    """Not every hop knows every short form."""
    assert crossing_headers(invite("s: hello"), OPEN) == ((b"Subject", b"hello"),)


def test_no_flood_of_headers_crosses() -> None:
    """The next hop has limits of its own."""
    many = [f"Diversion: <sip:{number}@a>" for number in range(2 * MAX_CROSSING)]

    assert len(crossing_headers(invite(*many), OPEN)) == MAX_CROSSING


def test_the_caller_is_named_as_he_was_without_his_tag() -> None:
    """Names with commas and quotes stay one name."""
    assert caller_for(invite(), OPEN) == b'"Sato, K." <sip:2@a>'
    odd = parse_address(b'"a \\"b\\" c" <sip:2@a>;tag=x;epid=7')
    assert without_tag(odd) == b'"a \\"b\\" c" <sip:2@a>;epid=7'


def test_who_asks_not_to_be_named_is_nobody_to_strangers() -> None:
    """RFC 3323 section 4.1; a trusted peer hears it and keeps it to itself."""
    hidden = invite("Privacy: id;critical")

    assert caller_for(hidden, STRICT) == ANONYMOUS
    assert caller_for(hidden, OPEN) != ANONYMOUS
    assert caller_for(invite(), STRICT) != ANONYMOUS


@pytest.mark.parametrize(("given", "left"), [("70", 69), ("1", 0), ("0", -1), ("255", 69)])
def test_a_hop_is_counted(given: str, left: int) -> None:
    """RFC 3261 section 16.3; more than the usual number is cut to it."""
    assert forwards_left(invite(f"Max-Forwards: {given}")) == left


def test_without_a_count_one_begins() -> None:
    """RFC 2543 had none."""
    assert forwards_left(invite()) == 69


@pytest.mark.parametrize(("begins", "names"), [("Always: ", ALWAYS), ("To a peer", TRUSTED)])
def test_the_document_names_what_crosses(begins: str, names: frozenset[bytes]) -> None:
    """All of it, each kind where it stands: an administrator decides by it whom to trust."""
    text = INLINE.read_text("utf-8").partition("## What crosses")[2]
    line = next(each for each in text.splitlines() if each.startswith(begins))
    written = {word.lower().encode() for word in re.findall(r"[A-Za-z][\w-]+", line)}

    assert names <= written
