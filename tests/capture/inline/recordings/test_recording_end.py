"""A recording ends when its relay has let go."""

import dataclasses

import pytest

from archive.call.events import CallEnded, EndReason, Flagged, NoticePlayed, RecordingBegan
from archive.call.notices import notices_in, outcome_of
from archive.call.refusal_reasons import Fate, Reason, fate_of
from capture.inline.routing.modes import Mode
from capture.inline.routing.route import NoticeWhen
from capture.inline.state.call_events import HungUp
from capture.links.recorder_messages import Close, Closed
from capture.links.relay_messages import LetGo, Side
from capture.recording.outputs import ToRelay, ToWorker
from tests.capture.inline.stage import ANSWER, PBX, ROUTE, Stage, said, sdp


@pytest.mark.parametrize("who", ["caller", "callee"])
def test_a_call_that_ends_during_the_notice_keeps_how_far_it_came(stage: Stage, who: str) -> None:
    """The relay alone knows: it is told at once, and the recording ends when it has said so."""
    stage.answered()
    if who == "caller":
        stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")
    else:
        stage.b_inside(b"BYE", 1).then("b: 200 BYE", "a: BYE")
    assert stage.relay_gone()
    assert stage.closes() == []
    stage.cut_off()
    (notice,) = stage.events(NoticePlayed)

    assert (notice.outcome, notice.packets) == ("cut_short", 100)
    assert len(stage.closes()) == 1
    assert isinstance(stage.events()[-1], CallEnded)
    assert stage.events(RecordingBegan) == []


def test_a_relay_that_says_nothing_holds_no_recording_open(stage: Stage) -> None:
    """It was killed: what it sent is not known, and its successor does not know the call."""
    stage.answered().a_inside(b"BYE", 2)
    hung_up_us = stage.now.us
    (worker,) = {each.worker for each in stage.outputs if isinstance(each, ToRelay)}
    assert stage.inline.relay_calls(worker) == []
    stage.until(stage.now_s + 1)
    assert stage.closes() == []
    stage.until(stage.now_s + 2)

    assert len(stage.closes()) == 1
    assert stage.events(NoticePlayed) == []
    assert stage.events(CallEnded)[0].at_us == hung_up_us
    assert [each.flag for each in stage.events(Flagged)] == ["notice_missing"]
    assert stage.inline.tick(stage.now) == []


@pytest.mark.parametrize(("reason", "flags"), [("node_stopped", []), ("node_failed", ["no_bye"])])
def test_a_node_that_stops_waits_for_no_evidence(
    stage: Stage, reason: EndReason, flags: list[str]
) -> None:
    """There may be no relay any more. Where the node has failed, the recording says so."""
    stage.answered()
    (bridged,) = stage.inline.calls
    assert bridged.call.caller.dialog is not None
    stage._did(stage.inline.end(bridged.call.caller.dialog, reason, stage.now))

    assert len(stage.closes()) == 1
    assert [each.flag for each in stage.events(Flagged) if each.flag == "no_bye"] == flags


