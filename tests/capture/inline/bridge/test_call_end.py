"""How a call ends, from whichever stage."""

import pytest

from archive.call.refusal_reasons import Reason
from capture.inline.state.call_commands import HangUp
from capture.inline.state.call_events import (
    Answered,
    Began,
    HungUp,
    KeyPressed,
    NotRelayed,
    Progressed,
    RecordingFailed,
    Refused,
)
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    CALLEE,
    CALLER,
    PLAIN,
    Playbook,
    a_call,
    planned,
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


def test_a_call_that_no_relay_carries_is_left_to_another_node_before_it_is_answered() -> None:
    """503 is ours: who is before us tries elsewhere. Said twice, it is done once."""
    play = Playbook(a_call(PLAIN)).dialled().when(Progressed(b"callee", 180))

    play.when(NotRelayed()).then("Refuse 503", "GiveUp")
    assert play.call.recording.unrecorded == Reason.NOT_RELAYED
    play.when(NotRelayed()).then()
    play.when(Refused(487)).then()
    assert play.call.is_over


def test_a_call_that_no_relay_carries_any_more_is_over_for_both() -> None:
    """Neither is left in silence."""
    Playbook(a_call()).answered().when(NotRelayed()).then("HangUp caller", "HangUp callee")


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


@pytest.mark.parametrize("ends", [True, False], ids=["end", "connect"])
def test_a_recording_that_fails_ends_the_call_only_where_the_route_says_so(ends: bool) -> None:
    """It carries a conversation: that is worth more than its recording, unless somebody says no."""
    play = Playbook(a_call(planned(must_record=ends))).joined().when(RecordingFailed())

    play.then(*(["HangUp caller", "HangUp callee"] if ends else []))
    assert play.call.is_over is ends


def test_who_must_not_be_recorded_is_not_missed() -> None:
    """He has refused; nothing that fails then concerns him."""
    play = Playbook(a_call(planned(must_record=True, refusal_key="9"))).answered()
    play.when(KeyPressed(CALLER, "9")).when(RecordingFailed()).then()
