"""Commands, said in SIP."""

from capture.sip.message import Request
from tests.capture.inline.stage import ANSWER, OFFER, ROUTE, Stage, from_caller, sdp


def test_a_second_offer_to_a_side_that_is_busy_with_one_is_pending(stage: Stage) -> None:
    """RFC 3261 section 14.1: the asker hears 491."""
    stage.talking()
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, body=held).then("b: INVITE")
    other = sdp("192.0.2.30", 5000, "a=sendonly", version=2, formats="0 101")

    stage.b_inside(b"INVITE", 1, body=other).then("b: 491 INVITE")


def test_an_offerless_call_gets_its_answer_in_the_ack(stage: Stage) -> None:
    """RFC 3261 section 13.2.2.4, on both sides."""
    import dataclasses

    plain = Stage(reloaded=stage.reloaded, routes=(dataclasses.replace(ROUTE, notice=()),))
    plain.a(from_caller(b"INVITE")).then("b: INVITE")
    assert plain.request_to_b().body == b""
    plain.b(200, body=ANSWER).then("a: 200 INVITE")
    plain.a_inside(b"ACK", 1, body=OFFER).then("b: ACK")
    assert b"m=audio" in plain.request_to_b(b"ACK").body


def test_the_caller_is_asked_for_a_session_timer_as_the_callee_is(stage: Stage) -> None:
    """RFC 4028 section 9: where he knows of timers; we refresh, with what holds."""
    timer = (b"Supported", b"timer")
    stage.calls(timer).b(200, body=ANSWER)
    assert stage.request_to_b().value(b"session-expires") == b"1800"
    assert stage.answer_to_a().value(b"session-expires") == b"1800;refresher=uas"
    stage.a_inside(b"ACK", 1).played()
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, timer, body=held).b(200, body=ANSWER)
    assert stage.answer_to_a().value(b"session-expires") == b"1800;refresher=uas"
    stage.a_inside(b"ACK", 2)
    stage.until(stage.now_s + 901)

    asked = [each for each in stage.to_a() if isinstance(each, Request)]
    assert {each.method for each in asked} == {b"INVITE"}


def test_early_media_that_comes_while_a_ringing_waits_for_its_prack_is_told_behind_it(
    stage: Stage,
) -> None:
    """RFC 3262 section 3: one at a time; the caller hears what the callee plays."""
    stage.calls((b"Require", b"100rel")).b(180).then("a: 180 INVITE")
    stage.b(183, body=ANSWER).then()
    number = stage.answer_to_a().value(b"rseq") or b""
    stage.a_inside(b"PRACK", 2, (b"RAck", number + b" 1 INVITE"))
    stage.then("a: 200 PRACK", "a: 183 INVITE")

    assert b"m=audio 10000" in stage.answer_to_a().body
    assert stage.relay_call().is_joined
