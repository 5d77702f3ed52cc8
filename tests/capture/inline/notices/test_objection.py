"""A party says by a key that it does not want to be recorded."""

import dataclasses

import pytest

from archive.call.events import Flagged, RecordingBegan, RecordingRefused
from capture.inline.notices.notice import REFUSAL_WAIT_US
from capture.inline.recordings.relay_calls import relay_call
from capture.inline.routing.modes import Mode
from capture.inline.state.call_events import Answered, HopsFound, KeyPressed
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Keyed, Side
from tests.capture.inline.playbook import (
    C_ANSWER,
    C_DIALOG,
    C_HOP,
    CALLEE,
    CALLER,
    Playbook,
    a_call,
    of_c,
    planned,
    refers,
)
from tests.capture.inline.stage import ROUTE, Stage

PLAN = planned(refusal_key="9")


def test_a_no_during_the_notice_joins_them_at_once_and_keeps_nothing() -> None:
    """Nobody has to hear out what he has understood."""
    play = Playbook(a_call(PLAN)).answered().when(KeyPressed(CALLER, "9"))

    assert play.call.is_joined
    assert play.call.recording.unrecorded == "refused"
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("", "")


def test_there_is_time_to_say_no_behind_the_last_word_and_nothing_of_it_is_kept() -> None:
    """The gate opens when that time is over; both talk meanwhile."""
    play = Playbook(a_call(PLAN)).joined()
    ended_us = play.now_us

    assert play.call.is_joined
    assert play.call.recording.gate_us == ended_us + REFUSAL_WAIT_US
    play.when(KeyPressed(CALLER, "9"), ended_us + REFUSAL_WAIT_US - 1)
    assert play.call.recording.unrecorded == "refused"


@pytest.mark.parametrize(
    ("side", "digit"), [(CALLER, "1"), (CALLEE, "9")], ids=["another key", "who was not told"]
)
def test_other_keys_and_other_parties_say_nothing(side: Side, digit: str) -> None:
    """They are the callee's menu's business."""
    play = Playbook(a_call(PLAN)).answered().when(KeyPressed(side, digit))

    assert play.call.recording.unrecorded == ""
    assert play.call.caller.notice is NoticeStage.PLAYING


def test_a_key_that_comes_too_late_says_nothing() -> None:
    """What is kept by then stays."""
    play = Playbook(a_call(PLAN)).joined()
    play.when(KeyPressed(CALLER, "9"), play.call.recording.gate_us)

    assert play.call.recording.unrecorded == ""


def test_who_joins_later_may_say_no_while_he_hears_the_notice() -> None:
    """Nothing of him is kept before it is through; what the others said before stays."""
    plan = planned(refusal_key="9", sides=(CALLER, CALLEE))
    play = Playbook(a_call(plan)).answered()
    play.noticed(CALLEE).noticed(CALLER)
    play.when(KeyPressed(CALLEE, "1"), play.call.recording.gate_us + 1)
    play.when(refers(CALLEE)).when(of_c(HopsFound((C_HOP,)))).when(
        of_c(Answered(C_DIALOG, C_ANSWER))
    )
    assert relay_call(play.call, is_landed=True).ends[CALLEE].is_hushed

    play.when(KeyPressed(CALLEE, "9"), play.now_us + 1)
    assert play.call.recording.unrecorded == "refused"
    assert play.call.is_joined


def test_who_has_refused_has_not_been_told_of_any_other_recording() -> None:
    """He comes into a call that is recorded: its notice is for him, too."""
    play = Playbook(a_call(planned(refusal_key="9"))).answered().noticed(CALLER)
    play.when(KeyPressed(CALLER, "9"), play.call.recording.gate_us - 1)

    assert play.call.caller.notice is NoticeStage.WITHDRAWN


def test_who_joins_a_call_of_which_nothing_is_kept_is_told_nothing() -> None:
    """It would not be true; nor is he hung up on where it cannot be played."""
    plan = planned(refusal_key="9", sides=(CALLER, CALLEE), failure="block")
    play = Playbook(a_call(plan)).answered()
    play.when(KeyPressed(CALLER, "9"), play.now_us + 1)
    play.when(refers(CALLEE)).when(of_c(HopsFound((C_HOP,)))).when(
        of_c(Answered(C_DIALOG, C_ANSWER))
    )

    assert play.call.is_joined
    assert play.call.callee.plays is None


def test_who_may_refuse_is_not_recorded_from_the_notice_on() -> None:
    """What was sealed cannot be taken back; where nobody can refuse, the route has its way."""
    plans = []
    for key, mode in (("9", Mode.YES), ("9", Mode.FORCE), ("", Mode.YES)):
        route = dataclasses.replace(ROUTE, refusal_key=key, record=mode, record_from="with-notice")
        (bridged,) = Stage(routes=(route,)).answered().inline.calls
        plans.append(bridged.call.plan.notice.is_recorded)

    assert plans == [False, True, True]


def test_without_a_key_in_the_route_no_key_says_no() -> None:
    """And the relay opens the gate itself."""
    play = Playbook(a_call()).answered()
    plays = play.call.caller.plays

    assert plays is not None
    assert plays.opens
    play.when(KeyPressed(CALLER, ""))
    assert play.call.recording.unrecorded == ""


def test_the_no_is_sealed_with_who_said_it(stage: Stage) -> None:
    """The recording holds the notice and the refusal, and no party."""
    route = dataclasses.replace(ROUTE, refusal_key="9")
    refusing = Stage(reloaded=stage.reloaded, routes=(route,)).answered()
    call = refusing.relay_call().call
    keyed = Keyed(call=call, side=Side.CALLER, digit="9", at_us=refusing.now.us)
    refusing._did(refusing.inline.relay_said(keyed, refusing.now))
    (refused,) = refusing.events(RecordingRefused)

    assert (refused.by, refused.digit) == ("caller", "9")
    assert [each.flag for each in refusing.events(Flagged)] == ["refused"]
    assert refusing.events(RecordingBegan) == []
    assert refusing.relay_call().gate_us == 0
    assert not refusing.relay_call().is_landed
    assert refusing.relay_call().is_joined


def test_a_no_ends_the_notice_of_everybody() -> None:
    """What it says is not true any more."""
    play = Playbook(a_call(planned(refusal_key="9", sides=(CALLER, CALLEE)))).answered()
    assert play.hears(CALLEE) != ""
    play.when(KeyPressed(CALLER, "9"))

    assert play.call.is_joined
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("", "")


def test_what_must_be_recorded_cannot_be_refused() -> None:
    """`force` holds for the whole call."""
    route = dataclasses.replace(ROUTE, refusal_key="9", record=Mode.FORCE)
    stage = Stage(routes=(route,)).answered()
    (bridged,) = stage.inline.calls

    assert bridged.call.plan.notice.refusal_key == ""
