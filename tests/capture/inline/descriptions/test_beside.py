"""Video and fax beside speech: refused, or passed on as they are and not recorded."""

import dataclasses
from typing import Final

import pytest

from archive.call.events import MediaUnrecorded
from capture.inline.descriptions.beside import line_beside, place_beside
from capture.inline.descriptions.offers import NothingInCommon, answer_across, offer_across
from capture.inline.descriptions.seat import MediaSeat
from capture.links.relay_messages import Place, RelayCall
from capture.recording.outputs import ToRelay
from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description
from tests.capture.inline.stage import ANSWER, OFFER, ROUTE, Stage

SPEECH: Final = "m=audio 4000 RTP/AVP 0"
VIDEO: Final = (
    "m=video 4002 RTP/AVPF 96\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=sendonly"
)
FAX: Final = "m=image 4004 udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:14400"
WITH: Final = MediaSeat(address="192.0.2.9", port=10_000, session_id=9, port_beside=10_004)
VIDEO_OFFER: Final = OFFER + VIDEO.replace("4002", "4100").encode() + b"\r\n"
VIDEO_ANSWER: Final = ANSWER + VIDEO.replace("4002", "5100").encode() + b"\r\n"


def described(*lines: str, version: int = 1) -> SessionDescription:
    """A description of these lines."""
    head = ("v=0", f"o=- 7 {version} IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0")
    return parse_description("".join(f"{line}\r\n" for line in (*head, *lines)).encode())


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ((SPEECH, VIDEO), 1),
        ((VIDEO, SPEECH), 0),
        ((FAX,), 0),
        ((SPEECH, SPEECH), None),
        ((SPEECH, "m=image 0 udptl t38"), None),
        ((SPEECH, "m=message 4 TCP/MSRP *", FAX), 2),
    ],
)
def test_the_first_line_in_use_that_is_no_audio_goes_beside(
    lines: tuple[str, ...], place: int | None
) -> None:
    """Over UDP: we have a port for it, and no connection."""
    assert place_beside(described(*lines)) == place


def test_it_is_offered_word_for_word_at_our_port() -> None:
    """Formats, feedback and direction are between the parties."""
    offer = offer_across(described(SPEECH, VIDEO), WITH, None)

    assert [(each.kind, each.port) for each in offer.media] == [
        (b"audio", 10_000),
        (b"video", 10_004),
    ]
    assert offer.media[1].attributes == described(VIDEO).media[0].attributes
    assert line_beside(described(VIDEO).media[0], 6).direction == "sendonly"


@pytest.mark.parametrize("taken", [True, False])
def test_it_is_answered_as_the_other_side_answers(taken: bool) -> None:
    """Who refuses a fax refuses it to the one that has asked."""
    theirs = described(SPEECH, VIDEO if taken else VIDEO.replace("4002", "0"))
    answer = answer_across(theirs, described(SPEECH, VIDEO), WITH, None)

    assert [each.port for each in answer.media] == [10_000, 10_004 if taken else 0]


def test_a_fax_takes_the_place_of_speech() -> None:
    """As machines ask for it: one line, another kind."""
    assert offer_across(described(FAX), WITH, None).media[0].port == 10_004
    assert answer_across(described(FAX), described(FAX), WITH, None).media[0].kind == b"image"
    with pytest.raises(NothingInCommon):
        answer_across(described(FAX.replace("4004", "0")), described(FAX), WITH, None)


def test_without_a_port_for_it_it_is_refused() -> None:
    """The route's default."""
    seat = MediaSeat(address="192.0.2.9", port=10_000, session_id=9)

    assert [m.port for m in offer_across(described(SPEECH, VIDEO), seat, None).media] == [10_000, 0]
    with pytest.raises(NothingInCommon):
        offer_across(described(FAX), seat, None)


def beside(stage: Stage) -> RelayCall:
    """What the relay was told last of what is no speech."""
    told = [each.command for each in stage.log if isinstance(each, ToRelay)]
    return next(c for c in reversed(told) if isinstance(c, RelayCall) and c.is_raw)


def test_the_relay_passes_it_from_party_to_party_and_keeps_nothing() -> None:
    """On pairs of its own, once both may talk."""
    stage = Stage().calls(body=VIDEO_OFFER).b(180).b(200, body=VIDEO_ANSWER)
    assert not beside(stage).is_joined
    stage.a_inside(b"ACK", 1).played()
    told = beside(stage)

    assert (told.is_joined, told.is_landed) == (True, False)
    assert [end.places for end in told.ends] == [
        (Place("192.0.2.1", 4100),),
        (Place("192.0.2.30", 5100),),
    ]
    assert len({end.pair for end in (*told.ends, *stage.relay_call().ends)}) == 4
    stage.a_inside(b"BYE", 2)
    assert stage.gone() == {told.call, told.call[:-1]}


def test_the_recording_says_what_went_past_it() -> None:
    """Who looks for a video must know that there was one."""
    stage = Stage().calls(body=VIDEO_OFFER).b(180).b(200, body=VIDEO_ANSWER)
    stage.a_inside(b"ACK", 1).played()
    (event,) = stage.events(MediaUnrecorded)

    assert (event.media, event.protocol, event.formats) == ("video", "RTP/AVPF", ("96",))


def test_a_call_becomes_a_fax_and_speech_again() -> None:
    """A re-INVITE each; the recording goes on."""
    stage = Stage().talking()
    fax = OFFER.partition(b"m=")[0].replace(b"7 1 IN", b"7 2 IN") + FAX.encode() + b"\r\n"
    stage.a_inside(b"INVITE", 2, body=fax).then("b: INVITE")
    assert b"m=image" in stage.request_to_b().body
    stage.b(200, body=fax).then("b: ACK", "a: 200 INVITE")
    assert beside(stage).ends[0].places == (Place("192.0.2.1", 4004),)

    stage.a_inside(b"ACK", 2)
    stage.a_inside(b"INVITE", 3, body=OFFER.replace(b"7 1 IN", b"7 3 IN"))
    stage.b(200, body=ANSWER.replace(b"7 1 IN", b"7 3 IN")).then("b: ACK", "a: 200 INVITE")
    assert [event.media for event in stage.events(MediaUnrecorded)] == ["image", ""]
    assert not stage.closes()


def test_a_fax_is_488_where_the_route_refuses_it() -> None:
    """The machine goes on in speech, as it must (ITU-T T.38 annex D)."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, other_media="refuse"),)).talking()
    fax = OFFER.partition(b"m=")[0].replace(b"7 1 IN", b"7 2 IN") + FAX.encode() + b"\r\n"

    stage.a_inside(b"INVITE", 2, body=fax).then("a: 488 INVITE")
