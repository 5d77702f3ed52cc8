"""A call through the node, as bytes: two dialogs, a relay and a recorder."""

import dataclasses

from archive.call.events import (
    CallEnded,
    CallOpened,
    Flagged,
    NoticePlayed,
    RecordingBegan,
    RouteTaken,
    StreamAdded,
    StreamPartyKnown,
)
from capture.admission.capacity import Full
from capture.inline.routing.route import Target
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Latch, Latched, NoSockets, Outcome, Place, Side
from tests.capture.inline.stage import ANSWER, OFFER, PBX, ROUTE, TRUNK, Stage, from_caller, sdp


def test_a_caller_who_could_not_be_reached_is_told_as_soon_as_he_is_heard() -> None:
    """His source says that he is behind an address translator; the relay says where he is."""
    stage = Stage(source=dataclasses.replace(TRUNK, latch=Latch.NAT)).answered()
    stage.played(Outcome.FAILED)
    (bridged,) = stage.inline.calls
    assert (bridged.call.caller.notice, bridged.call.caller.plays) == (NoticeStage.HELD, None)
    latched = Latched(
        call=bridged.key, side=Side.CALLER, place=Place("192.0.2.1", 41_000), at_us=stage.now.us
    )
    stage.relay_says(latched)

    (bridged,) = stage.inline.calls
    assert bridged.call.caller.notice is NoticeStage.PLAYING
    stage.relay_says(latched).played()
    (bridged,) = stage.inline.calls
    assert bridged.call.is_joined


def test_a_call_is_answered_told_joined_and_ended(stage: Stage) -> None:
    """The whole of it, in the order in which the wire sees it."""
    stage.calls().then("b: INVITE")
    stage.b(180).then("a: 180 INVITE")
    stage.b(200, body=ANSWER).then("b: ACK", "a: 200 INVITE")
    stage.a_inside(b"ACK", 1).then()
    stage.played().then()
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")
    assert stage.relay_gone()
    assert [close.reason for close in stage.closes()] == ["bye"]
    assert len(stage.inline.calls) == 0


def test_a_bye_without_to_tag_ends_an_inline_call_too(stage: Stage) -> None:
    """The other side would stay on the line alone."""
    stage.talking()
    stage.a(from_caller(b"BYE", cseq=2)).then("a: 200 BYE", "b: BYE")


def test_the_callee_is_called_with_our_address_and_the_callers_name(stage: Stage) -> None:
    """Both dialogs end here."""
    stage.ringing()
    invite = stage.request_to_b()

    assert invite.uri == b"sip:0355501234@192.0.2.30"
    assert invite.from_address.uri == b"sip:+81300001234@192.0.2.1"
    assert invite.from_address.display == b"Sato"
    assert invite.max_forwards == 69
    assert b"192.0.2.1 " not in invite.body
    assert b"m=audio 10004 RTP/AVP 0 8 101" in invite.body or b"RTP/AVP 0 8 101" in invite.body
    assert invite.call_id != b"call@a"


def test_the_recording_tells_who_why_what_was_said_and_from_when(stage: Stage) -> None:
    """Everything that the file must prove by itself."""
    stage.talking()
    (opened,) = stage.events(CallOpened)
    (route,) = stage.events(RouteTaken)
    (notice,) = stage.events(NoticePlayed)
    (begins,) = stage.events(RecordingBegan)
    parties = {each.stream: each for each in stage.events(StreamPartyKnown)}

    assert (opened.mode, opened.source) == ("inline", "trunk")
    assert (route.route, route.target, route.queue) == ("support", "pbx", "q1")
    assert (notice.outcome, notice.sent_ms, notice.wording_sha256) == ("complete", 2_000, "ab" * 32)
    assert begins.at_us == notice.until_us
    assert [each.direction for each in stage.events(StreamAdded)] == [
        "recvonly",
        "recvonly",
        "sendonly",
        "sendonly",
    ]
    assert (parties[0].side, parties[0].aor) == ("customer", "sip:+81300001234@192.0.2.1")
    assert (parties[1].side, parties[1].aor) == ("agent", "sip:0355501234@192.0.2.9")


