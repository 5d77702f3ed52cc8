"""Pauses as signalling has them: asked for, told by the worker, ended by hand or by the limit."""

from dataclasses import replace
from typing import Final

import msgspec
import pytest

from archive.call.events import RecordingPaused, RecordingResumed
from archive.call.live import Why
from capture.links.recorder_messages import PauseBegan, PauseEnded, PauseWanted
from capture.recording import session as sessions
from capture.recording.pause_control import MAX_PAUSES, ControlRefused, overran, pause, resume, told
from tests.capture.siprec.stage import CLIENT, OFFER, SDP, START_US, Stage, talking

BY: Final = "tanaka"
AT_US: Final = START_US + 5_000_000


def paused(stage: Stage) -> Stage:
    """A call whose recording is paused, as far as we know."""
    return stage._did(pause(stage.node, stage.session, BY, "card", stage.now))


def began(stage: Stage, at_us: int = AT_US, serial: int = 0) -> Stage:
    answer = PauseBegan(recording=stage.recording.recording, serial=serial, at_us=at_us)
    return stage._did(told(stage.node, answer))


def resumed(stage: Stage) -> Stage:
    return stage._did(resume(stage.node, stage.session, BY, stage.now))


def ended(stage: Stage, at_us: int = AT_US + 9, serial: int = 0) -> Stage:
    answer = PauseEnded(recording=stage.recording.recording, serial=serial, at_us=at_us)
    return stage._did(told(stage.node, answer))


def of_pauses(stage: Stage) -> list[RecordingPaused | RecordingResumed]:
    kinds = RecordingPaused | RecordingResumed
    return [event for event in stage.events() if isinstance(event, kinds)]


def why(stage: Stage) -> Why:
    with pytest.raises(ControlRefused) as refused:
        paused(stage)
    return refused.value.why


def test_the_worker_is_asked_at_once_and_his_moments_are_the_events(stage: Stage) -> None:
    """Exact times: what he has sealed by then arrived before."""
    paused(talking(stage)).then("Record")
    assert stage.records()[-1].pauses == (PauseWanted(serial=0),)
    assert of_pauses(stage) == []
    began(stage).then("Record")
    resumed(stage).then("Record")
    assert stage.records()[-1].pauses == (PauseWanted(serial=0, from_us=AT_US, is_over=True),)
    ended(stage)

    assert of_pauses(stage) == [
        RecordingPaused(at_us=AT_US, serial=0, by=BY, reason="card"),
        RecordingResumed(at_us=AT_US + 9, serial=0, by=BY, because="asked"),
    ]
    whole = PauseWanted(serial=0, from_us=AT_US, until_us=AT_US + 9, is_over=True)
    assert stage.records()[-1].pauses == (whole,)


def test_what_is_told_again_is_no_news(stage: Stage) -> None:
    """Both sides say everything again after either was replaced."""
    began(paused(talking(stage)))
    began(stage, AT_US + 1).then()
    ended(resumed(stage))
    ended(stage, AT_US + 10).then()

    assert len(of_pauses(stage)) == 2


def test_what_no_pause_is_meant_by_is_heard_by_nobody(stage: Stage) -> None:
    """A worker may know of a call that is over here."""
    began(paused(talking(stage)))
    ended(stage).then()
    began(stage, serial=7).then()
    unknown = PauseBegan(recording=b"?" * 16, serial=0, at_us=1)
    stage._did(told(stage.node, unknown)).then()


def test_a_pause_within_a_pause_is_refused_and_so_is_the_end_of_none(stage: Stage) -> None:
    """With the reason by name."""
    talking(stage)
    with pytest.raises(ControlRefused, match=Why.NOT_PAUSED):
        resumed(stage)
    paused(stage)
    assert why(stage) is Why.ALREADY_PAUSED
    resumed(stage)
    paused(stage)
    assert [each.serial for each in stage.recording.pauses] == [0, 1]


def test_pauses_are_not_kept_without_bound(stage: Stage) -> None:
    """Each is told to the worker at every change."""
    talking(stage)
    for _ in range(MAX_PAUSES):
        resumed(paused(stage))
    assert why(stage) is Why.TOO_MANY_PAUSES


def test_a_session_that_is_full_is_paused_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card number does not wait for room."""
    talking(stage)
    monkeypatch.setattr(sessions, "MAX_EVENTS", 1)
    ended(resumed(began(paused(stage))))

    assert len(of_pauses(stage)) == 2


def test_a_pause_that_nobody_ends_is_over_after_its_longest_time() -> None:
    """With a flag that whoever listens will see; counted from when it began."""
    stage = talking(Stage(source=replace(CLIENT, pause_max_s=60)))
    began(paused(stage))
    stage.until(64.9)
    assert overran(stage.node, stage.now) == []
    stage.until(65.0)
    (late,) = overran(stage.node, stage.now)
    stage._did(resume(stage.node, late, "", stage.now, "limit"))
    ended(stage, stage.now.us)

    assert overran(stage.node, stage.now) == []
    assert stage.flags() == ["pause_overran"]
    assert isinstance(last := of_pauses(stage)[-1], RecordingResumed)
    assert last.because == "limit"


@pytest.mark.parametrize("is_told", [True, False])
def test_a_call_that_ends_in_a_pause_ends_it(stage: Stage, is_told: bool) -> None:
    """Where no moment was told, the pause is said to begin when it was asked for."""
    paused(talking(stage))
    if is_told:
        began(stage, START_US)
    stage.inside(b"BYE", 2)
    first, last = of_pauses(stage)

    assert first.at_us == START_US
    assert isinstance(last, RecordingResumed)
    assert last.because == "call_ended"
    began(stage, AT_US).then()


def test_a_call_that_begins_in_a_paused_session_is_paused_from_its_begin() -> None:
    """A card number is read out while the agent asks a colleague."""
    stage = began(paused(talking(Stage())))
    fresh = sessions.SessionRecording(recording=b"f" * 16, created_us=AT_US + 5)
    begun = sessions.begun(stage.session, fresh).recording(b"f" * 16)

    assert begun.pause is not None
    assert (begun.pause.serial, begun.pause.began_us) == (0, AT_US + 5)


@pytest.mark.parametrize("method", [b"INFO", b"INVITE", b"UPDATE"])
def test_a_client_may_pause_by_its_header_where_its_source_lets_it(method: bytes) -> None:
    """On and off; said twice changes nothing, and without the setting nothing at all."""
    stage = talking(Stage(source=replace(CLIENT, pause_by_header=True)))
    body = () if method == b"INFO" else (SDP,)
    wishes = [b"on", b"ON", b"off", b"off", b"maybe"]
    seen: list[bool] = []
    for cseq, wish in enumerate(wishes, 2):
        sdp = b"" if method == b"INFO" else OFFER
        stage.inside(method, cseq, (b"X-Rokuon-Pause", wish), *body, body=sdp)
        if method == b"INVITE":
            stage.inside(b"ACK", cseq)
        seen.append(stage.recording.pause is not None)

    assert seen == [True, True, False, False, False]
    assert stage.recording.pauses[0].by == "source pbx"
    other = talking(Stage()).inside(b"INFO", 2, (b"X-Rokuon-Pause", b"on"))
    assert other.recording.pauses == ()


def test_a_pause_round_trips_with_its_session(stage: Stage) -> None:
    """A signalling that is replaced in a pause ends it all the same."""
    began(paused(talking(stage)))
    again = msgspec.msgpack.decode(
        msgspec.msgpack.encode(stage.session), type=sessions.RecordingSession
    )

    assert again == stage.session
    assert [each.key for each in stage.node.sessions.paused] == [stage.session.key]
