"""How a transfer stands: what who asked is told, and who leaves."""

from capture.inline.state.call_commands import Notify
from capture.inline.state.call_events import (
    HopsFound,
    HungUp,
    Progressed,
    Reanswered,
    Refused,
    Reoffered,
)
from capture.inline.transfers.referral import abandoned, is_vacating
from tests.capture.inline.playbook import (
    B_DIALOG,
    C_HOP,
    CALLEE,
    CALLER,
    LATER,
    Playbook,
    a_call,
    of_c,
    refers,
    sdp,
)


def test_each_status_is_told_once() -> None:
    """A phone that rings says so every few seconds."""
    play = Playbook(a_call()).transferred()

    play.when(of_c(Progressed(b"carol", 183))).then()


def test_what_is_told_goes_to_the_dialog_of_the_refer_with_the_newcomers_words() -> None:
    """His reason phrase is what the display shows."""
    play = Playbook(a_call()).transferred().when(of_c(Refused(486, b"Gone fishing")))
    notify = play.last(Notify)

    assert notify == Notify(B_DIALOG, b"refer", 486, b"Gone fishing", is_over=True)


def test_only_who_asked_leaves_a_place_and_only_once() -> None:
    """Anybody else who hangs up ends the call, and so do we."""
    call = Playbook(a_call()).transferred().call

    assert is_vacating(call, HungUp(CALLEE))
    assert not is_vacating(call, HungUp(CALLER))
    assert not is_vacating(call, HungUp(CALLEE, still_there=True))
    gone = Playbook(call).when(HungUp(CALLEE)).call
    assert not is_vacating(gone, HungUp(CALLEE))
    assert not is_vacating(Playbook(a_call()).joined().call, HungUp(CALLEE))


def test_who_stays_hears_ringback_where_who_asked_is_silent() -> None:
    """Who talks, or plays music to him, is heard instead."""
    play = Playbook(a_call()).joined()
    assert play.call.callee.speaks
    held = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="recvonly")
    play.when(Reoffered(CALLEE, LATER, b"INVITE", held))
    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=2, direction="sendonly")))
    play.when(refers()).when(of_c(HopsFound((C_HOP,)))).when(of_c(Progressed(b"carol", 180)))

    assert play.hears(CALLER) == "r.pcmu"
    assert Playbook(a_call()).transferred().hears(CALLER) == ""
    play.when(of_c(Refused(486)))
    assert play.hears(CALLER) == ""


def test_a_call_that_is_up_abandons_nobody() -> None:
    """The newcomer is on his way."""
    call = Playbook(a_call()).transferred().call

    assert abandoned(call) == (call, [])
