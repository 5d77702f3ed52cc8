"""A change of ours that meets one of theirs is asked for again."""

import dataclasses

import pytest

from capture.inline.bridge.glare import is_owed, put_off, wait_us
from capture.inline.state.call_events import AskDue, Reanswered
from capture.sip.call import OutgoingRequest
from capture.sip.message import Request
from tests.capture.inline.phone import Phone
from tests.capture.inline.playbook import CALLER, Playbook, a_call
from tests.capture.inline.stage import ROUTE, Stage, sdp

OTHER_CODEC = sdp("192.0.2.30", 5000, formats="8 101")


def asked_again(stage: Stage) -> tuple[Stage, Phone]:
    """A caller who was answered before the callee was called, and is asked for its codec."""
    route = dataclasses.replace(ROUTE, notice_when="answer-first")
    scene = Stage(reloaded=stage.reloaded, routes=(route,)).calls()
    scene.a_inside(b"ACK", 1)
    scene.played()
    return scene, Phone(scene, "a")


def invites(caller: Phone) -> list[Request]:
    """Our INVITEs to him."""
    asked = [each for each in caller.heard() if isinstance(each, Request)]
    return [each for each in asked if each.method == b"INVITE"]


@pytest.mark.parametrize(
    ("made_call_id", "shortest", "longest"), [(True, 2_100_000, 4_000_000), (False, 0, 2_000_000)]
)
def test_who_made_the_call_id_waits_longer(made_call_id: bool, shortest: int, longest: int) -> None:
    """RFC 3261 section 14.1, in units of 10 ms."""
    waits = {wait_us(chance, made_call_id=made_call_id) for chance in range(1_000)}

    assert (min(waits), max(waits)) == (shortest, longest)
    assert all(each % 10_000 == 0 for each in waits)


def test_what_is_put_off_is_due_when_the_wait_is_over() -> None:
    """Not before, and not where nothing is owed."""
    call = put_off(Playbook(a_call()).joined().call, Reanswered(CALLER, 491, wait_us=70), 1_000)
    assert not is_owed(call, 1_070)
    owing = call.owing(CALLER)

    assert not is_owed(owing, 1_069)
    assert is_owed(owing, 1_070)


def test_a_change_of_ours_that_met_one_of_his_is_asked_for_again(stage: Stage) -> None:
    """He made the Call-ID: within 2 s, by what holds then."""
    scene, caller = asked_again(stage)
    scene.b(200, body=OTHER_CODEC)
    (first,) = invites(caller)
    caller.answers(491)
    assert len(invites(caller)) == 1
    scene.until(scene.now_s + 2.1)
    first, second = invites(caller)
    assert second.body.split(b"\r\n")[2:] == first.body.split(b"\r\n")[2:]
    caller.answers(200, body=caller.speech("8 101", version=2))
    scene.until(scene.now_s + 5)

    assert len(invites(caller)) == 2
    assert scene.relay_call().is_joined


def test_a_change_that_another_of_ours_kept_from_going_out_goes_out_later(stage: Stage) -> None:
    """A refresh is under way: an INVITE beside it may not be (RFC 3261 section 14.1)."""
    scene, caller = asked_again(stage)
    (bridged,) = scene.inline.calls
    assert bridged.call.caller.dialog is not None
    refresh = OutgoingRequest(method=b"INVITE")
    scene._take(scene.core.send_request(bridged.call.caller.dialog, refresh, scene.now_s))
    invite = scene.request_to_b()
    scene.b_answers(invite, 200, body=OTHER_CODEC)
    assert len(invites(caller)) == 1
    caller.answers(200, body=caller.speech("0 101", version=2))
    scene.until(scene.now_s + 2.1)

    assert len(invites(caller)) == 2
    assert b"RTP/AVP 8" in invites(caller)[-1].body


def test_time_alone_asks_nobody() -> None:
    """Where nothing is owed."""
    Playbook(a_call()).joined().when(AskDue()).then()
