"""The recording server's answers."""

import msgspec
import pytest
from hypothesis import given

from capture.errors import PeerBrokeProtocol
from capture.sdp.answer import MediaPorts, Refuse, answer_offer, check_answer, revised
from capture.sdp.description import Destination, Direction, SessionDescription
from capture.sdp.limits import AnswerMismatched
from capture.sdp.parser import parse_description
from capture.sdp.renderer import render_description
from tests.capture.sdp.offers import HEAD, PORTS, answered, offered, stream
from tests.capture.sdp.strategies import DESCRIPTIONS

VIDEO = b"m=video 6002 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\na=label:3\r\n"
NOWHERE = HEAD.replace(b"c=IN IP4 192.0.2.10", b"c=IN IP4 0.0.0.0")


@pytest.mark.parametrize(
    ("offered_direction", "answered_direction"),
    [
        (b"sendonly", Direction.RECVONLY),
        (b"sendrecv", Direction.RECVONLY),
        (b"x-nothing", Direction.RECVONLY),
        (b"inactive", Direction.INACTIVE),
        (b"recvonly", Direction.INACTIVE),
    ],
)
def test_a_server_only_ever_receives(
    offered_direction: bytes, answered_direction: Direction
) -> None:
    """RFC 3264 §6.1 for a side that has nothing to say."""
    answer = answered(offered(stream(offered_direction)))

    assert answer.media[0].direction is answered_direction


def test_a_stream_that_wakes_from_a_hold_is_received_again() -> None:
    """Another recorder kept answering inactive after one hold; the rest of the call was lost."""
    directions = [
        answered(offered(stream(direction))).media[0].direction
        for direction in (b"sendonly", b"inactive", b"sendonly")
    ]

    assert directions == [Direction.RECVONLY, Direction.INACTIVE, Direction.RECVONLY]


@pytest.mark.parametrize("direction", [b"sendonly", b"x-nothing"])
def test_an_address_that_is_nowhere_is_received_from_all_the_same(direction: bytes) -> None:
    """0.0.0.0 forbids sending to the peer (RFC 3264 §8.4), not hearing what comes from it."""
    offer = offered(stream(direction), head=NOWHERE)

    assert offer.media[0].is_held
    assert answered(offer).media[0].direction is Direction.RECVONLY


def test_every_m_line_is_answered_in_its_place() -> None:
    """RFC 3264 §6: same number, same order; what we cannot keep has port 0."""
    answer = answered(offered(VIDEO, stream(), stream(port=0), stream(label=b"2")))

    assert [media.kind for media in answer.media] == [b"video", b"audio", b"audio", b"audio"]
    assert [media.port for media in answer.media] == [0, 40_002, 0, 40_006]
    assert answer.media[0].formats == (b"99",)


def test_labels_are_echoed_as_offered() -> None:
    """OpenSIPS finds its streams in the answer by label; 1 and 2 are not the only ones."""
    answer = answered(offered(stream(label=b"0"), VIDEO, stream(label=b"agent-7")))

    assert [media.label for media in answer.media] == ["0", "3", "agent-7"]


def test_a_stream_without_a_label_gets_none_from_us() -> None:
    """An invented label could be that of another stream."""
    assert answered(offered(b"m=audio 1 RTP/AVP 0\r\n")).media[0].label is None


def test_accepted_formats_are_echoed_with_their_meaning() -> None:
    """What is not accepted is not named, so that the peer does not send it."""
    attributes = (
        b"rtpmap:121 red/8000",
        b"rtpmap:111 opus/48000/2",
        b"fmtp:111 useinbandfec=1",
        b"rtpmap:101 telephone-event/8000",
        b"fmtp:101 0-15",
        b"ptime:20",
    )
    (media,) = answered(offered(stream(*attributes, formats=b"121 111 0 101"))).media

    assert media.formats == (b"111", b"0", b"101")
    assert [payload.fmtp for payload in media.payloads] == ["useinbandfec=1", "", "0-15"]
    assert media.ptime_ms == 20
    assert b"red" not in render_description(answered(offered(stream(*attributes))))


def test_a_refused_stream_has_port_0() -> None:
    """The caller may have no ports left for one stream and still record the others."""
    answer = answered(offered(stream(), stream()), PORTS, Refuse())

    assert [media.port for media in answer.media] == [40_000, 0]


def test_a_port_for_reports_elsewhere_is_said() -> None:
    """Without `a=rtcp` the peer would send its reports to the next port."""
    answer = answered(offered(stream()), MediaPorts(40_000, 50_001))

    assert answer.media[0].rtcp_destination == Destination("192.0.2.99", 50_001)


def test_multiplexing_is_taken_where_it_is_offered() -> None:
    """RFC 5761 §5.1.1; reports then go to the one port that the peer has."""
    offer = offered(stream(b"rtcp-mux"), stream(label=b"2"))
    muxed, apart = answered(offer).media

    assert muxed.offers_rtcp_mux
    assert not apart.offers_rtcp_mux
    assert offer.media[0].rtcp_destination == offer.media[0].rtp_destination


def test_times_are_those_of_the_offer() -> None:
    """RFC 3264 §6: the `t=` line of an answer equals that of its offer."""
    offer = offered(stream(), head=HEAD.replace(b"t=0 0", b"t=2873397496 0"))

    assert answered(offer).timing == (b"2873397496 0",)


def test_our_address_may_be_of_either_family() -> None:
    """A peer on IPv6 is answered with IN IP6."""
    answer = answer_offer(
        offered(stream()), session_id=1, version=1, address="2001:db8::9", ports=[PORTS]
    )

    assert b"c=IN IP6 2001:db8::9\r\n" in render_description(answer)


def test_the_version_stays_while_nothing_changes() -> None:
    """A refreshing re-INVITE gets the very same body (RFC 3264 §8)."""
    first = answered(offered(stream(b"sendonly")))
    again = answered(offered(stream(b"sendonly")))

    assert render_description(revised(first, again)) == render_description(first)


def test_the_version_rises_by_one_with_each_change() -> None:
    """A peer may skip a body whose version it has seen."""
    first = answered(offered(stream(b"sendonly")))
    held = revised(first, answered(offered(stream(b"inactive"))))
    resumed = revised(held, answered(offered(stream(b"sendonly"))))

    assert [revision.origin and revision.origin.version for revision in (held, resumed)] == [
        b"2",
        b"3",
    ]
    assert resumed.origin is not None
    assert resumed.origin.session_id == b"77"


def test_an_answer_to_our_offer_must_have_its_m_lines() -> None:
    """Otherwise nobody could say which stream comes to which port."""
    ours = offered(stream(), stream())

    check_answer(ours, offered(stream(port=0), stream()))
    with pytest.raises(AnswerMismatched):
        check_answer(ours, offered(stream()))
    with pytest.raises(AnswerMismatched):
        check_answer(ours, offered(stream(), VIDEO))


@given(DESCRIPTIONS)
def test_any_offer_gets_an_answer_that_reads_as_meant_and_is_bytes_when_kept(body: bytes) -> None:
    """The answer in force is part of a call that survives a restart."""
    try:
        offer = parse_description(body)
    except PeerBrokeProtocol:
        return
    answer = answered(offer)

    assert [media.kind for media in answer.media] == [media.kind for media in offer.media]
    assert parse_description(render_description(answer)) == answer
    kept = msgspec.msgpack.encode(answer)
    assert msgspec.msgpack.decode(kept, type=SessionDescription) == answer