def test_the_relay_plays_to_the_caller_and_rings_to_the_callee(stage: Stage) -> None:
    """And lands what it hears; the gate is its own."""
    stage.answered()
    call = stage.relay_call()

    assert [end.playing and end.playing.prompt for end in call.ends] == ["n.pcmu", "r.pcmu"]
    assert (call.is_joined, call.is_landed, call.gate_us) == (False, True, 0)
    assert call.ends[Side.CALLER].places[0].port == 4000
    stage.played()
    call = stage.relay_call()
    assert (call.is_joined, call.gate_us > 0) == (True, True)
    assert [end.playing for end in call.ends] == [None, None]


def test_a_service_urn_is_sent_to_the_target_as_it_is(stage: Stage) -> None:
    """RFC 5031: who answers for it is the target's business."""
    urn = from_caller(b"INVITE", body=OFFER).replace(
        b"INVITE sip:0355501234@192.0.2.9", b"INVITE urn:service:sos.fire"
    )

    stage.a(urn).then("b: INVITE")
    assert stage.request_to_b().uri == b"urn:service:sos.fire"


def test_a_cancel_reaches_the_callee_and_the_ledger(stage: Stage) -> None:
    """Nothing was recorded, and the row says so."""
    stage.ringing()
    stage.a(from_caller(b"CANCEL")).then("a: 200 CANCEL", "a: 487 INVITE", "b: CANCEL")
    invite = stage.request_to_b()
    stage.b_answers(stage.request_to_b(b"CANCEL"), 200)
    stage.b_answers(invite, 487).then("b: ACK")

    assert len(stage.inline.calls) == 0
    assert stage.rows() == [(487, "the caller gave up")]


def test_a_callee_who_answers_a_cancelled_call_is_let_go(stage: Stage) -> None:
    """The two cross on the wire: ACK, then BYE."""
    stage.ringing().a(from_caller(b"CANCEL"))
    invite = stage.request_to_b()

    stage.b_answers(invite, 200, body=ANSWER).then("b: ACK", "b: BYE")
    assert len(stage.inline.calls) == 0


def test_a_busy_callee_is_told_to_the_caller_as_he_said_it(stage: Stage) -> None:
    """With his reason."""
    stage.ringing().b(486, (b"Reason", b"Q.850;cause=17")).then("b: ACK", "a: 486 INVITE")

    assert stage.answer_to_a().value(b"reason") == b"Q.850;cause=17"
    assert stage.rows() == [(486, "busy")]


def test_nobody_answers_until_the_routes_time_is_over(stage: Stage) -> None:
    """The callee is cancelled, the caller hears 480."""
    stage.ringing().until(61.0)

    assert [message.method for message in stage.to_b()[-1:]] == [b"CANCEL"]  # type: ignore[union-attr]
    assert stage.answer_to_a().status == 480


def test_a_hold_crosses_to_the_other_dialog(stage: Stage) -> None:
    """And the worker hears that the stream rests."""
    stage.talking()
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, body=held).then("b: INVITE")
    assert b"a=sendonly" in stage.request_to_b().body
    holding = sdp("192.0.2.30", 5000, "a=recvonly", version=2, formats="0 101")
    stage.b(200, body=holding).then("b: ACK", "a: 200 INVITE")

    assert b"a=recvonly" in stage.answer_to_a().body
    assert not stage.relay_call().ends[Side.CALLER].hears
    assert not stage.relay_call().ends[Side.CALLEE].speaks


def test_a_refresh_is_answered_here(stage: Stage) -> None:
    """The other side has its own timer."""
    stage.talking()

    stage.a_inside(b"INVITE", 2, body=OFFER).then("a: 200 INVITE")
    stage.a_inside(b"UPDATE", 3).then("a: 200 UPDATE")


def test_without_a_route_a_call_is_not_found(stage: Stage) -> None:
    """As before there were any."""
    lost = Stage(routes=(), reloaded=stage.reloaded)

    lost.calls().then("a: 404 INVITE")


def test_a_full_node_takes_no_call_but_one_for_help(stage: Stage) -> None:
    """Emergency numbers go through whatever else holds."""
    stage.full(Full.CALLS).calls().then("a: 503 INVITE")
    helped = Stage(reloaded=stage.reloaded).full(Full.DRAINING)

    helped.calls(number=b"110").then("b: INVITE")
    helped.b(200, body=ANSWER)
    assert helped.relay_call().is_joined
    assert [each.flag for each in helped.events(Flagged)] == ["emergency"]


def test_a_call_that_went_too_far_is_refused(stage: Stage) -> None:
    """RFC 3261 section 16.3."""
    stage.a(from_caller(b"INVITE", body=OFFER).replace(b"Max-Forwards: 70", b"Max-Forwards: 0"))

    stage.then("a: 483 INVITE")


