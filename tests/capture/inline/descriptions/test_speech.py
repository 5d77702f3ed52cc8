"""What a description says of speech, and how two sides differ in it."""

from itertools import product

import msgspec
import pytest

from capture.inline.descriptions.offers import answer_alone
from capture.inline.descriptions.speech import (
    ANYTHING,
    agreed_codecs,
    agreed_payloads,
    crossing_types,
    framing_of,
    is_news,
    speaks_otherwise,
)
from capture.sdp.description import SessionDescription
from capture.sdp.payloads import Payload
from tests.capture.inline.playbook import sdp
from tests.support.inline.offers import CODECS, SEAT, with_codec


@pytest.mark.parametrize(("codec", "numbers"), [*product(CODECS, ((None, 98), (96, 97)))])
def test_numbers_that_differ_between_the_sides_are_mapped(
    codec: str, numbers: tuple[int | None, int]
) -> None:
    """As we asked one side to send it → as the other wants to receive it."""
    asked = answer_alone(with_codec(codec, number=numbers[0]), SEAT, None)
    wanted = with_codec(codec, number=numbers[1], host="192.0.2.30")
    own = CODECS[codec][0] if numbers[0] is None else numbers[0]

    assert crossing_types(asked, wanted) == ((own, numbers[1]),)


OCTETS = "a=fmtp:96 octet-align=1\r\n"


def amr(*numbers: int, octets: int = 0, codec: str = "AMR") -> SessionDescription:
    """These numbers are of one codec; one of them may be of whole octets."""
    maps = "".join(f"a=rtpmap:{each} {codec}/8000\r\n" for each in numbers)
    return sdp(*numbers, maps=maps + (OCTETS.replace("96", str(octets)) if octets else ""))


@pytest.mark.parametrize("codec", ["AMR", "AMR-WB", "amr"])
def test_of_two_of_one_name_each_keeps_its_number(codec: str) -> None:
    """A offers both, B takes one: what it sends is that, whichever stands first."""
    both = amr(96, 97, octets=96, codec=codec)

    assert crossing_types(both, both) == ()
    assert crossing_types(amr(97, codec=codec), both) == ()
    assert crossing_types(amr(96, octets=96, codec=codec), both) == ()


def test_of_two_of_one_name_that_of_the_same_format_is_meant() -> None:
    """Bandwidth-efficient AMR is noise to who awaits whole octets (RFC 4867 section 8.1)."""
    assert crossing_types(amr(96), amr(96, 97, octets=96)) == ((96, 97),)
    assert crossing_types(amr(98, octets=98), amr(96, 97, octets=97)) == ((98, 97),)
    assert crossing_types(amr(98), amr(96, 97, octets=96)) == ((98, 97),)


def test_a_codec_that_is_framed_otherwise_is_still_the_nearest() -> None:
    """Nothing else of that name is there."""
    assert crossing_types(amr(98), amr(96, octets=96)) == ((98, 96),)


@pytest.mark.parametrize(
    ("fmtp", "framing"),
    [
        ("", set()),
        ("octet-align=0; mode-set=0,2", set()),
        ("mode-set=7;octet-align=1", {"octet-align"}),
        ("Octet-Align = 1", {"octet-align"}),
        ("crc=1", {"crc", "octet-align"}),
        ("interleaving=30", {"interleaving", "octet-align"}),
        ("robust-sorting=1; crc=0", {"robust-sorting", "octet-align"}),
        ("robust-sorting", set()),
    ],
)
def test_the_format_of_amr_is_in_its_parameters(fmtp: str, framing: set[str]) -> None:
    """Of other codecs parameters say what is taken, not how it is written."""
    payload = Payload(payload_type=96, encoding="AMR", clock_hz=8_000, fmtp=fmtp)

    assert framing_of(payload) == framing
    assert framing_of(msgspec.structs.replace(payload, encoding="opus")) == frozenset()


def test_equal_numbers_need_no_mapping() -> None:
    """The usual case costs nothing."""
    assert crossing_types(with_codec("PCMU"), with_codec("PCMU")) == ()


def test_a_refresh_is_no_news_and_everything_else_is() -> None:
    """The same origin and the same lines."""
    said = with_codec("PCMU")

    assert not is_news(said, said)
    assert is_news(said, with_codec("PCMA"))
    assert is_news(None, said)


def test_another_codec_than_was_told_is_seen() -> None:
    """A callee who takes PCMA where the caller was answered PCMU."""
    told = answer_alone(with_codec("PCMU"), SEAT, None)

    assert speaks_otherwise(told, with_codec("PCMA"))
    assert not speaks_otherwise(told, with_codec("PCMU", number=96))


def test_what_is_agreed_on_is_in_both_descriptions() -> None:
    """Anything, where nothing is said yet."""
    assert agreed_codecs(sdp(0, 101), sdp(8, 0, 101)) == {"PCMU"}
    assert agreed_codecs(None, None) == ANYTHING


def test_a_codec_on_another_clock_is_another_codec() -> None:
    """Speex at 16 and at 8 kHz have one name; what is agreed on is the second."""
    wide, narrow = "a=rtpmap:97 speex/16000\r\n", "a=rtpmap:98 speex/8000\r\n"
    offer, answer = sdp(97, 98, 101, maps=wide + narrow), sdp(98, 101, maps=narrow)

    assert [each.payload_type for each in agreed_payloads(answer, offer, answer)] == [98]
    assert [each.payload_type for each in agreed_payloads(None, offer, None)] == [97, 98]
