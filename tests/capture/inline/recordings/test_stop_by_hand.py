"""Recording of an inline call ended by hand."""

from dataclasses import replace

import pytest

from archive.call.events import CallEnded, NoticePlayed, RecordingStopped
from archive.call.live import Why
from capture.inline.routing.modes import Mode
from capture.links.recorder_messages import Closed
from capture.links.relay_messages import LetGo, Side
from capture.recording.pause_control import ControlRefused
from capture.recording.stop_control import stopped
from tests.capture.inline.stage import ROUTE, Stage
from tests.support.inline.withdrawing import tells, word

ON_DEMAND = replace(ROUTE, on_demand=True)


def stop(stage: Stage) -> Stage:
    (session,) = stage.node.sessions
    said = stopped("tanaka", "asked to", stage.now)
    return stage._did(
        stage.dispatch.stop(session, session.recordings[0].recording, said, stage.now)
    )


def test_the_call_goes_on_without_its_recording() -> None:
    """Nothing lands any more; hanging up is as ever."""
    stage = stop(Stage(routes=(ON_DEMAND,)).talking())

    assert [each.reason for each in stage.events(CallEnded)] == ["stopped"]
    assert [each.by for each in stage.events(RecordingStopped)] == ["tanaka"]
    assert not stage.relay_call().is_landed
    assert stage.relay_call().is_joined
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")


@pytest.mark.parametrize(
    "route", [ROUTE, replace(ON_DEMAND, record=Mode.FORCE)], ids=["not on demand", "force"]
)
def test_what_the_route_does_not_let_anybody_stop_goes_on(route: object) -> None:
    """Refused by name; the call is as it was."""
    stage = Stage(routes=(route,)).talking()  # type: ignore[arg-type]  # a route
    with pytest.raises(ControlRefused, match=Why.FORBIDDEN):
        stop(stage)

    assert stage.relay_call().is_landed
    assert stage.closes() == []


def test_what_is_stopped_cannot_be_stopped_again() -> None:
    """There is no recording any more."""
    stage = stop(Stage(routes=(ON_DEMAND,)).talking())
    with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
        stop(stage)


@pytest.mark.parametrize("is_closed", [True, False])
def test_what_was_stopped_is_one_row_however_fast_its_worker_closes_it(is_closed: bool) -> None:
    """Its recording; the ledger says nothing of a call that has one."""
    stage = stop(Stage(routes=(ON_DEMAND,)).talking())
    (recording,) = [close.recording for close in stage.closes()]
    if is_closed:
        stage.recording.closed(Closed(recording=recording), stage.now)
    stage.a_inside(b"BYE", 2)
    stage.relay_says(LetGo(call=recording))

    assert len(stage.inline.calls) == 0
    assert stage.rows() == []


def test_what_is_stopped_during_the_notice_ends_with_how_far_that_came() -> None:
    """Nobody hears any more of a notice that would not be true; both talk at once."""
    stage = Stage(routes=(replace(ON_DEMAND, record=Mode.YES),)).answered()
    playing = stage.relay_call().ends[Side.CALLER].playing
    assert playing is not None
    stopped_us = stop(stage).now.us
    assert stage.relay_call().is_joined
    assert not stage.relay_call().is_landed
    assert stage.closes() == []
    tells(stage, word(stage, playing.serial, Side.CALLER))

    assert [each.outcome for each in stage.events(NoticePlayed)] == ["cut_short"]
    assert [each.by for each in stage.events(RecordingStopped)] == ["tanaka"]
    assert [(each.reason, each.at_us) for each in stage.events(CallEnded)] == [
        ("stopped", stopped_us)
    ]
