"""What crosses and what is ours, for codecs, packet times, payload types and directions."""

from itertools import product

import pytest

from capture.inline.descriptions.offers import (
    NothingInCommon,
    again,
    answer_across,
    answer_alone,
    offer_across,
    own_offer,
)
from capture.inline.descriptions.seat import MediaSeat
from capture.inline.descriptions.speech import speech_line, speech_payloads
from capture.sdp.description import Direction, SessionDescription
from capture.sdp.parser import parse_description
from capture.sdp.renderer import render_description
from tests.support.inline.offers import CODECS, SEAT, described, with_codec

OTHER = MediaSeat(address="2001:db8::9", port=10_002, session_id=8, secret=bytes(46))


@pytest.mark.parametrize(("codec", "ptime", "number"), [*product(CODECS, (10, 20, 30), (None, 97))])
def test_codec_packet_time_and_number_cross_as_they_are(
    codec: str, ptime: int, number: int | None
) -> None:
    """What one side says of its speech, the other is told word for word."""
    theirs = with_codec(codec, number=number, ptime=ptime)
    (line,) = offer_across(theirs, SEAT, None).media

    assert line.payloads == theirs.media[0].payloads
    assert (line.ptime_ms, line.port) == (ptime, 10_000)
    assert parse_description(render_description(offer_across(theirs, SEAT, None))).faults == ()


def test_an_answer_crosses_to_who_offered() -> None:
    """With our address on his side, and his line's profile."""
    theirs = with_codec("PCMA", host="192.0.2.30")
    (line,) = answer_across(theirs, with_codec("PCMA"), SEAT, None).media

    assert line.formats == (b"8", b"101")
    assert (line.port, line.protocol, line.direction) == (10_000, b"RTP/AVP", Direction.SENDRECV)


@pytest.mark.parametrize(
    ("offered", "told"),
    [
        ("sendrecv", Direction.SENDRECV),
        ("sendonly", Direction.SENDONLY),
        ("recvonly", Direction.RECVONLY),
        ("inactive", Direction.INACTIVE),
    ],
)
def test_a_direction_crosses_unchanged(offered: str, told: Direction) -> None:
    """We stand in the place of who said it."""
    theirs = described("m=audio 4000 RTP/AVP 0", f"a={offered}")

    assert offer_across(theirs, SEAT, None).media[0].direction is told


def test_places_of_other_lines_stay_with_port_zero() -> None:
    """RFC 3264 section 6: an answer has the lines of its offer."""
    theirs = described(
        "m=video 5004 RTP/AVP 96",
        "m=audio 4000 RTP/AVP 0",
        "m=image 5006 udptl t38",
        "m=audio 4002 RTP/AVP 8",
    )

    offer = offer_across(theirs, SEAT, None)
    assert [line.port for line in offer.media] == [0, 10_000, 0, 0]
    answer = answer_across(offer, theirs, OTHER, None)
    assert [line.port for line in answer.media] == [0, 10_002, 0, 0]
    assert answer.media[2].formats == (b"t38",)


def test_our_own_answer_takes_the_first_codec_that_is_allowed_and_mirrors_the_direction() -> None:
    """Nobody is there to ask yet."""
    theirs = described("m=audio 4000 RTP/AVP 18 8 0 101", "a=sendonly")
    (line,) = answer_alone(theirs, SEAT, None, codecs=frozenset({"PCMU", "PCMA"})).media

    assert (line.formats[0], line.direction) == (b"8", Direction.RECVONLY)
    assert len(speech_payloads(line)) == 1


def test_a_later_offer_is_answered_with_the_codec_that_was_agreed_on() -> None:
    """The other side is not asked, so nothing else may be promised; the version rises."""
    ours = answer_alone(with_codec("PCMA"), SEAT, None)
    later = again(
        ours, described("m=audio 4000 RTP/AVP 0 8", "a=sendonly"), SEAT, frozenset({"PCMA"})
    )

    assert [each.encoding for each in speech_payloads(later.media[0])] == ["PCMA"]
    assert later.origin is not None
    assert later.origin.version == b"2"


@pytest.mark.parametrize(
    "theirs",
    [
        described("m=audio 0 RTP/AVP 0"),
        described("m=video 4000 RTP/AVP 96"),
        described("m=audio 4000 UDP/TLS/RTP/SAVPF 0"),
        described("m=audio 4000 RTP/SAVP 0"),
        described("m=audio 4000 RTP/AVP 18"),
        described("m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000"),
    ],
)
def test_what_has_no_speech_that_may_cross_says_so(theirs: SessionDescription) -> None:
    """The answer is then 488, never a call in which nobody is heard."""
    codecs = frozenset({"PCMU"})
    with pytest.raises(NothingInCommon):
        offer_across(theirs, SEAT, None, codecs=codecs)
    with pytest.raises(NothingInCommon):
        answer_alone(theirs, SEAT, None, codecs=codecs)


def test_an_answer_that_takes_no_speech_says_so() -> None:
    """Port 0, or a line that is missing."""
    offer = with_codec("PCMU")
    for theirs in (described("m=audio 0 RTP/AVP 0"), described()):
        with pytest.raises(NothingInCommon):
            answer_across(theirs, offer, SEAT, None)


def test_a_version_rises_with_what_is_said_and_only_then() -> None:
    """RFC 3264 section 8."""
    first = offer_across(with_codec("PCMU"), SEAT, None)

    assert offer_across(with_codec("PCMU"), SEAT, first) == first
    later = offer_across(with_codec("PCMA"), SEAT, first)
    assert later.origin is not None
    assert (later.origin.session_id, later.origin.version) == (b"9", b"2")


def test_our_own_offer_has_the_laws_that_are_allowed_and_digits() -> None:
    """For a caller who has offered nothing."""
    (line,) = own_offer(SEAT, ["PCMA"]).media

    assert line.formats == (b"8", b"101")
    assert speech_line(own_offer(SEAT, ["PCMU", "PCMA"])) == 0


def test_an_address_of_the_other_family_is_told_as_such() -> None:
    """One side may be IPv6."""
    body = render_description(offer_across(with_codec("PCMU"), OTHER, None))

    assert b"c=IN IP6 2001:db8::9\r\n" in body
