"""The callee: which target is tried when, what is followed, what is final."""

import msgspec
import pytest

from archive.call.refusal_reasons import Reason
from capture.inline.descriptions.speech import speech_payloads
from capture.inline.state.call_commands import Dial, Refuse
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Began,
    Cancelled,
    HopsFound,
    HungUp,
    Progressed,
    RangTooLong,
    Refused,
)
from capture.inline.state.call_plan import Redirection
from capture.inline.state.stages import CalleeStage
from capture.sdp.parser import parse_description
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    CALLER,
    FORKED,
    HOP,
    OFFER,
    PBX,
    PLAIN,
    SECOND,
    TWO,
    Playbook,
    a_call,
    planned,
    sdp,
)

AS_VIDEO = parse_description(
    b"v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    b"m=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
)
NO_FORMAT_OF_NOTICE = (b"Warning", b'305 rokuon "no codec in which the notice can be played"')
NO_AUDIO = (b"Warning", b'304 rokuon "no audio is offered"')
TWO_TARGETS = planned(targets=TWO)
LED = (Redirection(b"sip:201@192.0.2.31", PBX[0]),)


def codecs_offered(play: Playbook) -> list[str]:
    dial = play.last(Dial)
    assert isinstance(dial, Dial)
    assert dial.offer is not None
    return [each.encoding for each in speech_payloads(dial.offer.media[0])]


def test_a_notice_cuts_the_offer_to_codecs_in_which_it_can_be_played() -> None:
    """G.729 would leave us nothing to say the notice in."""
    assert codecs_offered(Playbook(a_call()).dialled()) == ["PCMU", "PCMA"]


def test_without_a_notice_every_codec_crosses() -> None:
    """Nothing is decoded on the way."""
    assert codecs_offered(Playbook(a_call(PLAIN)).dialled()) == ["G729", "PCMU", "PCMA"]


def test_a_caller_with_nothing_that_can_be_played_is_told_so() -> None:
    """488 is the answer to an offer, and the callee is never called; a Warning says why."""
    play = Playbook(a_call(offer=sdp(18))).when(Began()).when(HopsFound((HOP,))).then("Refuse 488")

    assert play.last(Refuse) == Refuse(488, headers=(NO_FORMAT_OF_NOTICE,))
    assert play.call.recording.unrecorded is Reason.MEDIA


@pytest.mark.parametrize("order", ["answer-first", "early"])
def test_a_caller_to_whom_no_notice_can_be_played_before_the_call_is_told_so(order: str) -> None:
    """Whoever would have been called is never asked."""
    play = Playbook(a_call(planned(order=order), sdp(18))).when(Began()).then("Refuse 488")

    assert play.last(Refuse) == Refuse(488, headers=(NO_FORMAT_OF_NOTICE,))
    assert play.call.recording.unrecorded is Reason.MEDIA


def test_a_caller_who_offers_no_sound_is_told_so() -> None:
    """A codec more would not help him."""
    play = Playbook(a_call(offer=AS_VIDEO)).when(Began()).when(HopsFound((HOP,)))

    assert play.last(Refuse) == Refuse(488, headers=(NO_AUDIO,))


def test_an_offerless_invite_with_a_notice_is_dialled_with_an_offer_of_ours() -> None:
    """Else the two would agree on what no notice can be played in."""
    play = Playbook(a_call(offer=None)).dialled()

    assert codecs_offered(play) == ["PCMU", "PCMA"]


def test_an_offerless_invite_without_a_notice_stays_offerless() -> None:
    """The callee offers, the caller's ACK answers, and so does ours."""
    (
        Playbook(a_call(PLAIN, offer=None))
        .when(Began())
        .when(HopsFound((HOP,)))
        .then("Dial 192.0.2.30 offerless")
        .when(Answered(B_DIALOG, OFFER))
        .then("Accept")
        .when(Acknowledged(CALLER, sdp(0, 101)))
        .then("Acknowledge callee")
    )


@pytest.mark.parametrize("status", [408, 430, 480, 500, 503, 599])
def test_the_next_target_is_tried_where_it_may_answer_otherwise(status: int) -> None:
    """A server that is down says nothing of the callee."""
    (
        Playbook(a_call(TWO_TARGETS))
        .dialled()
        .when(Refused(status))
        .then("FindHops other")
        .when(HopsFound((SECOND,)))
        .then("Dial 192.0.2.31")
    )


def test_every_place_of_a_target_is_tried_before_the_next_target() -> None:
    """RFC 3263 section 4.3."""
    (
        Playbook(a_call(TWO_TARGETS))
        .when(Began())
        .when(HopsFound((HOP, SECOND)))
        .then("Dial 192.0.2.30")
        .when(Refused(503))
        .then("Dial 192.0.2.31")
        .when(Refused(503))
        .then("FindHops other")
    )


@pytest.mark.parametrize("status", [403, 404, 484, 486, 487, 600, 603])
def test_what_is_final_is_passed_as_it_is(status: int) -> None:
    """Who is busy is busy at the other server too."""
    Playbook(a_call(TWO_TARGETS)).dialled().when(Refused(status, b"So")).then(f"Refuse {status}")


