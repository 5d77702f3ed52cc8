"""What recording, relay and ledger are told as a call goes on."""

import dataclasses
from collections.abc import Callable

import pytest

from archive.call.events import (
    PartiesJoined,
    PartiesParted,
    RecordingBegan,
    RecordingPaused,
    RecordingStopped,
    SipMessage,
)
from capture.inline.routing.route import WithoutNotice
from capture.links.recorder_messages import Record
from capture.links.relay_messages import Keyed, LetGo, Outcome, Played, Side
from capture.recording import session as sessions
from capture.recording.outputs import ToRelay, ToWorker
from tests.capture.inline.stage import ROUTE, Stage


def test_nothing_is_recorded_of_a_call_that_nobody_answers(stage: Stage) -> None:
    """It has a row instead."""
    stage.ringing().b(486)

    assert stage.records() == []
    assert stage.rows() == [(486, "busy")]


def test_the_worker_hears_of_the_recording_before_anything_is_played(stage: Stage) -> None:
    """What lands in the ring has somewhere to go."""
    stage.answered()
    order = [type(each.command) for each in stage.outputs if isinstance(each, ToWorker | ToRelay)]

    assert order[0] is Record


def test_what_was_said_in_both_dialogs_is_in_the_recording(stage: Stage) -> None:
    """One ladder with both sides."""
    stage.talking()
    stage._did(stage.recording.settle_ladders())
    remotes = {each.remote for each in stage.events(SipMessage)}

    assert remotes >= {"192.0.2.1:5060", "192.0.2.30:5060"}


def test_the_gate_is_told_once(stage: Stage) -> None:
    """With the moment that the relay named."""
    stage.talking()
    stage.a_inside(b"OPTIONS", 2)

    assert len(stage.events(RecordingBegan)) == 1


def test_a_recording_begins_when_nobody_can_refuse_any_more_and_not_before(stage: Stage) -> None:
    """Who says no in the five seconds behind the notice leaves no begin behind the end."""
    route = dataclasses.replace(ROUTE, refusal_key="9")
    kept, refused = (Stage(reloaded=stage.reloaded, routes=(route,)).talking() for _ in "ab")
    (bridged,) = refused.inline.calls
    gate_us = bridged.call.recording.gate_us
    for each in (kept, refused):
        each.until(each.now_s + 4)
    keyed = Keyed(call=bridged.key, side=Side.CALLER, digit="9", at_us=refused.now.us)
    refused._did(refused.inline.relay_said(keyed, refused.now))
    for each in (kept, refused):
        each.until(each.now_s + 4)

    assert refused.events(RecordingBegan) == []
    assert [each.reason for each in refused.events(RecordingPaused)] == ["refused"]
    assert [each.at_us for each in kept.events(RecordingBegan)] == [gate_us]


def test_it_is_told_since_when_both_hear_each_other_and_when_no_longer(stage: Stage) -> None:
    """Who is silent before has been asked nothing: it rings, or the notice plays."""
    stage.answered()
    assert stage.events(PartiesJoined) == []
    stage.played()
    (joined,) = stage.events(PartiesJoined)
    assert (joined.at_us, stage.events(PartiesParted)) == (stage.now.us, [])

    stage.a_inside(b"OPTIONS", 2)
    assert len(stage.events(PartiesJoined)) == 1


def test_a_recording_that_is_full_never_ends_the_call(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call is the caller's, the recording ours."""
    stage.answered()
    monkeypatch.setattr(sessions, "MAX_EVENTS", 1)
    stage.played()

    assert stage.relay_call().is_joined
    monkeypatch.undo()
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")


WITH_NOTICE = dataclasses.replace(ROUTE, record_from="with-notice", on_demand=True)


def _hangs_up(stage: Stage) -> None:
    stage.a_inside(b"BYE", 2)


def _stops(stage: Stage) -> None:
    said = RecordingStopped(at_us=stage.now.us, by="tanaka", reason="")
    stage._did(stage.inline.stop(stage.relay_call().call, said, stage.now))


def _goes_on(_: Stage) -> None:
    """The relay was replaced, and its successor does not find the prompt."""


@pytest.mark.parametrize("happens", [_hangs_up, _stops, _goes_on])
@pytest.mark.parametrize("policy", ["connect-unrecorded", "block", "connect-and-flag"])
def test_what_is_kept_from_the_notice_on_has_a_begin_whatever_cuts_it_short(
    stage: Stage, happens: Callable[[Stage], None], policy: WithoutNotice
) -> None:
    """The gate has been open since its first packet; nobody had told us of that before."""
    route = dataclasses.replace(WITH_NOTICE, without_notice=policy)
    stage = Stage(reloaded=stage.reloaded, routes=(route,)).answered()
    playing = stage.relay_call().ends[Side.CALLER].playing
    assert playing is not None
    call, opened_us = stage.relay_call().call, stage.now.us
    stage.now_s += 1
    happens(stage)
    word = Played(
        call=call, side=Side.CALLER, serial=playing.serial, outcome=Outcome.CUT_SHORT,
        from_us=opened_us, until_us=stage.now.us, packets=50, sent_ms=1_000, whole_ms=2_000,
        first_sequence=1, gate_us=opened_us,
    )  # fmt: skip
    stage._did(stage.inline.relay_said(word, stage.now))
    stage._did(stage.inline.relay_said(LetGo(call=call), stage.now))

    assert [each.at_us for each in stage.events(RecordingBegan)] == [opened_us]


@pytest.mark.parametrize("policy", ["connect-unrecorded", "block", "connect-and-flag"])
def test_that_a_notice_could_not_be_played_is_kept_although_no_packet_comes(
    stage: Stage, policy: WithoutNotice
) -> None:
    """The ledger would say that nobody spoke, and `calls find --notice failed` find nothing."""
    route = dataclasses.replace(ROUTE, without_notice=policy)
    stage = Stage(reloaded=stage.reloaded, routes=(route,)).answered().played(Outcome.FAILED)
    if stage.inline.calls.get(stage.relay_call().call) is not None:
        stage.a_inside(b"BYE", 2)
        stage.relay_says(LetGo(call=stage.relay_call().call))

    assert stage.closes()
    assert stage.records()[-1].is_evidence


def test_a_notice_of_which_no_relay_says_anything_is_kept_too(stage: Stage) -> None:
    """How far it came is not known: that is what is said of it."""
    stage.answered().a_inside(b"BYE", 2)
    assert not stage.records()[-1].is_evidence
    stage.until(stage.now_s + 3)

    assert stage.closes()
    assert stage.records()[-1].is_evidence


def test_a_call_that_nobody_was_to_be_told_of_is_no_evidence(stage: Stage) -> None:
    """Where nobody speaks either it is a row of the ledger."""
    route = dataclasses.replace(ROUTE, notice=())
    stage = Stage(reloaded=stage.reloaded, routes=(route,)).answered().a_inside(b"BYE", 2)
    stage.relay_says(LetGo(call=stage.relay_call().call))

    assert stage.closes()
    assert not any(each.is_evidence for each in stage.records())
