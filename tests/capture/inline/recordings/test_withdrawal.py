"""A recording that is refused goes on as a pause; one whose notice is withdrawn waits for its end.

Of both the relay has to say how far the notice came.
"""

import dataclasses
from typing import Any

import pytest

from archive.call.events import (
    CallEnded,
    Flagged,
    NoticePlayed,
    RecordingPaused,
    RecordingRefused,
    RecordingResumed,
    RecordingStopped,
)
from archive.call.live import Why
from capture.links.relay_messages import Keyed, LetGo, Outcome, Played, Side
from capture.recording import session as sessions
from capture.recording.pause_control import ControlRefused, overran, pause, resume
from capture.recording.session import RecordingSession
from tests.capture.inline.stage import ROUTE, Stage
from tests.support.inline.preferring import prefers
from tests.support.inline.withdrawing import tells, word

ROUTED = dataclasses.replace(ROUTE, refusal_key="9")


def session_of(scene: Stage) -> RecordingSession:
    (session,) = scene.node.sessions
    return session


def refused(stage: Stage, **said: Any) -> tuple[Stage, Played]:
    """The caller says no while he hears the notice; the word that the relay owes us."""
    route = dataclasses.replace(ROUTED, **said)
    scene = Stage(reloaded=stage.reloaded, routes=(route,)).answered()
    return scene, says_no(scene)


def says_no(scene: Stage) -> Played:
    call = scene.relay_call()
    playing = call.ends[Side.CALLER].playing
    assert playing is not None
    scene.now_s += 1
    keyed = Keyed(call=call.call, side=Side.CALLER, digit="9", at_us=scene.now.us)
    scene._did(scene.inline.relay_said(keyed, scene.now))
    return word(scene, playing.serial, Side.CALLER)


def test_how_far_the_notice_came_is_in_a_recording_that_is_silent_from_the_key_on(
    stage: Stage,
) -> None:
    """Both talk at once, and of that nothing lands; it ends as its call does."""
    scene, told = refused(stage)
    refused_us = scene.now.us
    assert scene.relay_call().is_joined
    assert not scene.relay_call().is_landed
    assert scene.closes() == []
    tells(scene, told)
    (notice,) = scene.events(NoticePlayed)

    assert (notice.to, notice.outcome, notice.sent_ms) == ("caller", "cut_short", 1_000)
    assert len(scene.events(RecordingRefused)) == 1
    assert not scene.relay_call().is_landed
    assert [(each.by, each.reason, each.at_us) for each in scene.events(RecordingPaused)] == [
        ("sip:+81300001234@192.0.2.1", "refused", refused_us)
    ]
    scene.now_s += 60
    ended_us = scene.now.us
    scene.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")
    scene._did(scene.inline.relay_said(LetGo(call=told.call), scene.now))

    assert [(each.reason, each.at_us) for each in scene.events(CallEnded)] == [("bye", ended_us)]
    (resumed,) = scene.events(RecordingResumed)
    assert (resumed.because, resumed.at_us) == ("call_ended", ended_us)
    assert len(scene.closes()) == 1


def test_a_worker_that_hears_late_of_a_no_leaves_out_what_arrived_since(stage: Stage) -> None:
    """The moment is that of the key, not one that he chooses; nothing ends it but the call."""
    scene, told = refused(stage)
    (silent,) = scene.records()[-1].pauses
    assert (silent.from_us, silent.until_us, silent.is_over) == (scene.now.us, 0, False)
    tells(scene, told).until(scene.now_s + 3_000)
    assert overran(scene.node, scene.now) == []

    assert [each.flag for each in scene.events(Flagged)] == ["refused"]
    assert not scene.records()[-1].pauses[-1].is_over


def test_a_pause_for_a_card_number_goes_over_into_that_of_a_no(stage: Stage) -> None:
    """Who has read it out, and refuses then, is not kept in between."""
    route = dataclasses.replace(ROUTED, record_preference="honour")
    scene = Stage(reloaded=stage.reloaded, routes=(route,)).talking()
    scene._did(pause(scene.node, session_of(scene), "kimura", "card", scene.now))
    scene.now_s += 9
    scene.a_inside(b"INVITE", 2, body=prefers("off"))
    asked, silent = scene.records()[-1].pauses

    assert asked.until_us == silent.from_us == scene.now.us
    assert [each.because for each in scene.events(RecordingResumed)] == ["refused"]
    assert [each.reason for each in scene.events(RecordingPaused)] == ["card", "refused"]


def test_nobody_has_it_go_on_again(stage: Stage) -> None:
    """Not by hand; a code and a header have the same door."""
    scene, _ = refused(stage)
    with pytest.raises(ControlRefused, match=Why.UNWANTED):
        resume(scene.node, session_of(scene), "tanaka", scene.now)


def test_a_session_that_is_full_is_silent_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that has changed too often has not taken away the right of who is in the call."""
    scene = Stage(reloaded=stage.reloaded, routes=(ROUTED,)).answered()
    monkeypatch.setattr(sessions, "MAX_EVENTS", 1)
    says_no(scene)

    assert [each.digit for each in scene.events(RecordingRefused)] == ["9"]
    assert [each.reason for each in scene.events(RecordingPaused)] == ["refused"]


def test_a_relay_that_says_nothing_of_a_notice_is_waited_for_no_longer_than_two_seconds() -> None:
    """It was killed with what it had sent: how far a notice came that somebody ended is lost."""
    scene, _ = refused(Stage())
    scene.until(scene.now_s + 1.9)
    assert [each.flag for each in scene.events(Flagged)] == ["refused"]
    scene.until(scene.now_s + 0.2)

    assert [each.flag for each in scene.events(Flagged)] == ["refused", "notice_missing"]
    assert scene.events(NoticePlayed) == []


def test_of_two_notices_both_are_waited_for(stage: Stage) -> None:
    """A refusal cuts both short; the callee's began first."""
    scene, told = refused(stage, notice_to="both")
    tells(scene, told)
    tells(scene, word(scene, told.serial - 1, Side.CALLEE))

    assert {each.to for each in scene.events(NoticePlayed)} == {"caller", "callee"}
    assert [each.flag for each in scene.events(Flagged)] == ["refused"]


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
    ended_us = scene.now.us
    scene.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")
    assert scene.closes() == []
    tells(scene, told)
    scene._did(scene.inline.relay_said(LetGo(call=told.call), scene.now))

    assert [each.outcome for each in scene.events(NoticePlayed)] == ["cut_short"]
    assert [(each.reason, each.at_us) for each in scene.events(CallEnded)] == [("bye", ended_us)]
    assert len(scene.inline.calls) == 0


def test_what_was_refused_cannot_be_stopped_besides() -> None:
    """Nothing of it is kept."""
    scene, told = refused(Stage())
    said = RecordingStopped(at_us=scene.now.us, by="tanaka", reason="")
    with pytest.raises(ControlRefused):
        scene.inline.stop(told.call, said, scene.now)
