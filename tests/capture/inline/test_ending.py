"""How a call ends, from whichever stage."""

from capture.inline.commands import HangUp
from capture.inline.events import Answered, Began, HungUp, Progressed, Refused
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    CALLEE,
    CALLER,
    PLAIN,
    Playbook,
    a_call,
)


def test_a_bye_is_passed_with_its_reason() -> None:
    """RFC 3326: what one side says of the end, the other hears."""
    play = Playbook(a_call()).joined().when(HungUp(CALLEE, b"Q.850;cause=16"))

    play.then("HangUp caller")
    assert play.last(HangUp) == HangUp(CALLER, b"Q.850;cause=16")
    assert play.call.is_over


def test_we_may_end_it_ourselves_and_tell_both() -> None:
    """Silence, the longest length, an operator's stop."""
    (
        Playbook(a_call())
        .joined()
        .when(HungUp(CALLER, still_there=True))
        .then("HangUp caller", "HangUp callee")
    )


def test_a_callee_who_answers_after_the_caller_was_hung_up_on_is_let_go() -> None:
    """His INVITE was under way; he is not left ringing into nothing."""
    play = Playbook(a_call(PLAIN)).dialled().when(Progressed(b"callee", 180))

    play.when(HungUp(CALLER, still_there=True)).then("Refuse 480", "GiveUp")
    assert not play.call.is_over
    play.when(Answered(B_DIALOG, ANSWER)).then("HangUp callee")
    assert play.call.is_over


def test_a_call_that_is_over_stays_over() -> None:
    """Whatever comes late."""
    play = Playbook(a_call()).when(Began()).when(HungUp(CALLER, still_there=True))

    assert play.call.is_over
    play.when(HungUp(CALLEE)).then().when(Refused(486)).then()
    assert play.call.is_over


def test_a_callee_who_hangs_up_before_the_caller_is_acknowledged_ends_it_too() -> None:
    """The 200 is out; BYE follows it."""
    play = Playbook(a_call()).dialled().when(Answered(B_DIALOG, ANSWER))

    play.when(HungUp(CALLEE)).then("HangUp caller")
    assert play.call.is_over
