"""Who is recording-aware is told of recording, and whenever it changes."""

import dataclasses

import msgspec
import pytest

from archive.call.events import RecordingStopped
from capture.inline.bridge.recording_indication import indication, is_aware_by
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Accept, AcceptTransferTarget, Offer
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    HopsFound,
    Reanswered,
    RecordingSeen,
    Reoffered,
)
from capture.inline.state.call_plan import Plan
from capture.links.relay_messages import Outcome
from capture.recording.pause_control import pause, resume
from capture.sdp.description import SessionDescription
from capture.sdp.record_attribute import Indication
from capture.sip.build import Header
from capture.sip.message import Request
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    C_ANSWER,
    C_DIALOG,
    C_HOP,
    CALLEE,
    CALLER,
    LATER,
    PLAIN,
    Playbook,
    a_call,
    of_c,
    planned,
    refers,
    sdp,
    takes,
)
from tests.capture.inline.stage import ANSWER as ANSWERS, OFFER, ROUTE, Stage
from tests.support.inline.indicating import said_in, word

AWARE: Header = (b"Supported", b"timer, record-aware")
PLAIN_ROUTE = dataclasses.replace(ROUTE, notice=())


def aware_call(plan: Plan = PLAIN) -> InlineCall:
    """A call whose caller wants to be told."""
    call = a_call(plan)
    return call.with_end(msgspec.structs.replace(call.caller, is_aware=True))


def offered(play: Playbook) -> Indication:
    """What the last offer says."""
    offer = play.last(Offer)
    assert isinstance(offer, Offer)
    return word(offer.description)


def knows(play: Playbook, version: int = 2) -> Playbook:
    """The caller answers that he knows."""
    return play.when(Reanswered(CALLER, 200, sdp(0, 101, version=version)))


def test_who_is_called_without_a_notice_knows_with_the_answer() -> None:
    """RFC 7866 section 7.1.2: nothing is said twice."""
    play = Playbook(aware_call()).joined()
    accepted = play.last(Accept)

    assert isinstance(accepted, Accept)
    assert word(accepted.description) is Indication.ON
    assert play.commands == []


def test_with_a_notice_nothing_is_recorded_until_it_is_through() -> None:
    """The answer says off, an UPDATE says on."""
    play = Playbook(aware_call(planned())).answered()
    accepted = play.last(Accept)

    assert isinstance(accepted, Accept)
    assert word(accepted.description) is Indication.OFF
    play.noticed().then("UPDATE caller")
    assert offered(play) is Indication.ON
    knows(play).then()
    assert word(play.call.caller.ours) is Indication.ON


def test_a_callee_says_it_in_its_answer_and_is_told_then() -> None:
    """Before that nobody knows that it wants to be."""
    play = Playbook(a_call(PLAIN)).dialled().when(Answered(B_DIALOG, ANSWER, is_aware=True))
    play.then("Accept")
    play.when(Acknowledged(CALLER)).then("UPDATE callee")

    assert offered(play) is Indication.ON


def test_who_is_not_aware_is_described_nothing_more() -> None:
    """Byte for byte as ever."""
    play = Playbook(a_call()).joined()
    play.when(RecordingSeen(is_paused=True)).then()

    assert word(play.call.caller.ours) is Indication.NONE
    assert word(play.call.callee.ours) is Indication.NONE


def test_a_pause_and_its_end_are_told() -> None:
    """Nothing of what is said meanwhile is kept, and the party may know."""
    play = Playbook(aware_call()).joined()
    play.when(RecordingSeen(is_paused=True)).then("UPDATE caller")
    assert offered(play) is Indication.PAUSED
    knows(play).when(RecordingSeen(is_paused=False)).then("UPDATE caller")
    assert offered(play) is Indication.ON


def test_one_is_told_after_the_other() -> None:
    """One change at a time."""
    play = Playbook(aware_call()).dialled().when(Answered(B_DIALOG, ANSWER, is_aware=True))
    play.when(Acknowledged(CALLER)).then("UPDATE callee")
    play.when(RecordingSeen(is_paused=True)).then()
    play.when(Reanswered(CALLEE, 200, sdp(0, 101, host="192.0.2.30", port=5000, version=2)))
    play.then("UPDATE caller")
    knows(play).then("UPDATE callee")

    assert offered(play) is Indication.PAUSED


def test_who_declines_is_not_asked_for_ever() -> None:
    """Of that word; the next one is said all the same."""
    play = Playbook(aware_call()).joined()
    play.when(RecordingSeen(is_paused=True)).when(Reanswered(CALLER, 488)).then()
    play.when(RecordingSeen(is_paused=True)).then()
    assert word(play.call.caller.ours) is Indication.ON
    play.call = play.call.with_recording(
        msgspec.structs.replace(play.call.recording, unrecorded="stopped by hand")
    )
    play.when(RecordingSeen(is_paused=False)).then("UPDATE caller")
    assert offered(play) is Indication.OFF


