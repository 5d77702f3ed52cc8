"""Playbooks of session timers (RFC 4028), and the values behind them."""

import pytest

from capture.sip.build import Header
from capture.sip.events import RefreshDue, RefreshMissed
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.sip.scenes import Scene, established, in_dialog, peer_request, peer_response

TIMER: Header = (b"Supported", b"timer")
ALLOW: Header = (b"Allow", b"INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE")
# fmt: off


def invite(*headers: Header) -> bytes:
    """A call that asks for a timer in these headers."""
    return peer_request(b"INVITE", headers=headers)


def told(scene: Scene, name: bytes) -> list[bytes]:
    """The values of a header in what we sent last."""
    return split_message(scene.sent()).values(name)


@pytest.mark.parametrize(
    ("supports", "asked", "chosen", "required"),
    [
        ((), b"1800", b"1800;refresher=uas", []),
        ((TIMER,), b"1800", b"1800;refresher=uac", [b"timer"]),
        ((TIMER,), b"1800;refresher=uac", b"1800;refresher=uac", [b"timer"]),
        ((TIMER,), b"1800 ; Refresher = UAS", b"1800;refresher=uas", [b"timer"]),
    ],
)
def test_the_refresher_is_who_can_and_who_was_asked(
    scene: Scene, supports: tuple[Header, ...], asked: bytes, chosen: bytes, required: list[bytes]
) -> None:
    """RFC 4028 §9, table 2; the interval is copied."""
    scene.peer(invite(*supports, (b"x", asked))).answer(200)

    assert told(scene, b"session-expires") == [chosen]
    assert told(scene, b"require") == required


def test_a_call_that_asks_for_no_timer_has_none(scene: Scene) -> None:
    """Our own bounds are silence and length; nobody has to refresh for us."""
    scene.peer(invite(TIMER)).answer(200).peer(in_dialog(scene, b"ACK", 1))

    assert told(scene, b"session-expires") == []
    scene.until(100_000.0).then()


@pytest.mark.parametrize(
    ("headers", "chosen"),
    [
        ((TIMER,), [b"1800;refresher=uas"]),
        ((TIMER, (b"Min-SE", b"3600")), [b"3600;refresher=uas"]),
        ((), []),
        ((TIMER, (b"Session-Expires", b"600")), [b"600;refresher=uac"]),
    ],
)
def test_who_asks_for_none_gets_ours_where_he_knows_of_timers(
    scene: Scene, headers: tuple[Header, ...], chosen: list[bytes]
) -> None:
    """RFC 4028 §9: not less than his Min-SE; we refresh."""
    scene.peer(invite(*headers)).answer(200, session_expires_s=1800)

    assert told(scene, b"session-expires") == chosen


def test_a_timer_of_ours_is_ours_to_refresh(scene: Scene) -> None:
    """At half the interval."""
    scene.peer(invite(TIMER, ALLOW)).answer(200, session_expires_s=1800)
    scene.peer(in_dialog(scene, b"ACK", 1))

    scene.until(899.0).then().until(900.0).then("RefreshDue")


def test_an_interval_that_is_too_short_is_answered_with_the_least_one(scene: Scene) -> None:
    """RFC 4028 §9: 90 s, and only to a peer that can ask again."""
    scene.peer(invite(TIMER, (b"Session-Expires", b"30"))).then("422 INVITE", "RequestRefused")
    assert told(scene, b"min-se") == [b"90"]

    scene.peer(peer_request(b"INVITE", branch=b"z9hG4bKb", headers=((b"Session-Expires", b"30"),)))
    scene.then("InviteReceived").answer(200)
    assert told(scene, b"session-expires") == [b"30;refresher=uas"]


@pytest.mark.parametrize("broken", [b"soon", b"0", b"", b"-90"])
def test_an_interval_that_is_none_begins_no_timer(scene: Scene, broken: bytes) -> None:
    """A call is not lost for a header that only a clock would read."""
    scene.peer(invite(TIMER, (b"Session-Expires", broken))).answer(200).then("200 INVITE")

    assert told(scene, b"session-expires") == []


def test_we_refresh_at_half_the_interval_and_again_until_somebody_says_yes(scene: Scene) -> None:
    """RFC 4028 §10; an unanswered refresh ends nothing here."""
    scene.peer(invite((b"Session-Expires", b"1800"), ALLOW)).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1))

    scene.until(899.0).then().until(900.0).then("RefreshDue")
    assert scene.outputs == [RefreshDue(dialog=scene.dialog, by_update=True)]
    scene.until(1349.0).then().until(1350.0).then("RefreshDue")


def test_a_refresh_says_the_interval_and_a_yes_begins_it_anew(scene: Scene) -> None:
    """RFC 4028 §7.4 and §7.2."""
    scene.peer(invite((b"Session-Expires", b"1800"), (b"Min-SE", b"120"), ALLOW)).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1)).until(900.0)

    scene.ask(b"UPDATE").then("UPDATE")
    assert told(scene, b"session-expires") == [b"1800;refresher=uac"]
    assert told(scene, b"min-se") == [b"120"]
    assert b"timer" in told(scene, b"supported")[0]

    yes = ((b"Session-Expires", b"600;refresher=uac"),)
    scene.peer(peer_response(scene.sent(), 200, *yes)).then("ResponseReceived")
    scene.until(1199.0).then().until(1200.0).then("RefreshDue")


