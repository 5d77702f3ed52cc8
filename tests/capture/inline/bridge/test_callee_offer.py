"""What the callee is offered, and what instead where it refuses that."""

from typing import Any, Final

import msgspec
import pytest

from capture.inline.bridge.callee_offer import MEDIA_REFUSED, secure_by
from capture.inline.descriptions.speech import speech_payloads
from capture.inline.state.call_commands import Dial
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Began,
    HopsFound,
    Reanswered,
    Refused,
)
from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description
from tests.capture.inline.playbook import (
    B_DIALOG,
    CALLER,
    HOP,
    OFFER,
    SECOND,
    Playbook,
    a_call,
    planned,
    sdp,
)

ALONE: Final = ("answer-first", "early")
PCMA: Final = sdp(8, 101, host="192.0.2.30", port=5000)
WITH_VIDEO: Final = parse_description(
    b"v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    b"m=audio 4000 RTP/AVP 0 8\r\nm=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
)


def told(
    order: str, offer: SessionDescription = OFFER, hops: tuple[Any, ...] = (HOP,), srtp: str = ""
) -> Playbook:
    """A caller who has heard the notice alone; the callee is called."""
    play = Playbook(a_call(planned(order=order), offer)).when(Began())
    if order == "answer-first":
        play.when(Acknowledged(CALLER))
    play.noticed()
    if srtp:
        dialled = msgspec.structs.replace(play.call.dialled, srtp=srtp)
        play.call = msgspec.structs.replace(play.call, dialled=dialled)
    return play.when(HopsFound(hops))


def offered(play: Playbook) -> tuple[list[str], bytes]:
    """The codecs that the callee was offered last, and how: RTP or SRTP."""
    dial = play.last(Dial)
    assert isinstance(dial, Dial)
    assert dial.offer is not None
    line = dial.offer.media[0]
    return [each.encoding for each in speech_payloads(line)], line.protocol


@pytest.mark.parametrize("status", sorted(MEDIA_REFUSED))
@pytest.mark.parametrize("order", ALONE)
def test_a_callee_that_refuses_the_one_codec_of_who_was_told_first_is_offered_all_of_his(
    order: str, status: int
) -> None:
    """Not told first, the two would talk; he is asked again, for what the callee takes."""
    play = told(order)
    assert offered(play) == (["PCMU"], b"RTP/AVP")
    play.when(Refused(status)).then("Dial 192.0.2.30")
    assert offered(play) == (["PCMU", "PCMA"], b"RTP/AVP")
    play.when(Answered(B_DIALOG, PCMA))
    if order == "early":
        play.then("Accept").when(Acknowledged(CALLER))
    play.then("INVITE caller")

    play.when(Reanswered(CALLER, 200, sdp(8, 101, version=2))).then()
    assert play.call.is_joined
    assert [each.encoding for each in play.call.caller.agreed] == ["PCMA"]


@pytest.mark.parametrize(
    ("order", "ends"), [("answer-first", "HangUp caller"), ("early", "Refuse 488")]
)
def test_who_refuses_all_of_his_codecs_too_is_not_called_a_third_time(
    order: str, ends: str
) -> None:
    """There is nothing left to be offered."""
    told(order).when(Refused(488)).when(Refused(488)).then(ends)


@pytest.mark.parametrize("offer", [sdp(0, 101), sdp(18, 0, 101)])
@pytest.mark.parametrize("status", sorted(MEDIA_REFUSED))
def test_of_a_caller_with_no_other_codec_that_has_a_prompt_the_refusal_is_final(
    offer: SessionDescription, status: int
) -> None:
    """The same offer would be refused again."""
    told("answer-first", offer).when(Refused(status)).then("HangUp caller")


@pytest.mark.parametrize("status", [486, 603])
def test_another_refusal_than_of_media_is_no_reason_to_offer_more(status: int) -> None:
    """Who is busy is busy in every codec."""
    told("answer-first").when(Refused(status)).then("HangUp caller")


def test_a_callee_that_was_offered_all_from_the_begin_is_not_called_again() -> None:
    """Dial-first: the caller is not answered yet."""
    Playbook(a_call()).dialled().when(Refused(488)).then("Refuse 488")


def test_a_place_that_is_tried_next_is_offered_the_one_codec_first() -> None:
    """It spares the caller a re-INVITE."""
    play = told("answer-first", hops=(HOP, SECOND)).when(Refused(488)).when(Refused(503))

    play.then("Dial 192.0.2.31")
    assert offered(play) == (["PCMU"], b"RTP/AVP")


def test_other_codecs_are_tried_before_srtp_is_given_up() -> None:
    """A 488 does not say which of the two it means."""
    play = told("answer-first", srtp="offer")
    seen = [offered(play)]
    for _ in range(2):
        play.when(Refused(488)).then("Dial 192.0.2.30")
        seen.append(offered(play))

    assert seen == [
        (["PCMU"], b"RTP/SAVP"),
        (["PCMU", "PCMA"], b"RTP/SAVP"),
        (["PCMU", "PCMA"], b"RTP/AVP"),
    ]
    play.when(Refused(488)).then("HangUp caller")


def test_video_that_the_caller_was_refused_is_not_offered_with_his_other_codecs() -> None:
    """He was answered port 0; the callee would send it to nobody."""
    play = told("answer-first", WITH_VIDEO).when(Refused(488))
    dial = play.last(Dial)
    assert isinstance(dial, Dial)
    assert dial.offer is not None

    assert [bool(each.port) for each in dial.offer.media] == [True, False]


def test_srtp_is_offered_as_the_target_says() -> None:
    """`as-offered` leaves it to what the other side has."""
    said = [secure_by(srtp, is_plain=False) for srtp in ("as-offered", "never", "offer", "require")]

    assert said == [None, False, True, True]
    assert secure_by("offer", is_plain=True) is False