def test_a_crossing_change_of_his_goes_first_and_he_is_told_again() -> None:
    """RFC 3261 section 14.1."""
    play = Playbook(aware_call()).joined()
    play.when(RecordingSeen(is_paused=True)).when(Reanswered(CALLER, 491, wait_us=1_000_000)).then()
    play.when(RecordingSeen(is_paused=True), play.now_us + 500_000).then()
    play.when(RecordingSeen(is_paused=True), play.now_us + 600_000).then("UPDATE caller")


def test_a_dialog_that_is_gone_takes_the_call_with_it() -> None:
    """As with any change (RFC 3261 section 12.2.1.2)."""
    play = Playbook(aware_call()).joined()
    play.when(RecordingSeen(is_paused=True)).when(Reanswered(CALLER, 481))

    play.then("HangUp caller", "HangUp callee")


def test_his_own_change_meanwhile_is_asked_for_again_by_him() -> None:
    """491 from us."""
    play = Playbook(aware_call()).joined().when(RecordingSeen(is_paused=True))
    play.when(Reoffered(CALLER, LATER, b"INVITE", sdp(0, version=2, direction="sendonly")))

    play.then("Reply 491")


def test_a_change_of_his_is_answered_with_how_it_is() -> None:
    """No second description is needed."""
    play = Playbook(aware_call()).joined()
    play.when(Reoffered(CALLER, LATER, b"INVITE", sdp(0, 101, version=2, direction="sendonly")))
    play.when(RecordingSeen(is_paused=True)).then()
    held = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="recvonly")
    play.when(Reanswered(CALLEE, 200, held)).then("Reply 200 sdp")

    assert word(play.call.caller.ours) is Indication.PAUSED


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (planned(records=False), Outcome.COMPLETE),
        (planned(failure="connect-unrecorded"), Outcome.FAILED),
    ],
    ids=["never recorded", "notice failed"],
)
def test_who_is_not_recorded_is_never_told_that_he_is(plan: Plan, outcome: Outcome) -> None:
    """Off in the answer, and nothing after."""
    play = Playbook(aware_call(plan)).answered().notice_ends(outcome)

    assert play.call.is_joined
    assert word(play.call.caller.ours) is Indication.OFF
    assert play.commands == []


def test_what_the_far_side_says_of_its_own_recorder_is_passed_on() -> None:
    """RFC 7866 section 7.1.2: how many record is not said, only that somebody does."""
    play = Playbook(aware_call(planned(records=False, prompts=()))).dialled()
    on = sdp(0, 101, host="192.0.2.30", port=5000, maps="a=record:on\r\n")
    play.when(Answered(B_DIALOG, on))

    assert indication(play.call, CALLER) is Indication.ON
    assert word(play.call.caller.ours) is Indication.ON
    play.when(Acknowledged(CALLER)).then()


def test_a_newcomer_is_told_where_he_wants_to_be() -> None:
    """Whoever had the place before him."""
    play = Playbook(aware_call()).joined().when(refers(CALLER)).when(of_c(HopsFound((C_HOP,))))
    assert word(_transfer_offer(play)) is Indication.NONE
    play.when(of_c(Answered(C_DIALOG, C_ANSWER)))
    assert word(play.call.caller.ours) is Indication.NONE
    assert not any(isinstance(each, Offer) for each in play.commands)


def test_an_aware_newcomer_is_told() -> None:
    """By an UPDATE, once he has the place."""
    play = Playbook(a_call(PLAIN)).joined().when(refers()).when(of_c(HopsFound((C_HOP,))))
    play.when(of_c(Answered(C_DIALOG, C_ANSWER, is_aware=True)))

    assert isinstance(play.commands[-1], Offer)
    assert offered(play) is Indication.ON


def test_an_aware_newcomer_who_comes_by_himself_knows_with_the_answer() -> None:
    """No change may be asked for before his ACK (RFC 3261 section 14.1)."""
    play = Playbook(a_call(PLAIN)).joined()
    play.when(dataclasses.replace(takes(CALLEE, sdp(0, 101, host="192.0.2.29")), is_aware=True))
    play.then("AcceptTransferTarget", "LetGo b")
    accepted = play.last(AcceptTransferTarget)

    assert isinstance(accepted, AcceptTransferTarget)
    assert word(accepted.description) is Indication.ON


@pytest.mark.parametrize(
    ("tags", "wants"), [((b"timer", b"Record-Aware"), True), ((b"timer",), False), ((), False)]
)
def test_the_option_tag_says_who_wants_to_be_told(tags: tuple[bytes, ...], wants: bool) -> None:
    """RFC 7866 section 11.1.2; option tags have no case (RFC 3261 section 7.3.1)."""
    assert is_aware_by(tags) is wants