def test_a_yes_without_an_interval_switches_the_timer_off(scene: Scene) -> None:
    """RFC 4028 §7.2."""
    scene.peer(invite((b"Session-Expires", b"1800"), ALLOW)).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1)).until(900.0).ask(b"UPDATE")

    scene.peer(peer_response(scene.sent(), 200)).until(100_000.0).then()


def test_a_peer_that_takes_over_is_not_refreshed_for(scene: Scene) -> None:
    """RFC 4028 §7.2: the refresher is whom the 2xx names."""
    scene.peer(invite((b"Session-Expires", b"1800"), ALLOW)).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1)).until(900.0).ask(b"UPDATE")
    scene.peer(peer_response(scene.sent(), 200, (b"Session-Expires", b"1800;refresher=uas")))

    scene.until(2_667.0).then().until(2_668.0).then("RefreshMissed").ask(b"UPDATE")
    assert told(scene, b"session-expires") == [b"1800;refresher=uas"]


@pytest.mark.parametrize(("interval", "missed_s"), [(b"90", 60.0), (b"1800", 1768.0)])
def test_who_promised_to_refresh_and_does_not_is_missed_before_the_session_expires(
    scene: Scene, interval: bytes, missed_s: float
) -> None:
    """RFC 4028 §10: 32 s before, or a third of the interval; again after a quarter of it."""
    scene.peer(invite(TIMER, ALLOW, (b"Session-Expires", interval + b";refresher=uac")))
    scene.answer(200).peer(in_dialog(scene, b"ACK", 1))

    scene.until(missed_s - 1).then().until(missed_s).then("RefreshMissed")
    assert scene.outputs == [RefreshMissed(dialog=scene.dialog, by_update=True)]
    again_s = missed_s + int(interval) / 4
    scene.until(again_s - 1).then().until(again_s).then("RefreshMissed")


def test_a_promise_that_is_kept_is_not_missed(scene: Scene) -> None:
    """The peer's refresh begins the interval anew."""
    timer: Header = (b"Session-Expires", b"90;refresher=uac")
    scene.peer(invite(TIMER, ALLOW, timer)).answer(200).peer(in_dialog(scene, b"ACK", 1))
    scene.until(45.0).peer(in_dialog(scene, b"UPDATE", 2, headers=(TIMER, timer))).answer(200)

    scene.until(104.0).then().until(105.0).then("RefreshMissed")


def test_a_longer_interval_that_a_422_asks_for_is_tried_at_once(scene: Scene) -> None:
    """RFC 4028 §7.3 and §7.4; a 422 that asks for no more is not followed in a circle."""
    scene.peer(invite((b"Session-Expires", b"1800"), ALLOW)).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1)).until(900.0).ask(b"UPDATE")

    scene.peer(peer_response(scene.sent(), 422, (b"Min-SE", b"3600"))).until(901.0)
    scene.then("RefreshDue").ask(b"UPDATE")
    assert told(scene, b"session-expires") == [b"3600;refresher=uac"]
    assert told(scene, b"min-se") == [b"3600"]
    scene.peer(peer_response(scene.sent(), 422, (b"Min-SE", b"3600"))).until(1700.0).then()


def test_a_refresh_of_the_peer_begins_the_interval_anew(scene: Scene) -> None:
    """Whoever asks, the 2xx counts (RFC 4028 §9), and says again who refreshes."""
    scene.peer(invite((b"Session-Expires", b"1800"), ALLOW)).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1)).until(600.0)
    scene.peer(in_dialog(scene, b"UPDATE", 2, headers=((b"Session-Expires", b"1000"),)))
    scene.answer(200).then("200 UPDATE")

    assert told(scene, b"session-expires") == [b"1000;refresher=uas"]
    scene.until(1099.0).then().until(1100.0).then("RefreshDue")


def test_who_does_not_allow_update_is_refreshed_by_invite(scene: Scene) -> None:
    """RFC 4028 §7.4: UPDATE only where the peer is known to take it."""
    scene.peer(invite((b"Session-Expires", b"1800"))).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1)).until(900.0)
    assert scene.outputs == [RefreshDue(dialog=scene.dialog, by_update=False)]

    scene.peer(in_dialog(scene, b"INVITE", 2, headers=(ALLOW, (b"Session-Expires", b"1800"))))
    scene.answer(200).peer(in_dialog(scene, b"ACK", 2)).until(1800.0)
    assert scene.outputs == [RefreshDue(dialog=scene.dialog, by_update=True)]


def test_a_hurried_proxy_does_not_make_us_hurry(scene: Scene) -> None:
    """An interval of a second, inserted on the way, costs a refresh every 45 s at most."""
    scene.peer(invite((b"Session-Expires", b"1"), ALLOW)).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1))

    scene.until(44.0).then().until(45.0).then("RefreshDue")


def test_the_dialog_of_a_call_with_a_timer_may_end(scene: Scene) -> None:
    """Nothing is refreshed that is over."""
    scene.peer(invite((b"Session-Expires", b"1800"))).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1)).peer(in_dialog(scene, b"BYE", 2)).until(5_000.0)

    assert not any(isinstance(output, RefreshDue) for output in scene.outputs)
    assert not scene.kept


def test_every_request_of_ours_says_that_we_know_timers(scene: Scene) -> None:
    """RFC 4028 §7.1: all but ACK."""
    established(scene).ask(b"OPTIONS").then("OPTIONS")

    sent = split_message(scene.sent())
    assert isinstance(sent, Request)
    assert b"timer" in sent.supported
