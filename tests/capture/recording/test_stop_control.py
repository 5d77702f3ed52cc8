"""A recording that is ended by hand while its session goes on."""

import pytest

from archive.call.events import RecordingStopped
from archive.call.live import Why
from capture.recording.outputs import Deafen
from capture.recording.pause_control import ControlRefused
from capture.recording.stop_control import stop, stopped
from tests.capture.siprec.stage import HELD, MIXED, OFFER, SDP, Stage, described, talking


def stopped_by_hand(stage: Stage) -> Stage:
    recording = stage.recording.recording
    said = stopped("tanaka", "asked to", stage.now)
    return stage._did(stop(stage.node, stage.session, recording, said))


def test_the_recording_ends_and_the_session_answers_on(stage: Stage) -> None:
    """What still comes for the call is heard by nobody."""
    talking(stage)
    stopped_by_hand(stage).then("Record", "Deafen 2", "Close")
    said = [event for event in stage.events() if isinstance(event, RecordingStopped)]

    assert [(each.by, each.reason) for each in said] == [("tanaka", "asked to")]
    assert stage.ends() == ["stopped"]
    assert stage.records()[-1].streams == ()
    assert stage.records()[-1].stopped_us == said[0].at_us
    assert any(isinstance(each, Deafen) for each in stage.outputs)
    stage.inside(b"OPTIONS", 2).then("200 OPTIONS")


@pytest.mark.parametrize("offer", [OFFER, HELD])
def test_nothing_of_the_call_is_recorded_afterwards(stage: Stage, offer: bytes) -> None:
    """A refresh, a hold, metadata that comes again: no recording begins."""
    stopped_by_hand(talking(stage)).closed()
    stage.inside(b"INVITE", 2, SDP, body=offer).inside(b"ACK", 2)
    stage.inside(b"INVITE", 3, MIXED, body=described()).inside(b"ACK", 3)

    assert stage.session.recordings == ()
    assert {each.recording for each in stage.session.streams} == {b""}
    stage.inside(b"BYE", 4)
    assert list(stage.server.sessions) == []


def test_what_is_over_cannot_be_stopped(stage: Stage) -> None:
    """Twice is once."""
    session = stopped_by_hand(talking(stage)).session
    with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
        stop(stage.node, session, stage.recording.recording, stopped("", "", stage.now))