def test_a_call_of_ours_that_comes_back_is_a_loop(stage: Stage) -> None:
    """It bears the name that we gave it."""
    stage.ringing()
    mark = stage.request_to_b().value(b"x-rokuon-recording") or b""
    back = from_caller(b"INVITE", (b"X-Rokuon-Recording", mark), body=OFFER)
    back = back.replace(b"call@a", b"call@b").replace(b"tag=caller", b"tag=back")

    stage.a(back).then("a: 482 INVITE")


def test_the_callee_hangs_up_and_the_caller_hears_why(stage: Stage) -> None:
    """A Reason crosses."""
    stage.talking().b_inside(b"BYE", 1, (b"Reason", b"Q.850;cause=16"))

    stage.then("b: 200 BYE", "a: BYE")
    bye = stage.to_a()[-1]
    assert bye.value(b"reason") == b"Q.850;cause=16"
    assert [each.reason for each in stage.events(CallEnded)] == ["bye"]


def test_a_recording_session_still_has_its_own_door(stage: Stage) -> None:
    """What asks to be recorded is no call to be routed."""
    stage.a(from_caller(b"INVITE", (b"Require", b"siprec"), body=OFFER)).then("a: 200 INVITE")

    assert len(stage.inline.calls) == 0


NAMED = Target(name="two", uri="sip:two.example")


def of_two(stage: Stage) -> Stage:
    """A route to the PBX for 20 s, then to a target that has to be looked for."""
    route = dataclasses.replace(ROUTE, to=("pbx", "two"), ring_s=20)
    return Stage(reloaded=stage.reloaded, routes=(route,), targets=(PBX, NAMED))


def test_a_callee_who_answers_as_his_time_runs_out_is_let_go(stage: Stage) -> None:
    """His 200 and our CANCEL have crossed: without a BYE he would sit in a call with nobody."""
    stage.ringing().until(61.0)
    invite = stage.request_to_b(b"INVITE")
    stage.b_answers(invite, 200, body=ANSWER).then("b: ACK", "b: BYE")

    assert len(stage.inline.calls) == 0


def test_what_a_cancelled_target_says_is_no_word_of_the_next_one(stage: Stage) -> None:
    """Its 487 comes while the next one is still looked for."""
    stage = of_two(stage).ringing().until(21.0)
    stage.b_answers(stage.request_to_b(b"INVITE"), 487).then("b: ACK")

    stage.found("192.0.2.28").then("c: INVITE")


def test_a_cancelled_target_that_answers_all_the_same_is_let_go(stage: Stage) -> None:
    """The call is another one's by then."""
    stage = of_two(stage).ringing().until(21.0)
    assert stage.inline.may_speak("192.0.2.30")
    stage.b_answers(stage.request_to_b(b"INVITE"), 200, body=ANSWER).then("b: ACK", "b: BYE")
    (bridged,) = stage.inline.calls

    assert (bridged.call.callee.peer, bridged.call.callee.dialog) == ("two", None)


def test_the_callee_hears_why_he_was_cancelled(stage: Stage) -> None:
    """What was answered elsewhere is no missed call (RFC 3326)."""
    why = b'SIP;cause=200;text="Call completed elsewhere"'
    stage.ringing().a(from_caller(b"CANCEL", (b"Reason", why)))

    assert stage.request_to_b(b"CANCEL").value(b"reason") == why


def test_a_call_for_which_the_relay_has_no_sockets_is_refused_and_the_ledger_says_so(
    stage: Stage,
) -> None:
    """Both would sit in silence. Another node may have them."""
    stage.ringing()
    told = NoSockets(call=stage.relay_call().call)
    stage._did(stage.inline.relay_said(told, stage.now)).then("a: 503 INVITE", "b: CANCEL")
    stage.b_answers(stage.request_to_b(b"INVITE"), 487)

    assert stage.rows() == [(503, "not relayed")]
    assert len(stage.inline.calls) == 0


def test_a_call_that_loses_its_sockets_ends_for_want_of_media(stage: Stage) -> None:
    """Its relay was replaced, and the successor got none."""
    stage.talking()
    told = NoSockets(call=stage.relay_call().call)
    stage._did(stage.inline.relay_said(told, stage.now)).then("a: BYE", "b: BYE")

    assert [each.reason for each in stage.events(CallEnded)] == ["media_timeout"]
