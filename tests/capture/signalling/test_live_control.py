"""Wishes about live recordings, through whichever door they came in."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as replace_
from structlog.testing import capture_logs

from archive.call.live import Participant, Question, Why, Wish
from capture.inline.routing.modes import Mode
from capture.recording.pause_control import ControlRefused
from capture.signalling.live_control import Control
from tests.capture.inline.stage import ROUTE, Stage

ON_DEMAND = replace(ROUTE, on_demand=True)


def control_of(stage: Stage) -> tuple[Control, str]:
    (session,) = stage.node.sessions
    return Control(stage.node, stage.dispatch), session.recordings[0].recording.hex()


def wish(stage: Stage, kind: Wish, **more: object) -> Stage:
    control, recording = control_of(stage)
    question = Question(recording=recording, wish=kind, by="tanaka", reason="card", **more)  # type: ignore[arg-type]  # fields
    return stage._did(control.obey(question, stage.now))


def test_a_recording_is_paused_resumed_told_of_and_stopped_by_its_id() -> None:
    """Each reaches the worker before anybody is answered."""
    stage = Stage(routes=(ON_DEMAND,)).talking()
    wish(stage, Wish.PAUSE)
    assert stage.records()[-1].pauses[-1].is_over is False
    wish(stage, Wish.RESUME)
    assert stage.records()[-1].pauses[-1].is_over is True
    wish(stage, Wish.TELL, who=Participant(side="agent", agent="a17"))
    wish(stage, Wish.STOP)

    assert [close.reason for close in stage.closes()] == ["stopped"]


def test_a_call_without_a_recording_gets_one_by_the_id_that_it_will_have() -> None:
    """It can be named before it is there, by its own tenant alone; nothing else can be done."""
    stage = Stage(routes=(replace(ON_DEMAND, record=Mode.NO, notice=()),)).answered()
    control = Control(stage.node, stage.dispatch)
    (session,) = stage.node.sessions
    question = Question(recording=session.key.hex(), wish=Wish.START, by="tanaka", reason="card")
    for wrong in (replace_(question, wish=Wish.PAUSE), replace_(question, tenant="cd" * 16)):
        with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
            control.obey(wrong, stage.now)
    stage._did(control.obey(question, stage.now))

    assert stage.records()[-1].recording == session.key
    wish(stage, Wish.STOP)
    with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
        control.obey(question, stage.now)


def test_a_recording_session_is_recorded_from_its_begin() -> None:
    """There is nothing to begin."""
    stage = Stage().talking()
    with pytest.raises(ControlRefused, match=Why.ALREADY_RECORDED):
        wish(stage, Wish.START)


@pytest.mark.parametrize("recording", ["", "zz", "ab" * 16])
def test_what_is_not_live_is_told_so(recording: str) -> None:
    """Also what is no id."""
    stage = Stage().talking()
    control, _ = control_of(stage)
    with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
        control.obey(Question(recording=recording, wish=Wish.PAUSE), stage.now)


def test_another_tenants_call_is_none() -> None:
    """Nobody learns that it is there."""
    stage = Stage().talking()
    with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
        wish(stage, Wish.PAUSE, tenant="cd" * 16)


def test_a_recording_that_has_ended_is_controlled_no_more() -> None:
    """Its worker still seals it."""
    stage = wish(Stage(routes=(ON_DEMAND,)).talking(), Wish.STOP)
    with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
        wish(stage, Wish.PAUSE)


def test_a_pause_that_nobody_ends_is_ended_with_an_alarm() -> None:
    """Once; the log names the recording."""
    stage = wish(Stage(routes=(replace(ROUTE, pause_max_s=10),)).talking(), Wish.PAUSE)
    control, recording = control_of(stage)
    stage.until(stage.now_s + 11)
    with capture_logs() as logs:
        stage._did(control.end_late(stage.now))
        stage._did(control.end_late(stage.now))

    assert [(each["log_level"], each["recordings"]) for each in logs] == [("error", [recording])]
    assert stage.records()[-1].pauses[-1].is_over