# -- on the stage -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [b"Supported", b"Require"])
def test_the_caller_is_told_by_his_own_invites_answer(stage: Stage, name: bytes) -> None:
    """And 420 is no answer to who requires it."""
    quiet = Stage(reloaded=stage.reloaded, routes=(PLAIN_ROUTE,))
    quiet.calls((name, b"record-aware")).b(180).b(200, body=ANSWERS)

    assert said_in(quiet.answer_to_a()) is Indication.ON


def test_an_option_that_nobody_knows_is_still_refused(stage: Stage) -> None:
    """RFC 3261 section 8.2.2.3."""
    stage.calls((b"Require", b"record-aware, record-wary")).then("a: 420 INVITE")


def test_only_for_who_wants_to_be_told_we_want_to_be_told(stage: Stage) -> None:
    """RFC 7866 section 6.3: what is indicated to us goes on to him."""
    stage.calls(AWARE).b(180).b(200, AWARE, body=ANSWERS)
    assert b"record-aware" in stage.request_to_b().supported
    assert b"record-aware" in stage.answer_to_a().supported
    assert b"timer" in stage.answer_to_a().supported

    other = Stage(reloaded=stage.reloaded).ringing().b(200, body=ANSWERS)
    assert b"record-aware" not in other.request_to_b().supported
    assert b"record-aware" not in other.answer_to_a().supported


def test_the_notice_is_followed_by_an_update_that_says_on(stage: Stage) -> None:
    """And by a re-INVITE where he takes no UPDATE."""
    stage.calls(AWARE, (b"Allow", b"INVITE, UPDATE, BYE")).b(180).b(200, body=ANSWERS)
    stage.a_inside(b"ACK", 1)
    stage.played().then("a: UPDATE")
    assert said_in(_last_to_a(stage)) is Indication.ON

    old = Stage(reloaded=stage.reloaded).calls(AWARE).b(180).b(200, body=ANSWERS)
    old.a_inside(b"ACK", 1).played().then("a: INVITE")


def test_a_pause_by_anybody_is_told_within_a_tick(stage: Stage) -> None:
    """However it was asked for."""
    talking = _talking(stage)
    (session,) = talking.node.sessions
    talking._did(pause(talking.node, session, "kimura", "card", talking.now))
    talking.until(talking.now_s + 0.5).then("a: UPDATE")
    assert said_in(_last_to_a(talking)) is Indication.PAUSED
    _accepts(talking)
    (session,) = talking.node.sessions
    talking._did(resume(talking.node, session, "kimura", talking.now))
    talking.until(talking.now_s + 0.5).then("a: UPDATE")

    assert said_in(_last_to_a(talking)) is Indication.ON


def test_a_recording_that_is_stopped_by_hand_is_off(stage: Stage) -> None:
    """The call goes on, and the party knows."""
    route = dataclasses.replace(PLAIN_ROUTE, on_demand=True)
    talking = _talking(Stage(reloaded=stage.reloaded, routes=(route,)))
    (bridged,) = talking.inline.calls
    said = RecordingStopped(at_us=talking.now.us, by="kimura", reason="asked to")
    talking._did(talking.inline.stop(bridged.key, said, talking.now))
    talking.until(talking.now_s + 0.5).then("a: UPDATE")

    assert said_in(_last_to_a(talking)) is Indication.OFF


def test_who_is_not_aware_hears_of_no_pause(stage: Stage) -> None:
    """Nothing is sent."""
    stage.talking()
    (session,) = stage.node.sessions
    stage._did(pause(stage.node, session, "kimura", "card", stage.now))

    stage.until(stage.now_s + 0.5).then()


def _talking(stage: Stage) -> Stage:
    """An aware caller who takes UPDATE talks, without a notice."""
    (route,) = stage.switch.routes.routes
    route = dataclasses.replace(route, notice=())
    quiet = Stage(reloaded=stage.reloaded, routes=(route,))
    quiet.calls(AWARE, (b"Allow", b"INVITE, UPDATE, BYE")).b(180).b(200, body=ANSWERS)
    return quiet.a_inside(b"ACK", 1)


def _last_to_a(stage: Stage) -> Request:
    return next(each for each in reversed(stage.to_a()) if isinstance(each, Request))


def _accepts(stage: Stage) -> None:
    """The caller answers our last request with a description of his own."""
    sent = _last_to_a(stage)
    kept = {b"via", b"from", b"to", b"call-id", b"cseq"}
    lines = [b"SIP/2.0 200 OK", *(each.raw for each in sent.lines if each.name in kept)]
    lines += [b"Content-Type: application/sdp", b"Content-Length: %d" % len(OFFER)]
    stage.a(b"\r\n".join(lines) + b"\r\n\r\n" + OFFER)


def _transfer_offer(play: Playbook) -> SessionDescription | None:
    transfer = play.call.transfer
    return None if transfer is None else transfer.offer
