"""Commands, said in SIP."""

from dataclasses import replace

from capture.inline.routing.route import Target
from capture.inline.speaking import place_uri
from capture.sip.message import Request
from tests.capture.inline.stage import ANSWER, OFFER, ROUTE, Stage, from_caller, sdp


def test_an_invite_of_ours_says_what_we_can_do_and_for_how_long(stage: Stage) -> None:
    """REFER, NOTIFY and INFO too; a timer that we will keep."""
    stage.calls()
    invite = stage.request_to_b()
    methods = [each.strip() for each in (invite.value(b"allow") or b"").split(b",")]
    allowed = set(methods)

    assert len(methods) == len(allowed)
    assert {b"REFER", b"NOTIFY", b"INFO", b"UPDATE", b"PRACK"} <= allowed
    assert (invite.value(b"session-expires") or b"").startswith(b"1800")
    assert b"timer" in invite.supported


def test_a_recorded_call_is_named_to_both_sides_and_others_are_not(stage: Stage) -> None:
    """So that a PBX finds its recording again."""
    stage.answered()
    name = stage.request_to_b().value(b"x-rokuon-recording")

    assert name is not None
    assert stage.answer_to_a().value(b"x-rokuon-recording") == name
    help_ = Stage(reloaded=stage.reloaded).calls(number=b"110")
    assert help_.request_to_b().value(b"x-rokuon-recording") is not None


def test_the_targets_own_parameters_stay(stage: Stage) -> None:
    """Port and transport of where it is."""
    target = Target(name="pbx", uri="sip:ignored@192.0.2.30:5070;transport=tcp")
    stage = Stage(reloaded=stage.reloaded, targets=(target,)).calls()
    invite = stage.request_to_b()

    assert invite.uri == b"sip:0355501234@192.0.2.30:5070;transport=tcp"
    assert invite.top_via.transport == b"TCP"


def test_a_second_offer_to_a_side_that_is_busy_with_one_is_pending(stage: Stage) -> None:
    """RFC 3261 section 14.1: the asker hears 491."""
    stage.talking()
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, body=held).then("b: INVITE")
    other = sdp("192.0.2.30", 5000, "a=sendonly", version=2, formats="0 101")

    stage.b_inside(b"INVITE", 1, body=other).then("b: 491 INVITE")


def test_a_callee_who_hangs_up_while_a_change_waits_leaves_nobody_waiting(stage: Stage) -> None:
    """The change is refused, then the BYE goes out."""
    stage.talking()
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, body=held)

    stage.b_inside(b"BYE", 1)
    assert "a: 487 INVITE" in [
        f"{to}: {m.status} INVITE" for to, m in stage.sent() if to == "a" and hasattr(m, "status")
    ]


def test_an_offerless_call_gets_its_answer_in_the_ack(stage: Stage) -> None:
    """RFC 3261 section 13.2.2.4, on both sides."""
    import dataclasses

    plain = Stage(reloaded=stage.reloaded, routes=(dataclasses.replace(ROUTE, notice=()),))
    plain.a(from_caller(b"INVITE")).then("b: INVITE")
    assert plain.request_to_b().body == b""
    plain.b(200, body=ANSWER).then("a: 200 INVITE")
    plain.a_inside(b"ACK", 1, body=OFFER).then("b: ACK")
    assert b"m=audio" in plain.request_to_b(b"ACK").body


def test_a_target_with_a_number_alone_is_looked_for_at_its_own_host() -> None:
    """A service URN has no place."""
    target = Target(name="pbx", uri="sip:192.0.2.30")

    assert place_uri(target, b"urn:service:sos") == b"sip:192.0.2.30"
    assert place_uri(target, b"sip:1@elsewhere") == b"sip:1@elsewhere"
    assert place_uri(target, b"nonsense") == b"sip:192.0.2.30"


def test_a_call_without_an_offer_asks_for_no_reliable_ringing(stage: Stage) -> None:
    """It would be an offer, which the caller would have to answer before we do (RFC 3262 §5)."""
    plain = replace(ROUTE, notice=())
    stage = Stage(reloaded=stage.reloaded, routes=(plain,)).calls(body=b"")

    assert stage.request_to_b().supported == (b"timer",)


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
