"""What an INVITE of ours says."""

from dataclasses import replace

from capture.inline.outgoing_invite import place_uri
from capture.inline.routing.route import Target
from tests.capture.inline.stage import ROUTE, Stage


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