def test_what_one_party_was_told_proves_nothing_of_a_notice_that_nobody_speaks_of(
    stage: Stage,
) -> None:
    """The callee is told, and the relay is killed: the call is not one with a whole notice."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, notice_to="both"),), reloaded=stage.reloaded)
    stage.answered().played(side=Side.CALLEE).a_inside(b"BYE", 2)
    stage.until(stage.now_s + 3)
    events = stage.events()

    assert [each.to for each in stage.events(NoticePlayed)] == ["callee"]
    flags = [each.flag for each in stage.events(Flagged)]
    assert outcome_of(notices_in(events), flags) == "failed"


def test_ports_come_back_when_the_worker_has_closed(stage: Stage) -> None:
    """Not before: its last packets are being sealed."""
    stage.talking().a_inside(b"BYE", 2)
    (recording,) = [close.recording for close in stage.closes()]

    assert len(stage.node.sessions) == 1
    stage.recording.closed(Closed(recording=recording), stage.now)
    assert len(stage.node.sessions) == 0
    assert "Deafen 2" in [said(each) for each in stage.log]


def test_a_call_ended_when_both_hung_up_however_late_the_relay_lets_go(stage: Stage) -> None:
    """What comes to closed sockets meanwhile is not missing from the call."""
    stage.talking()
    bridged = next(iter(stage.inline.calls))
    hung_up = stage.now
    stage.inline.driver.step(bridged, HungUp(Side.CALLEE), hung_up)
    stage.until(stage.now_s + 1)
    stage._did(stage.inline.relay_said(LetGo(call=bridged.key), stage.now))

    assert stage.now.us > hung_up.us
    assert [ended.at_us for ended in stage.events(CallEnded)] == [hung_up.us]
    assert [close.at_us for close in stage.closes()] == [hung_up.us]


def test_a_recording_ends_when_the_relay_has_let_go_of_the_call(stage: Stage) -> None:
    """What lay in its sockets lands before that; the worker keeps nothing behind the end."""
    stage.talking()
    bridged = next(iter(stage.inline.calls))
    outputs = stage.inline.driver.step(bridged, HungUp(Side.CALLEE), stage.now)
    assert any(isinstance(each, ToRelay) for each in outputs)
    told = [each.command for each in outputs if isinstance(each, ToWorker)]
    assert not any(isinstance(each, Close) for each in told)

    stage._did(stage.inline.relay_said(LetGo(call=bridged.key), stage.now))
    assert len(stage.closes()) == 1


@pytest.fixture
def unrecorded() -> Stage:
    """A route of which nothing is recorded."""
    return Stage(routes=(dataclasses.replace(ROUTE, record=Mode.NO),))


def test_a_call_that_was_connected_unrecorded_is_told_of_as_of_its_begin(
    unrecorded: Stage,
) -> None:
    """The row is written when the call is over; who looks for it knows when it began."""
    began_us = unrecorded.now.us
    unrecorded.talking().until(unrecorded.now_s + 60).a_inside(b"BYE", 2)
    (row,) = unrecorded.ledger.unlogged

    assert fate_of(row.status) is Fate.CONNECTED_UNRECORDED
    assert row.reason == Reason.NOT_RECORDED
    assert (row.began_us, row.at_us) == (began_us, unrecorded.now.us)


def test_a_call_whose_parties_never_talked_was_not_connected(unrecorded: Stage) -> None:
    """Both had answered; the callee hung up while the caller still heard what is played to it."""
    unrecorded.answered().b_inside(b"BYE", 1)
    (row,) = unrecorded.ledger.unlogged

    assert fate_of(row.status) is Fate.REFUSED
    assert (row.status, row.reason, row.began_us) == (0, Reason.NOT_CONNECTED, 0)


@pytest.mark.parametrize("order", ["dial-first", "answer-first", "early"])
def test_a_call_that_is_refused_for_want_of_a_codec_says_of_which_and_where(
    stage: Stage, order: NoticeWhen
) -> None:
    """The 488 has a Warning, which nobody sees who looks a week later; so at the other door."""
    route = dataclasses.replace(ROUTE, notice_when=order)
    only_g729 = sdp("192.0.2.1", 4000, formats="18")
    scene = Stage(routes=(route,), reloaded=stage.reloaded).calls(body=only_g729)
    (row,) = scene.ledger.unlogged

    assert (row.status, row.reason) == (488, Reason.MEDIA)
    assert row.detail == 'support; 305 rokuon "no codec in which the notice can be played"'
    where = (row.clause, row.header, row.excerpt)
    assert where == ("RFC 3264 §6", "SDP", "m=audio 4000 RTP/AVP 18")


@pytest.mark.parametrize(("status", "why"), [(486, Reason.BUSY), (480, Reason.UNANSWERED)])
def test_who_was_busy_was_not_passed_over_for_not_being_recorded(
    stage: Stage, status: int, why: Reason
) -> None:
    """Nobody talked: that he must not be recorded has cost nobody a recording."""
    unrecorded = dataclasses.replace(PBX, name="other", record=Mode.NEVER)
    route = dataclasses.replace(ROUTE, to=("pbx", "other"))
    scene = Stage(routes=(route,), targets=(PBX, unrecorded), reloaded=stage.reloaded)
    scene.calls().b(503).b(180).b(status)
    (row,) = scene.ledger.unlogged

    assert (row.status, row.reason) == (status, why)


def deserted(stage: Stage, *answers: int) -> tuple[Stage, int]:
    """The caller was told and hung up; who was called has said this and nothing else. And when."""
    route = dataclasses.replace(ROUTE, notice_when="answer-first")
    stage = Stage(routes=(route,), reloaded=stage.reloaded)
    stage.calls().a_inside(b"ACK", 1).played()
    for status in answers:
        stage.b(status)
    stage.until(stage.now_s + 10)
    return stage.a_inside(b"BYE", 2), stage.now.us


def test_a_target_that_says_nothing_lengthens_no_recording(stage: Stage) -> None:
    """Its INVITE waits for half a minute; who called has hung up long before."""
    stage, gone_us = deserted(stage)
    assert stage.relay_gone()
    (worker,) = {each.worker for each in stage.log if isinstance(each, ToRelay)}
    assert stage.inline.relay_calls(worker) == []
    assert stage.closes() == []
    for _ in range(40):
        stage.until(stage.now_s + 1)

    assert len(stage.closes()) == 1
    (end,) = stage.events(CallEnded)
    assert end.at_us == gone_us
    assert len(stage.inline.calls) == 0


def test_a_target_that_rings_is_cancelled_and_its_last_word_ends_what_is_left(
    stage: Stage,
) -> None:
    """The recording is as long as the caller was there, whenever that word comes."""
    stage, gone_us = deserted(stage, 180)
    stage.then("a: 200 BYE", "b: CANCEL")
    stage.until(stage.now_s + 5)
    invite = next(m for m in stage.to_b() if m.method == b"INVITE")
    stage.b_answers(invite, 487)
    stage.until(stage.now_s + 1)

    assert [each.at_us for each in stage.events(CallEnded)] == [gone_us]
    assert len(stage.closes()) == 1


def test_a_relay_that_lets_go_before_the_last_word_is_not_waited_for_after_it(
    stage: Stage,
) -> None:
    """Until now for two seconds more, in which the ports of the call were nobody's."""
    stage, gone_us = deserted(stage, 180)
    stage.relay_says(LetGo(call=stage.relay_call().call))
    assert stage.closes() == []
    invite = next(m for m in stage.to_b() if m.method == b"INVITE")
    stage.b_answers(invite, 487)

    assert [each.at_us for each in stage.events(CallEnded)] == [gone_us]
    assert len(stage.closes()) == 1


def test_an_answer_that_crosses_the_hang_up_is_taken_and_ended(stage: Stage) -> None:
    """ACK and BYE; nobody hears anything of it, and the relay is told of nothing any more."""
    stage, gone_us = deserted(stage, 180)
    orders = len([each for each in stage.log if isinstance(each, ToRelay)])
    invite = next(m for m in stage.to_b() if m.method == b"INVITE")
    stage.b_answers(invite, 200, body=ANSWER).then("b: ACK", "b: BYE")
    stage.until(stage.now_s + 3)

    assert len([each for each in stage.log if isinstance(each, ToRelay)]) == orders
    assert [each.at_us for each in stage.events(CallEnded)] == [gone_us]
