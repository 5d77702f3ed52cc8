"""Where in an INVITE the reason of its refusal stands."""

import pytest

from capture.recording.message_faults import (
    MAX_EXCERPT_CHARS,
    Fault,
    excerpt,
    fault_of,
    fault_of_status,
)
from capture.sdp.limits import DescriptionBroken
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.sdp.offers import HEAD
from tests.capture.siprec.stage import OFFER, bare_invite

KEYED = HEAD + (
    b"m=audio 6000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\n"
)


def said(header: str, *headers: tuple[bytes, bytes], sdp: bytes = OFFER) -> str:
    request = split_message(bare_invite(sdp, *headers))
    assert isinstance(request, Request)
    return excerpt(request, header)


def test_an_excerpt_is_what_the_header_says() -> None:
    """Whoever mends the client must see its own words."""
    assert said("Contact") == "<sip:src@192.0.2.1:5060>"
    assert said("Require", (b"Require", b"one"), (b"Require", b"two")) == "one, two"
    assert said("Request-URI") == "sip:srs@192.0.2.9"
    assert said("SDP") == "m=audio 6000 RTP/AVP 0 m=audio 6002 RTP/AVP 0"
    assert said("SDP", sdp=b"no description\r\n") == "no description"
    assert said("") == ""


def test_an_excerpt_is_bounded() -> None:
    """A row of the ledger is no place for 8 KiB."""
    assert len(said("Subject", (b"Subject", b"x" * 5_000))) == MAX_EXCERPT_CHARS


@pytest.mark.parametrize(
    ("header", "given", "hidden"),
    [
        ("Authorization", (b"Authorization", b'Digest response="abcdef", nonce="n"'), "abcdef"),
        ("Proxy-Authorization", (b"Proxy-Authorization", b"Basic c2VjcmV0"), "c2VjcmV0"),
    ],
)
def test_an_excerpt_holds_no_secret(header: str, given: tuple[bytes, bytes], hidden: str) -> None:
    """It is masked like the messages of the trace."""
    assert hidden not in said(header, given)
    assert "c2VjcmV0" not in said("SDP", sdp=KEYED)


def test_what_the_sip_layer_refuses_by_itself_names_the_header_that_asked_too_much() -> None:
    """A 420 is about Require; of what no header says nothing is named."""
    assert fault_of_status(420) == Fault("RFC 3261 §8.2.2.3", "Require")
    assert fault_of_status(503) == Fault()


def test_a_description_that_cannot_be_read_is_named_as_such() -> None:
    """Its lines are no headers."""
    broken = DescriptionBroken("RFC 8866 §5", "no v= line")

    assert fault_of(broken) == Fault("RFC 8866 §5", "SDP")
