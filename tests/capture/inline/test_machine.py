"""A call from its INVITE to its end, as a play.

What each stretch does in detail is in the tests of the modules beside.
"""

import pytest

from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Began,
    HopsFound,
    HungUp,
    Progressed,
    Reanswered,
)
from capture.inline.state.stages import CalleeStage, CallerStage
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    CALLEE,
    CALLER,
    HOP,
    PLAIN,
    Playbook,
    a_call,
    planned,
    sdp,
)


# fmt: off
def test_dial_first_the_notice_comes_between_the_answer_and_the_talk() -> None:
    """The callee has answered and hears ringback while the caller is told."""
    play = (
        Playbook(a_call())
        .when(Began()).then("FindHops pbx")
        .when(HopsFound((HOP,))).then("Dial 192.0.2.30")
        .when(Progressed(b"callee", 180)).then("Progress 180")
        .when(Answered(B_DIALOG, ANSWER)).then("Accept")
        .when(Acknowledged(CALLER)).then()
    )

    assert (play.hears(CALLER), play.hears(CALLEE)) == ("n.pcmu", "r.pcmu")
    assert not play.call.is_joined
    play.noticed()
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("", "")
    assert play.call.is_joined
    assert play.call.recording.gate_us == play.now_us
    play.when(HungUp(CALLER)).then("HangUp callee")
    assert play.call.is_over


def test_answer_first_the_callee_is_called_when_the_caller_has_been_told() -> None:
    """And is offered the one codec that the caller was answered with."""
    plan = planned(order="answer-first")
    play = (
        Playbook(a_call(plan))
        .when(Began()).then("Accept")
        .when(Acknowledged(CALLER)).then()
        .noticed().then("FindHops pbx")
        .when(HopsFound((HOP,))).then("Dial 192.0.2.30")
        .when(Progressed(b"callee", 180)).then()
    )

    assert play.hears(CALLER) == "r.pcmu"
    play.when(Answered(B_DIALOG, ANSWER)).then()
    assert play.call.is_joined
    assert play.hears(CALLER) == ""


def test_early_the_notice_is_early_media_and_the_answer_comes_with_the_callees() -> None:
    """Nobody is charged for hearing that he is recorded."""
    plan = planned(order="early")
    play = Playbook(a_call(plan)).when(Began()).then("Progress 183 sdp")

    assert play.hears(CALLER) == "n.pcmu"
    (
        play
        .noticed().then("FindHops pbx")
        .when(HopsFound((HOP,))).then("Dial 192.0.2.30")
        .when(Progressed(b"callee", 180)).then("Progress 180")
        .when(Answered(B_DIALOG, ANSWER)).then("Accept")
    )
    assert play.call.is_joined


def test_a_callee_who_took_another_codec_than_the_answered_caller_has_him_asked_again() -> None:
    """No transcoding: the caller is re-invited with what the callee wants."""
    plan = planned(order="answer-first", codecs=("PCMU", "PCMA"))
    other = sdp(8, 101, host="192.0.2.30", port=5000)
    (
        Playbook(a_call(plan))
        .when(Began()).when(Acknowledged(CALLER)).noticed()
        .when(HopsFound((HOP,)))
        .when(Answered(B_DIALOG, other)).then("INVITE caller")
        .when(Reanswered(CALLER, 200, sdp(8, 101, version=2))).then()
    )


def test_without_a_notice_both_talk_at_once_and_are_kept_from_then_on() -> None:
    """The gate opens with the answer."""
    play = Playbook(a_call(PLAIN)).dialled().when(Answered(B_DIALOG, ANSWER)).then("Accept")

    assert play.call.is_joined
    assert play.call.recording.gate_us == play.now_us
# fmt: on


@pytest.mark.parametrize("order", ["answer-first", "early"])
def test_a_notice_that_nobody_prepared_does_not_keep_the_callee_from_being_called(
    order: str,
) -> None:
    """Where the route connects without a notice, the call goes on."""
    plan = planned(order=order, prompts=("nowhere",), codecs=())
    play = Playbook(a_call(plan)).when(Began()).when(Acknowledged(CALLER))

    assert play.call.callee_stage is CalleeStage.FINDING
    assert play.call.caller_stage is not CallerStage.GONE
    assert play.call.recording.missing
