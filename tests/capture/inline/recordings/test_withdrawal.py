"""A recording that is refused during its notice waits for the evidence of that."""

import dataclasses
from typing import Any

import pytest

from archive.call.events import CallEnded, NoticePlayed, RecordingRefused, RecordingStopped
from capture.links.relay_messages import Keyed, LetGo, Outcome, Played, Side
from capture.recording.pause_control import ControlRefused
from tests.capture.inline.stage import ROUTE, Stage
from tests.support.inline.withdrawing import tells, word

ROUTED = dataclasses.replace(ROUTE, refusal_key="9")


def refused(stage: Stage, **said: Any) -> tuple[Stage, Played]:
    """The caller says no while he hears the notice; the word that the relay owes us."""
    route = dataclasses.replace(ROUTED, **said)
    scene = Stage(reloaded=stage.reloaded, routes=(route,)).answered()
    call = scene.relay_call()
    playing = call.ends[Side.CALLER].playing
    assert playing is not None
    scene.now_s += 1
    keyed = Keyed(call=call.call, side=Side.CALLER, digit="9", at_us=scene.now.us)
    scene._did(scene.inline.relay_said(keyed, scene.now))
    return scene, word(scene, playing.serial, Side.CALLER)


def test_how_far_the_notice_came_is_in_the_recording_and_then_it_ends(stage: Stage) -> None:
    """Both talk at once, and of that nothing lands."""
    scene, told = refused(stage)
    refused_us = scene.now.us
    assert scene.relay_call().is_joined
    assert not scene.relay_call().is_landed
    assert scene.closes() == []
    tells(scene, told)
    (notice,) = scene.events(NoticePlayed)

    assert (notice.to, notice.outcome, notice.sent_ms) == ("caller", "cut_short", 1_000)
    assert len(scene.events(RecordingRefused)) == 1
    assert [(each.reason, each.at_us) for each in scene.events(CallEnded)] == [
        ("refused", refused_us)
    ]
    assert isinstance(scene.events()[-1], CallEnded)
    assert len(scene.closes()) == 1
    assert not scene.relay_call().is_landed


def test_a_relay_that_says_nothing_holds_no_refused_recording_open(stage: Stage) -> None:
    """It was killed with what it had sent."""
    scene, _ = refused(stage)
    scene.until(scene.now_s + 1.9)
    assert scene.closes() == []
    scene.until(scene.now_s + 0.2)

    assert len(scene.closes()) == 1
    assert scene.events(NoticePlayed) == []


def test_of_two_notices_both_are_waited_for(stage: Stage) -> None:
    """A refusal cuts both short; the callee's began first."""
    scene, told = refused(stage, notice_to="both")
    tells(scene, told)
    assert scene.closes() == []
    tells(scene, word(scene, told.serial - 1, Side.CALLEE))

    assert {each.to for each in scene.events(NoticePlayed)} == {"caller", "callee"}
    assert len(scene.closes()) == 1


def test_a_notice_that_the_other_ones_failure_ends_is_told_as_far_as_it_came() -> None:
    """Nothing is kept without both; what was said to one of them is evidence all the same."""
    route = dataclasses.replace(ROUTE, notice_to="both", without_notice="connect-unrecorded")
    scene = Stage(routes=(route,)).answered()
    callees = scene.relay_call().ends[Side.CALLEE].playing
    assert callees is not None
    scene.played(Outcome.FAILED)
    assert scene.closes() == []
    tells(scene, word(scene, callees.serial, Side.CALLEE))

    told = [(each.to, each.outcome) for each in scene.events(NoticePlayed)]
    assert told == [("caller", "failed"), ("callee", "cut_short")]
    assert len(scene.closes()) == 1


def test_who_hangs_up_at_once_leaves_a_recording_that_was_refused(stage: Stage) -> None:
    """The relay says both at the end: how far the notice came, and that it has let go."""
    scene, told = refused(stage)
    refused_us = scene.now.us
    scene.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")
    assert scene.closes() == []
    tells(scene, told)
    scene._did(scene.inline.relay_said(LetGo(call=told.call), scene.now))

    assert [each.outcome for each in scene.events(NoticePlayed)] == ["cut_short"]
    assert [(each.reason, each.at_us) for each in scene.events(CallEnded)] == [
        ("refused", refused_us)
    ]
    assert len(scene.inline.calls) == 0


def test_what_was_refused_cannot_be_stopped_besides() -> None:
    """It is over but for one word."""
    scene, told = refused(Stage())
    said = RecordingStopped(at_us=scene.now.us, by="tanaka", reason="")
    with pytest.raises(ControlRefused):
        scene.inline.stop(told.call, said, scene.now)
