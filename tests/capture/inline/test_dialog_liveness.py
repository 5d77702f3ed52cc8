"""Refreshes that are ours, and questions to a silent call."""

import dataclasses

import pytest

from archive.call.events import CallEnded
from capture.sip.build import Header
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import ANSWER, PBX, Stage, sdp
from tests.support.inline.telling import TARGETS, TO_CAROL

TIMED: Header = (b"Session-Expires", b"1800;refresher=uac")


def test_a_session_is_refreshed_with_what_holds(stage: Stage) -> None:
    """With the description that counts, or by UPDATE without one."""
    stage.ringing().b(200, TIMED, body=ANSWER)
    stage.a_inside(b"ACK", 1).played()
    stage.until(stage.now_s + 901)

    assert stage.request_to_b().has_to_tag
    assert stage.request_to_b().body


REFRESHED = ((b"Session-Expires", b"1800;refresher=uac"), (b"Allow", b"INVITE, ACK, BYE, UPDATE"))


def refreshing(stage: Stage) -> Stage:
    """An UPDATE that refreshes the session with the callee is under way."""
    stage.ringing().b(200, *REFRESHED, body=ANSWER)
    stage.a_inside(b"ACK", 1).played()
    stage.until(stage.now_s + 901)
    assert stage.request_to_b(b"UPDATE").body == b""
    return stage


def talks_on(stage: Stage) -> Stage:
    """The callee's media comes."""
    (bridged,) = stage.inline.calls
    stage.arrivals[bridged.call.callee.pair] = stage.now.us
    return stage


def test_who_knows_nothing_of_what_is_refreshed_has_no_session(stage: Stage) -> None:
    """RFC 3261 section 12.2.1.2, RFC 4028 section 10: both sides are told, media or not."""
    talks_on(refreshing(stage)).b(481).then("a: BYE", "b: BYE")

    assert [each.reason for each in stage.events(CallEnded)] == ["probe_failed"]


def test_who_says_nothing_to_a_refresh_is_gone_unless_he_is_heard(stage: Stage) -> None:
    """A word that is lost ends no call in which people talk."""
    refreshing(stage).until(stage.now_s + 33)
    assert [each.reason for each in stage.events(CallEnded)] == ["probe_failed"]

    other = talks_on(refreshing(Stage(reloaded=stage.reloaded)))
    other.until(other.now_s + 33)
    assert len(other.inline.calls) == 1


PROMISED = ((b"Session-Expires", b"90;refresher=uas"), (b"Allow", b"INVITE, ACK, BYE, UPDATE"))


def missed(stage: Stage) -> Stage:
    """The callee has promised to refresh the session and has not: it is asked."""
    stage.ringing().b(200, *PROMISED, body=ANSWER)
    stage.a_inside(b"ACK", 1).played()
    stage.until(stage.now_s + 61)
    assert stage.request_to_b(b"UPDATE").body == b""
    return stage


def test_who_promised_to_refresh_and_says_nothing_is_gone_unless_he_is_heard(stage: Stage) -> None:
    """RFC 4028 section 10: slightly before the session expires both are told."""
    missed(stage).until(stage.now_s + 33)
    assert Phone(stage, "a").request(b"BYE")
    assert [each.reason for each in stage.events(CallEnded)] == ["probe_failed"]

    other = talks_on(missed(Stage(reloaded=stage.reloaded)))
    other.until(other.now_s + 33)
    assert len(other.inline.calls) == 1


@pytest.mark.parametrize(("status", "calls"), [(481, 0), (200, 1), (500, 1)])
def test_who_promised_to_refresh_has_no_session_where_he_says_so_alone(
    stage: Stage, status: int, calls: int
) -> None:
    """Any other answer shows that he is there."""
    talks_on(missed(stage)).b(status)

    assert len(stage.inline.calls) == calls


def test_a_408_to_a_refresh_is_silence(stage: Stage) -> None:
    """Of a proxy that could not reach him."""
    talks_on(refreshing(stage)).b(408).then()
    assert len(stage.inline.calls) == 1

    refreshing(Stage(reloaded=stage.reloaded)).b(408).then("a: BYE", "b: BYE")


@pytest.mark.parametrize("status", [200, 500])
def test_the_answer_to_a_refresh_is_none_to_a_change(stage: Stage, status: int) -> None:
    """They are told apart by CSeq."""
    refresh = refreshing(stage).request_to_b(b"UPDATE")
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, body=held).then("b: INVITE")
    change = stage.request_to_b()
    stage.b_answers(refresh, status).then()
    holding = sdp("192.0.2.30", 5000, "a=recvonly", version=2, formats="0 101")
    stage.b_answers(change, 200, body=holding).then("b: ACK", "a: 200 INVITE")


def test_a_refresh_that_is_challenged_is_known_again() -> None:
    """It has the next CSeq then."""
    known = dataclasses.replace(PBX, user="rokuon", password="word")  # noqa: S106 - of a test
    stage = refreshing(Stage(targets=(known,)))
    stage.b(401, (b"WWW-Authenticate", b'Digest realm="pbx", nonce="1"')).then("b: UPDATE")

    stage.b(481).then("a: BYE", "b: BYE")


def test_both_sides_are_asked_whether_the_call_still_is(stage: Stage) -> None:
    """Whoever sits there by now."""
    stage = Stage(reloaded=stage.reloaded, targets=TARGETS).talking()
    carol = Phone(stage, "c")
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    (session,) = stage.node.sessions
    stage._did(stage.dispatch.probe(session, stage.now)).then("a: OPTIONS", "c: OPTIONS")


