"""A newcomer takes a place: what is answered, who is asked again, what is dropped."""

import msgspec
import pytest

from capture.inline.state.call_commands import Acknowledge, Reply, Retract
from capture.inline.state.call_events import Answered, Reanswered, Reoffered
from capture.inline.state.stages import NoticeStage
from capture.inline.state.transfer import BorrowedParty, Transfer
from capture.inline.transfers.party_change import TransferTarget, as_talking, held_back
from capture.sdp.description import Direction
from tests.capture.inline.playbook import (
    C_ANSWER,
    C_DIALOG,
    CALLEE,
    CALLER,
    LATER,
    Playbook,
    a_call,
    of_c,
    said,
    sdp,
)

HELD = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="sendonly")


def test_an_offer_without_a_hold_says_what_its_author_can_do() -> None:
    """The hold was for the former party."""
    assert as_talking(HELD).media[0].direction is Direction.SENDRECV
    assert as_talking(C_ANSWER) == C_ANSWER


def test_a_change_that_who_stays_has_begun_is_to_be_asked_again() -> None:
    """491: of who comes."""
    play = Playbook(a_call()).joined().when(Reoffered(CALLER, LATER, b"INVITE", HELD))
    call, commands = held_back(play.call, CALLEE)

    assert call.change is None
    assert [type(each).__name__ for each in commands] == ["Reply"]


@pytest.mark.parametrize(
    ("notice", "is_told"), [(NoticeStage.SENT, True), (NoticeStage.WITHDRAWN, False)]
)
def test_who_is_brought_over_was_told_where_what_he_heard_still_holds(
    notice: NoticeStage, is_told: bool
) -> None:
    """Not where he has refused meanwhile, or recording was ended by hand."""
    call = a_call()
    end = msgspec.structs.replace(call.callee, notice=notice)
    transfer = Transfer(
        by=CALLEE,
        number=b"",
        seat=end.seat,
        borrowed=BorrowedParty(key=b"k", end=end),
        offer=C_ANSWER,
    )

    assert TransferTarget.called(transfer, C_DIALOG, C_ANSWER).is_told is is_told


def test_a_call_without_a_change_holds_nothing_back() -> None:
    """The usual case."""
    call = Playbook(a_call()).joined().call

    assert held_back(call, CALLER) == (call, [])


def test_a_hold_that_crosses_the_newcomers_answer_is_taken_off_again() -> None:
    """Who stays has agreed to a hold of somebody who is gone."""
    play = Playbook(a_call()).transferred().when(Reoffered(CALLEE, LATER, b"INVITE", HELD))
    play.when(of_c(Answered(C_DIALOG, C_ANSWER)))
    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=2, direction="recvonly")))

    play.then("INVITE caller")


def test_who_leaves_takes_back_an_offer_that_he_wanted_to_hear() -> None:
    """And a 2xx that crosses that gets its ACK."""
    play = Playbook(a_call()).joined().when(Reoffered(CALLEE, LATER, b"INVITE"))
    call, commands = held_back(play.call, CALLEE)

    assert commands == [Reply(LATER, 491), Retract(CALLER)]
    play.call = call
    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=2))).then("Acknowledge caller")


def test_an_offer_that_he_has_heard_is_answered_by_us() -> None:
    """His ACK will not come any more."""
    play = Playbook(a_call()).joined().when(Reoffered(CALLEE, LATER, b"INVITE"))
    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=2)))
    call, commands = held_back(play.call, CALLEE)

    assert call.change is None
    assert [type(each) for each in commands] == [Acknowledge]


def test_a_transfer_leaves_nobody_without_an_ack() -> None:
    """As the whole call has it: carol answers while bob's offer is open."""
    play = Playbook(a_call()).transferred().when(Reoffered(CALLEE, LATER, b"INVITE"))
    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=2)))
    play.when(of_c(Answered(C_DIALOG, C_ANSWER)))

    assert "Acknowledge caller" in [said(each) for each in play.commands]
