"""What a description says of speech, and how two sides differ in it."""

from itertools import product

import pytest

from capture.inline.descriptions.offers import answer_alone
from capture.inline.descriptions.speech import (
    ANYTHING,
    agreed_codecs,
    agreed_payloads,
    crossing_types,
    is_news,
    speaks_otherwise,
)
from tests.capture.inline.descriptions.test_offers import CODECS, SEAT, with_codec
from tests.capture.inline.playbook import sdp


@pytest.mark.parametrize(("codec", "numbers"), [*product(CODECS, ((None, 98), (96, 97)))])
def test_numbers_that_differ_between_the_sides_are_mapped(
    codec: str, numbers: tuple[int | None, int]
) -> None:
    """As we asked one side to send it → as the other wants to receive it."""
    asked = answer_alone(with_codec(codec, number=numbers[0]), SEAT, None)
    wanted = with_codec(codec, number=numbers[1], host="192.0.2.30")
    own = CODECS[codec][0] if numbers[0] is None else numbers[0]

    assert crossing_types(asked, wanted) == ((own, numbers[1]),)


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

    assert [each.payload_type for each in agreed_payloads(answer, offer)] == [98]
    assert [each.payload_type for each in agreed_payloads(None, offer)] == [97, 98]
