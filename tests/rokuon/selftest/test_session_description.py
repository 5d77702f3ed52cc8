"""Tests of the self-test's SDP."""

import pytest

from rokuon.selftest.session_description import (
    AnsweredStream,
    AnswerUnusable,
    Direction,
    call_description,
    offer,
    parse_answer,
)

ANSWER = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    b"m=audio 10000 RTP/AVP 0\r\na=label:1\r\na=recvonly\r\n"
    b"m=audio 10002 RTP/AVP 0\r\nc=IN IP4 192.0.2.2\r\na=label:2\r\na=recvonly\r\n"
)


def test_the_offer_has_two_labelled_streams_that_are_only_sent() -> None:
    """RFC 7866 §7.1.1 and RFC 4574: the labels tie the streams to the metadata."""
    lines = offer(
        "127.0.0.1", (4_000, 4_002), session=7, version=2, direction=Direction.SENDING
    ).split(b"\r\n")

    assert lines[1] == b"o=- 7 2 IN IP4 127.0.0.1"
    assert lines[5:10] == [
        b"m=audio 4000 RTP/AVP 0",
        b"a=rtpmap:0 PCMU/8000",
        b"a=ptime:20",
        b"a=label:1",
        b"a=sendonly",
    ]
    assert lines[10] == b"m=audio 4002 RTP/AVP 0"
    assert lines[13:] == [b"a=label:2", b"a=sendonly", b""]


def test_a_streams_own_address_goes_before_that_of_the_session() -> None:
    """RFC 8866 §5.7."""
    assert parse_answer(ANSWER) == [
        AnsweredStream("192.0.2.1", 10_000),
        AnsweredStream("192.0.2.2", 10_002),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        ANSWER.replace(b"m=audio 10002", b"m=audio 0"),
        ANSWER[: ANSWER.index(b"m=audio 10002")],
        ANSWER.replace(b"c=IN IP4 192.0.2.1\r\n", b""),
    ],
    ids=["empty", "refused stream", "one stream", "no address"],
)
def test_an_answer_that_does_not_take_both_streams_is_named_so(answer: bytes) -> None:
    """A self-test that sends one stream to nowhere would report a loss that is none."""
    with pytest.raises(AnswerUnusable):
        parse_answer(answer)


def test_a_party_says_where_its_voice_comes_and_goes() -> None:
    """What the caller offers, the far side answers; each reads the other."""
    said = call_description("127.0.0.9", 4_000, session=7)

    assert b"\r\na=sendrecv\r\n" in said
    assert parse_answer(said, 1) == [AnsweredStream("127.0.0.9", 4_000)]
    with pytest.raises(AnswerUnusable):
        parse_answer(said)
