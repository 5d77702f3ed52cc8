"""Recording begun by hand: through the doors, by keys, and what reaches relay and worker."""

from dataclasses import replace

import pytest

from archive.call.events import (
    Flagged,
    NoticePlayed,
    RecordingBegan,
    RecordingStarted,
    RecordingStopped,
    StreamAdded,
)
from archive.call.live import Question, Why
from capture.admission.capacity import Full
from capture.inline.notices.recording_start import LEAD_US
from capture.inline.recordings.recording_control import asked_by_header
from capture.inline.routing.modes import Mode
from capture.links.relay_messages import Keyed, Outcome, Side
from capture.recording.pause_control import ControlRefused
from capture.recording.session import WHOLE_RECORDING
from capture.sip.events import RequestReceived
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Request
from capture.sip.parser import split_message
from capture.status.status_socket import live_calls
from tests.capture.inline.stage import ANSWER, OFFER, PBX, ROUTE, TRUNK, Stage, from_caller, said
from tests.support.inline.controlling import start

PLAIN = replace(ROUTE, record=Mode.NO, on_demand=True, notice=(), start_code="*5")
AT_START = replace(PLAIN, notice=("notice",), notice_when="at-start")
BEFORE = replace(PLAIN, notice=("notice",))


def talking(route: object = PLAIN) -> Stage:
    """Both talk, and nobody was told of a recording."""
    stage = Stage(routes=(route,))  # type: ignore[arg-type]  # a route
    return stage.answered()


def keys(stage: Stage, digits: str, side: Side = Side.CALLEE) -> None:
    (bridged,) = stage.inline.calls
    for digit in digits:
        told = Keyed(call=bridged.key, side=side, digit=digit, at_us=stage.now.us)
        stage._did(stage.inline.relay_said(told, stage.now))


def rows(stage: Stage, recording: str = "") -> list[tuple[str, bool]]:
    found = live_calls(
        [*stage.node.sessions],
        lambda _key: frozenset(),
        Question(recording=recording),
        stage.inline.view,
    )
    return [(each.recording, each.is_recorded) for each in found.calls]


def test_nothing_of_a_call_lands_before_somebody_has_it_recorded() -> None:
    """No stream, no ring, no file: there is nothing that could be kept."""
    stage = talking()

    assert stage.relay_call().is_joined
    assert not stage.relay_call().is_landed
    assert stage.records() == []


def test_it_lands_and_is_kept_from_the_moment_of_the_wish() -> None:
    """What the relay still holds of before arrived before the gate."""
    stage = talking()
    stage.now_s += 7
    start(stage)

    assert stage.relay_call().is_landed
    gate_us = stage.now.us + LEAD_US
    assert stage.relay_call().gate_us == gate_us
    stage.until(stage.now_s + 1)
    assert [each.at_us for each in stage.events(RecordingBegan)] == [gate_us]
    assert [(e.by, e.reason) for e in stage.events(RecordingStarted)] == [("tanaka", "a complaint")]
    assert len(stage.events(StreamAdded)) == 2


def test_the_notice_is_played_before_where_the_route_says_so() -> None:
    """The recording begins with it, as its evidence; what is said, behind it."""
    stage = start(talking(AT_START))
    (caller, callee) = stage.relay_call().ends
    assert caller.playing is not None
    assert (caller.playing.opens, callee.playing) == (True, None)
    assert (stage.relay_call().gate_us, stage.relay_call().is_joined) == (0, True)
    assert stage.events(RecordingBegan) == []

    stage.played()
    assert [each.outcome for each in stage.events(NoticePlayed)] == ["complete"]
    assert stage.relay_call().gate_us == stage.events(RecordingBegan)[0].at_us > 0


def test_a_notice_that_was_played_before_is_told_by_a_recording_that_begins_later() -> None:
    """Without a lane: what was sent then was not kept."""
    stage = talking(BEFORE).played()
    assert stage.records() == []
    start(stage)

    (told,) = stage.events(NoticePlayed)
    assert (told.stream, told.outcome) == (WHOLE_RECORDING, "complete")


def test_a_recording_whose_notice_was_missed_before_says_so() -> None:
    """Whoever judges the recording must know."""
    stage = talking(replace(BEFORE, without_notice="connect-and-flag"))
    start(stage.played(Outcome.FAILED))

    assert [each.flag for each in stage.events(Flagged)] == ["notice_missing"]


def test_a_prompt_that_is_lacking_refuses_no_call_that_may_go_on_unrecorded() -> None:
    """`block` is about the recording there."""
    stage = Stage(routes=(AT_START,))
    stage.switch = replace(stage.switch, stock=replace(stage.switch.stock, files={}))
    stage.exchange.switch = stage.switch
    start(stage.answered())

    assert stage.records() == []
    assert not stage.relay_call().is_landed


def test_the_agents_code_begins_it_and_a_customers_does_not() -> None:
    """The agent decides, by the keys of the route."""
    stage = talking()
    keys(stage, "*5", Side.CALLER)
    assert stage.records() == []
    keys(stage, "*5")

    assert [each.reason for each in stage.events(RecordingStarted)] == ["keys"]
    assert stage.relay_call().is_landed
    keys(stage, "*5")
    assert len(stage.events(RecordingStarted)) == 1


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (replace(ROUTE, record=Mode.NO), Why.FORBIDDEN),
        (replace(ROUTE, record=Mode.NEVER, on_demand=True), Why.FORBIDDEN),
        (replace(ROUTE, on_demand=True), Why.ALREADY_RECORDED),
    ],
    ids=["not on demand", "never", "recorded from its begin"],
)
def test_what_the_route_does_not_have_on_demand_is_refused_by_name(route: object, why: Why) -> None:
    """The call is as it was."""
    stage = Stage(routes=(route,)).talking()  # type: ignore[arg-type]  # a route
    with pytest.raises(ControlRefused, match=why):
        start(stage)


