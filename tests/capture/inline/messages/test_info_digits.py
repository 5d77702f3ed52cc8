"""Keys in INFO bodies."""

import pytest

from capture.inline.messages.info_digits import digit_in
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.inline.stage import from_caller

RELAYED = b"application/dtmf-relay"
PLAIN = b"application/dtmf"


def info(kind: bytes, body: bytes, *headers: tuple[bytes, bytes]) -> Request:
    data = from_caller(b"INFO", *headers, to_tag=b"n", body=body)
    request = split_message(data.replace(b"application/sdp", kind))
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    ("kind", "body", "digit"),
    [
        (RELAYED, b"Signal=5\r\nDuration=160\r\n", "5"),
        (RELAYED, b"Signal= *\r\nDuration= 250", "*"),
        (RELAYED, b"duration=250\nSIGNAL = #", "#"),
        (RELAYED, b"Signal=11\r\n", "#"),
        (RELAYED, b"Signal=d\r\n", "D"),
        (b"Application/DTMF-Relay; charset=x", b"Signal=0", "0"),
        (PLAIN, b"7\r\n", "7"),
        (PLAIN, b"10", "*"),
    ],
)
def test_a_key_is_read_as_it_is_written_in_the_field(kind: bytes, body: bytes, digit: str) -> None:
    """With and without spaces, in any order and case."""
    assert digit_in(info(kind, body)) == digit


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (RELAYED, b"Signal=\r\n"),
        (RELAYED, b"Signal=12\r\n"),
        (RELAYED, b"Signal=flash\r\n"),
        (RELAYED, b"Signal=\xc2\xb2\r\n"),
        (RELAYED, b"5"),
        (PLAIN, b"55"),
        (b"text/plain", b"5"),
        (b"application/dtmfish", b"5"),
    ],
)
def test_what_is_no_key_is_none(kind: bytes, body: bytes) -> None:
    """A hook flash and a letter of somebody's text are not."""
    assert digit_in(info(kind, body)) == ""


def test_what_an_info_package_says_is_its_own_affair() -> None:
    """RFC 6086: the package gives the body its meaning."""
    assert digit_in(info(PLAIN, b"5", (b"Info-Package", b"dtmf"))) == ""
