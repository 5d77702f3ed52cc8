"""The call that lends a party to another one."""

from capture.inline.state.call_events import Grouped, HungUp, Lent, Lost, Returned
from tests.capture.inline.playbook import B_DIALOG, CALLEE, CALLER, Playbook, a_call


def test_a_party_that_is_lent_is_not_spoken_to() -> None:
    """Its dialog is another call's; the two still hear each other."""
    play = Playbook(a_call()).joined().when(Lent(CALLEE)).then()

    assert play.call.callee.dialog is None
    assert play.call.is_joined
    play.when(Returned(CALLEE, B_DIALOG)).then()
    assert play.call.callee.dialog == B_DIALOG


def test_a_party_that_is_lost_leaves_the_other_to_be_let_go() -> None:
    """And the call knows with which one it was joined."""
    play = Playbook(a_call()).joined().when(Lent(CALLEE)).when(Grouped(b"first"))
    play.when(Lost(CALLEE)).then("HangUp caller")

    assert play.call.is_over
    assert play.call.group == b"first"


def test_who_is_left_may_hang_up_before_that() -> None:
    """What is told to the lent party is told to nobody."""
    play = Playbook(a_call()).joined().when(Lent(CALLEE)).when(HungUp(CALLER))

    assert play.call.is_over
    play.when(Returned(CALLEE, B_DIALOG)).when(Lost(CALLEE)).then()
