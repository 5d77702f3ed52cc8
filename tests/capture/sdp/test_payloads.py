"""What payload types mean."""

import pytest

from capture.sdp.payloads import STATIC_PAYLOADS, Payload, number_in
from tests.capture.sdp.offers import offered, stream


def payloads(formats: bytes, *attributes: bytes) -> tuple[Payload, ...]:
    return offered(stream(*attributes, formats=formats)).media[0].payloads


@pytest.mark.parametrize(
    ("number", "encoding"),
    [(0, "PCMU"), (3, "GSM"), (4, "G723"), (8, "PCMA"), (9, "G722"), (13, "CN"), (18, "G729")],
)
def test_a_static_type_needs_no_rtpmap(number: int, encoding: str) -> None:
    """Many peers send the bare number; the table of RFC 3551 §6 says what it is."""
    (payload,) = payloads(str(number).encode())

    assert (payload.encoding, payload.clock_hz, payload.channels) == (encoding, 8000, 1)
    assert payload == STATIC_PAYLOADS[number]


def test_a_dynamic_type_is_what_its_rtpmap_says() -> None:
    """Clock and channels decide how long a packet is; they cannot be guessed."""
    found = payloads(b"111 101", b"rtpmap:111 opus/48000/2", b"rtpmap:101 telephone-event/8000")

    assert found == (
        Payload(payload_type=111, encoding="opus", clock_hz=48_000, channels=2),
        Payload(payload_type=101, encoding="telephone-event", clock_hz=8000),
    )


def test_an_rtpmap_overrides_the_static_table() -> None:
    """A peer may say PCMU itself, or use the number for something else; its word counts."""
    (payload,) = payloads(b"0", b"rtpmap:0 L16/16000")

    assert (payload.encoding, payload.clock_hz) == ("L16", 16_000)


def test_the_parameters_of_a_format_are_kept() -> None:
    """G.729 annex B and telephone-event ranges change what the packets mean."""
    (payload,) = payloads(b"18", b"fmtp:18 annexb=no")

    assert payload.fmtp == "annexb=no"


@pytest.mark.parametrize(
    "attribute", [b"rtpmap:97", b"rtpmap:97 x", b"rtpmap:97 x/", b"rtpmap:97 x/0", b"rtpmap:97 /8"]
)
def test_a_format_without_a_readable_meaning_is_left_out(attribute: bytes) -> None:
    """A packet whose clock is unknown cannot be placed in time, so it is not accepted."""
    assert [payload.payload_type for payload in payloads(b"0 97", attribute)] == [0]


def test_of_two_rtpmaps_for_one_type_the_first_counts() -> None:
    """Both sides must read the same, and the first is what a peer in order has set up."""
    (payload,) = payloads(b"97", b"rtpmap:97 iLBC/8000", b"rtpmap:97 speex/16000")

    assert payload.encoding == "iLBC"


@pytest.mark.parametrize("raw", [b"", b"-1", b"1e3", b" 1", b"128", b"9" * 5000])
def test_what_is_no_small_decimal_is_no_number(raw: bytes) -> None:
    """`int` takes signs, spaces and very long numbers; a description may not."""
    assert number_in(raw, 127) is None