def test_the_side_that_is_silent_alone_is_asked(stage: Stage) -> None:
    """The other one is heard; who is asked in vain has hung up, as ever."""
    stage.talking()
    (session,) = stage.node.sessions
    stage._did(stage.dispatch.probe(session, stage.now, (1,))).then("b: OPTIONS")
    stage.until(stage.now_s + 33)

    assert Phone(stage, "a").request(b"BYE")
    assert [each.reason for each in stage.events(CallEnded)] == ["probe_failed"]


def test_before_both_may_talk_nobody_is_asked_for_his_silence(stage: Stage) -> None:
    """Many send nothing before they are answered, and know OPTIONS in no early dialog.

    Nor does who was not asked count as asked: of a call that is silent on both sides somebody is.
    """
    stage.answered()
    (session,) = stage.node.sessions
    stage._did(stage.dispatch.probe(session, stage.now, (0, 1))).then()

    assert [each.liveness.probed_at_us for each in stage.node.sessions] == [0]


def probed(stage: Stage) -> tuple[Stage, Phone, Phone]:
    """Both sides of a silent call are asked."""
    stage.talking()
    (session,) = stage.node.sessions
    stage._did(stage.dispatch.probe(session, stage.now)).then("a: OPTIONS", "b: OPTIONS")
    return stage, Phone(stage, "a"), Phone(stage, "b")


@pytest.mark.parametrize("status", [481, 408])
@pytest.mark.parametrize("who", ["a", "b"])
def test_a_side_that_knows_of_no_dialog_has_hung_up(stage: Stage, who: str, status: int) -> None:
    """The other one is told, and the recording says why it ended (RFC 3261 section 12.2.1.2)."""
    stage, caller, callee = probed(stage)
    (caller if who == "a" else callee).answers(status, method=b"OPTIONS")
    stage.then("a: BYE", "b: BYE")

    assert [each.reason for each in stage.events(CallEnded)] == ["probe_failed"]
    assert b"the other side is gone" in (caller.request(b"BYE").value(b"reason") or b"")


def test_a_side_that_says_nothing_has_hung_up(stage: Stage) -> None:
    """After the 32 s of the transaction."""
    stage, caller, _ = probed(stage)
    caller.answers(200, method=b"OPTIONS")
    stage.until(stage.now_s + 33)

    assert caller.request(b"BYE")
    assert [each.reason for each in stage.events(CallEnded)] == ["probe_failed"]


@pytest.mark.parametrize("status", [200, 405, 486, 500])
def test_any_other_answer_is_a_sign_of_life(stage: Stage, status: int) -> None:
    """Also of who does not know OPTIONS."""
    stage, caller, callee = probed(stage)
    for each in (caller, callee):
        each.answers(status, method=b"OPTIONS").then()

    assert len(stage.inline.calls) == 1


def test_so_is_what_a_side_says_meanwhile(stage: Stage) -> None:
    """A proxy on the way has lost its memory; they talk on."""
    stage, caller, _ = probed(stage)
    (bridged,) = stage.inline.calls
    stage.arrivals[bridged.call.caller.pair] = stage.now.us + 1
    caller.answers(481, method=b"OPTIONS").then()

    assert len(stage.inline.calls) == 1


def test_so_is_what_it_sends_beside_speech(stage: Stage) -> None:
    """A fax in the place of speech."""
    stage.talking()
    fax = sdp("192.0.2.1", 0, "m=image 4002 udptl t38", version=2)
    stage.a_inside(b"INVITE", 2, body=fax)
    stage.b(200, body=sdp("192.0.2.30", 0, "m=image 5002 udptl t38", version=2)).then(
        "b: ACK", "a: 200 INVITE"
    )
    stage.a_inside(b"ACK", 2)
    (session,), (bridged,) = stage.node.sessions, stage.inline.calls
    assert set(session.pairs) >= {bridged.call.caller.pair_beside, bridged.call.callee.pair_beside}
    stage._did(stage.dispatch.probe(session, stage.now))
    stage.arrivals[bridged.call.caller.pair_beside] = stage.now.us + 1
    Phone(stage, "a").answers(481, method=b"OPTIONS").then()

    assert len(stage.inline.calls) == 1


def test_who_cannot_be_reached_just_now_is_asked_again() -> None:
    """A proxy that starts anew has lost its connections, and none of its calls."""
    target = dataclasses.replace(PBX, uri="sip:192.0.2.30;transport=tcp")
    stage, _, _ = probed(Stage(targets=(target,)))

    stage.away().then()
    assert len(stage.inline.calls) == 1
    (session,) = stage.node.sessions
    assert session.liveness.ask_again_us > stage.now.us
    stage._did(stage.dispatch.probe(session, stage.now)).then("a: OPTIONS", "b: OPTIONS")


def test_a_call_that_we_end_is_told_to_who_is_there(stage: Stage) -> None:
    """Silence, the longest length, our own stop."""
    stage = Stage(reloaded=stage.reloaded, targets=TARGETS).talking()
    carol = Phone(stage, "c")
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    (session,) = stage.node.sessions
    stage._did(stage.dispatch.end(session, "max_length", stage.now)).then("a: BYE", "c: BYE")