def test_the_caller_hears_what_the_last_target_said() -> None:
    """Also where the last of them could not even be found."""
    (
        Playbook(a_call(TWO_TARGETS))
        .dialled()
        .when(Refused(503))
        .then("FindHops other")
        .when(HopsFound(()))
        .then("Refuse 500")
    )


def test_a_redirection_is_followed_and_not_for_ever() -> None:
    """RFC 3261 section 8.1.3.4."""
    play = Playbook(a_call()).dialled()
    for _ in range(5):
        play.when(Refused(302, leads=LED)).then("FindHops pbx")
        play.when(HopsFound((SECOND,))).then("Dial 192.0.2.31")

    play.when(Refused(302, leads=LED)).then("Refuse 480")


def test_a_redirection_that_leads_nowhere_is_followed_by_the_next_target() -> None:
    """One of its contacts after the other, then who is behind."""
    leads = (Redirection(b"sip:201@nowhere.example", PBX[0]), *LED)
    (
        Playbook(a_call(TWO_TARGETS))
        .dialled()
        .when(Refused(302, leads=leads))
        .then("FindHops pbx")
        .when(HopsFound(()))
        .then("FindHops pbx")
        .when(HopsFound((SECOND,)))
        .when(Refused(503))
        .then("FindHops other")
    )


def test_a_redirection_to_another_target_goes_on_as_that_one() -> None:
    """Its account, its place, its SRTP; it is not called a second time behind that."""
    secure = msgspec.structs.replace(TWO[1], srtp="require", address="192.0.2.8")
    (
        Playbook(a_call(TWO_TARGETS))
        .dialled()
        .when(Refused(302, leads=(Redirection(b"sip:300@192.0.2.31", secure),)))
        .then("FindHops other")
        .when(HopsFound((SECOND,)))
        .when(Refused(480))
        .then("Refuse 480")
    )


def test_a_redirection_that_may_not_be_followed_is_a_refusal_like_others() -> None:
    """The next target is tried; the caller learns nothing of where it led."""
    play = Playbook(a_call(TWO_TARGETS)).dialled()
    play.when(Refused(302, b"Moved", contacts=(b"sip:1@evil.example",))).then("FindHops other")
    play.when(HopsFound(())).then("Refuse 480")


def test_a_second_fork_that_answers_is_let_go() -> None:
    """RFC 3261 section 13.2.2.4: ACK and BYE."""
    play = Playbook(a_call()).answered().when(Answered(FORKED, ANSWER)).then("DropFork")

    assert play.call.callee.dialog == B_DIALOG


def test_the_answer_of_the_fork_that_won_counts() -> None:
    """Not of the one that rang first."""
    early = sdp(0, 101, host="192.0.2.40", port=6000)
    play = (
        Playbook(a_call())
        .dialled()
        .when(Progressed(b"fork", 183, early))
        .then("Progress 183 sdp")
        .when(Answered(B_DIALOG, ANSWER))
        .then("Accept")
    )

    assert play.call.callee.theirs == ANSWER


def test_a_caller_who_cancels_cancels_the_callee() -> None:
    """And a callee who answers all the same is hung up on."""
    play = (
        Playbook(a_call())
        .dialled()
        .when(Progressed(b"callee", 180))
        .when(Cancelled())
        .then("GiveUp")
        .when(Answered(B_DIALOG, ANSWER))
        .then("HangUp callee")
    )

    assert play.call.is_over


def test_a_cancelled_callee_who_refuses_ends_it() -> None:
    """The usual 487."""
    play = Playbook(a_call()).dialled().when(Cancelled()).when(Refused(487)).then()

    assert play.call.is_over


def test_a_caller_who_cancels_while_the_callee_is_looked_for_calls_nobody() -> None:
    """What is found later is not dialled."""
    play = Playbook(a_call()).when(Began()).when(Cancelled()).then()

    play.when(HopsFound((HOP,))).then()
    assert play.call.is_over


def test_ringing_too_long_is_cancelled_and_the_next_target_is_tried() -> None:
    """The route's own time, not the callee's patience."""
    (
        Playbook(a_call(TWO_TARGETS))
        .dialled()
        .when(Progressed(b"callee", 180))
        .when(RangTooLong())
        .then("GiveUp", "FindHops other")
        .when(HopsFound((SECOND,)))
        .then("Dial 192.0.2.31")
        .when(RangTooLong())
        .then("GiveUp", "Refuse 480")
    )


def test_what_comes_of_a_callee_who_is_gone_changes_nothing() -> None:
    """Repetitions and late words are heard and not obeyed."""
    play = Playbook(a_call()).answered().when(HungUp(CALLER))
    before = play.call

    play.when(Refused(486)).then().when(Progressed(b"callee", 180)).then()
    play.when(HopsFound((HOP,))).then().when(RangTooLong()).then()
    assert play.call == before
    assert play.call.callee_stage is CalleeStage.GONE