def test_nothing_is_begun_twice_or_before_both_talk_or_during_a_transfer() -> None:
    """Each refusal has its own name, or none: such a call is not shown."""
    with pytest.raises(ControlRefused, match=Why.ALREADY_RECORDED):
        start(start(talking()))
    with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
        start(Stage(routes=(PLAIN,)).ringing())
    stage = talking()
    stage.b_inside(b"REFER", 2, (b"Refer-To", b"<sip:202@192.0.2.30>"))
    with pytest.raises(ControlRefused, match=Why.NOT_NOW):
        start(stage)


def test_a_spool_that_is_full_takes_no_recording_more() -> None:
    """The call goes on; the wish may come again."""
    stage = talking().full(Full.SPOOL_BYTES)
    with pytest.raises(ControlRefused, match=Why.NO_ROOM):
        start(stage)
    start(stage.full(None))

    assert stage.relay_call().is_landed


def test_what_was_begun_by_hand_may_be_stopped_and_is_not_begun_again() -> None:
    """The id is that of one recording."""
    stage = start(talking())
    (session,) = stage.node.sessions
    told = RecordingStopped(at_us=stage.now.us, by="tanaka")
    stage._did(stage.dispatch.stop(session, session.recordings[0].recording, told, stage.now))
    assert not stage.relay_call().is_landed

    with pytest.raises(ControlRefused, match=Why.NOT_LIVE):
        start(stage)


def test_a_call_that_may_be_recorded_is_shown_under_the_id_that_its_peers_know() -> None:
    """An agent's program has the id from the 200 or the INVITE, and finds it in the list."""
    stage = talking()
    ((recording, is_recorded),) = rows(stage)
    assert not is_recorded
    invite = stage.request_to_b()
    assert isinstance(invite, Request)
    assert invite.value(b"x-rokuon-recording") == recording.encode()
    assert rows(stage, "ab" * 16) == []

    start(stage)
    assert rows(stage) == [(recording, True)]
    assert stage.records()[-1].recording.hex() == recording


def test_a_call_that_is_never_begun_leaves_a_row_and_no_recording() -> None:
    """ "Was it recorded, and if not, why?" has an answer."""
    stage = talking()
    stage.a_inside(b"BYE", 2)

    assert "Close" not in map(said, stage.log)
    assert stage.rows() == [(200, "not recorded")]


def paused(stage: Stage) -> list[str]:
    """Who has paused it, as long as it lasts."""
    (session,) = stage.node.sessions
    return [each.pause.by for each in session.live if each.pause is not None]


@pytest.mark.parametrize("method", [b"INFO", b"INVITE", b"UPDATE"])
@pytest.mark.parametrize("side", ["a", "b"])
def test_a_party_pauses_by_header_where_its_source_or_target_lets_it(
    side: str, method: bytes
) -> None:
    """Said twice changes nothing; an INFO that says nothing else is for nobody else."""
    stage = Stage(
        source=replace(TRUNK, pause_by_header=side == "a"),
        targets=(replace(PBX, pause_by_header=side == "b"),),
    ).talking()
    says = stage.a_inside if side == "a" else stage.b_inside
    sdp = {"a": OFFER, "b": ANSWER}[side] if method != b"INFO" else b""
    by = {"a": "source trunk", "b": "target pbx"}[side]
    seen = []
    for cseq, wish in enumerate((b"on", b"ON", b"off", b"maybe"), 2):
        says(method, cseq, (b"X-Rokuon-Pause", wish), body=sdp)
        seen.append(paused(stage))
        if method == b"INFO":
            stage.then(f"{side}: 200 INFO")

    assert seen == [[by], [by], [], []]


@pytest.mark.parametrize("side", ["a", "b"])
def test_who_may_not_pauses_nothing_by_a_header(side: str) -> None:
    """It is the other one's right, and off by default."""
    stage = Stage(
        source=replace(TRUNK, pause_by_header=side == "b"),
        targets=(replace(PBX, pause_by_header=side == "a"),),
    ).talking()
    (stage.a_inside if side == "a" else stage.b_inside)(b"INFO", 2, (b"X-Rokuon-Pause", b"on"))

    assert paused(stage) == []


def test_what_an_info_says_beside_its_wish_crosses_without_the_wish() -> None:
    """The body is for the other side."""
    stage = Stage(source=replace(TRUNK, pause_by_header=True)).talking()
    header = (b"X-Rokuon-Pause", b"on")
    stage.a_inside(b"INFO", 2, header, body=b"aside", kind=b"text/plain")

    stage.then("b: INFO")
    assert stage.request_to_b(b"INFO").value(b"x-rokuon-pause") is None
    assert paused(stage) == ["source trunk"]


def test_who_has_no_seat_in_the_call_pauses_nothing() -> None:
    """Somebody who is on his way to a place, or has left it, is not in it."""
    stage = Stage(source=replace(TRUNK, pause_by_header=True)).talking()
    (bridged,) = stage.inline.calls
    request = split_message(from_caller(b"INFO", (b"X-Rokuon-Pause", b"on"), to_tag=b"t"))
    assert isinstance(request, Request)
    key = TransactionKey(call_id=b"x", branch=b"z9hG4bKx", method=b"INFO")
    other = DialogId(call_id=b"x", local_tag=b"y", remote_tag=b"z")
    for dialog in (other, bridged.call.caller.dialog):
        assert dialog is not None
        event = RequestReceived(key=key, dialog=dialog, request=request)
        asked_by_header(stage.exchange, bridged, Side.CALLER, event, stage.now)
        assert paused(stage) == ([] if dialog is other else ["source trunk"])
