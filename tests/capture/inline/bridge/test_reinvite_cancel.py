"""A change that is taken back: the other side is told, and nobody is left with it."""

from dataclasses import replace

import pytest

from capture.inline.state.call_commands import Acknowledge, Offer
from capture.inline.state.call_events import Reanswered, Reoffered, Retracted
from capture.links.relay_messages import Side
from capture.sdp.description import Direction, SessionDescription
from tests.capture.inline.playbook import (
    ANSWER,
    CALLEE,
    CALLER,
    HELD,
    HOLDING,
    LATER,
    OFFER,
    Playbook,
    a_call,
    sdp,
)
from tests.capture.inline.stage import (
    HELD as HELD_BODY,
    HOLDING as HOLDING_BODY,
    PBX,
    Stage,
    from_caller,
    sdp as body,
)

TALKING_BODY = body("192.0.2.30", 5000, version=3, formats="0 101")


def offered(play: Playbook) -> SessionDescription:
    command = play.last(Offer)
    assert isinstance(command, Offer)
    assert command.description is not None
    return command.description


def acknowledged(play: Playbook) -> SessionDescription:
    command = play.last(Acknowledge)
    assert isinstance(command, Acknowledge)
    assert command.description is not None
    return command.description


def taken_back(offer: SessionDescription | None = HELD) -> Playbook:
    """The caller has asked for something and has thought better of it."""
    play = Playbook(a_call()).joined().when(Reoffered(CALLER, LATER, b"INVITE", offer))
    return play.when(Retracted(CALLER, LATER)).then("Retract callee")


@pytest.mark.parametrize("status", [487, 488, 491])
def test_a_change_that_is_taken_back_leaves_the_call_as_it_was(status: int) -> None:
    """RFC 3261 section 14.1: whatever the other side says to it but yes."""
    before = Playbook(a_call()).joined().call
    play = taken_back().when(Reanswered(CALLEE, status)).then()

    assert play.call == before


def test_a_yes_that_crosses_it_is_undone() -> None:
    """Who agreed to a hold is asked to talk again, as it was."""
    play = taken_back().when(Reanswered(CALLEE, 200, HOLDING)).then("INVITE callee")
    assert offered(play).media[0].direction is Direction.SENDRECV
    play.when(Reanswered(CALLEE, 200, sdp(0, 101, host="192.0.2.30", port=5000, version=3)))

    play.then()
    assert play.call.change is None
    assert play.call.caller.theirs == OFFER
    assert play.call.callee.listens


def test_an_offer_that_was_asked_for_in_vain_is_acknowledged_with_what_holds() -> None:
    """A 2xx is never left without its ACK (RFC 3261 section 13.2.2.4), and wants an answer."""
    play = taken_back(None)
    play.when(Reanswered(CALLEE, 200, sdp(0, 8, 101, host="192.0.2.30", port=5000, version=2)))

    play.then("Acknowledge callee")
    assert [each.formats for each in acknowledged(play).media] == [(b"0", b"8", b"101")]
    assert play.call.change is None


def test_what_holds_is_no_more_than_what_is_offered() -> None:
    """A hold of the other side is heeded, a codec that it has no more is not named."""
    play = taken_back(None)
    later = sdp(8, 101, host="192.0.2.30", port=5000, version=2, direction="sendonly")
    play.when(Reanswered(CALLEE, 200, later)).then("Acknowledge callee")

    (line,) = acknowledged(play).media
    assert (line.formats, line.direction) == ((b"8", b"101"), Direction.RECVONLY)


def test_where_nothing_is_left_both_hang_up_behind_the_ack() -> None:
    """An answer that refuses every line is still an answer."""
    play = taken_back(None)
    play.when(Reanswered(CALLEE, 200, sdp(9, 101, host="192.0.2.30", port=5000, version=2)))

    play.then("Acknowledge callee", "HangUp caller", "HangUp callee")
    assert [each.port for each in acknowledged(play).media] == [0]


def test_who_asked_for_something_else_meanwhile_takes_back_only_his_own() -> None:
    """The key says which."""
    play = Playbook(a_call()).joined()

    play.when(Retracted(CALLER, LATER)).then()
    assert play.call.callee.theirs == ANSWER


def test_a_cancelled_reinvite_goes_no_further_than_its_cancel(stage: Stage) -> None:
    """RFC 3261 section 9.2: 487 to who asked, CANCEL to who was asked; the call goes on."""
    stage.talking().a_inside(b"INVITE", 2, body=HELD_BODY)
    asked = stage.request_to_b()
    stage.b_answers(asked, 100)
    tag = stage.answer_to_a().to_address.tag
    stage.a(from_caller(b"CANCEL", cseq=2)).then("a: 200 CANCEL", "a: 487 INVITE", "b: CANCEL")
    stage.b_answers(asked, 487).then("b: ACK")

    (bridged,) = stage.inline.calls
    assert bridged.call.is_joined
    assert bridged.call.change is None
    assert stage.relay_call().ends[Side.CALLER].hears
    stage.a(from_caller(b"BYE", cseq=3, to_tag=tag)).then("a: 200 BYE", "b: BYE")


def test_a_cancelled_reinvite_that_was_answered_is_undone_on_the_wire(stage: Stage) -> None:
    """The ACK of the 2xx, then a re-INVITE with what held."""
    stage.talking().a_inside(b"INVITE", 2, body=HELD_BODY)
    asked = stage.request_to_b()
    stage.a(from_caller(b"CANCEL", cseq=2)).then("a: 200 CANCEL", "a: 487 INVITE")
    stage.b_answers(asked, 200, body=HOLDING_BODY).then("b: ACK", "b: INVITE")
    assert b"a=sendrecv" in stage.request_to_b().body
    stage.b(200, body=TALKING_BODY).then("b: ACK")

    (bridged,) = stage.inline.calls
    assert bridged.call.change is None
    assert stage.relay_call().is_joined


def test_a_cancelled_reinvite_that_is_challenged_is_not_sent_again() -> None:
    """Nobody wants it any more."""
    known = replace(PBX, user="rokuon", password="secret")  # noqa: S106 - of a test
    stage = Stage(targets=(known,)).talking().a_inside(b"INVITE", 2, body=HELD_BODY)
    asked = stage.request_to_b()
    stage.a(from_caller(b"CANCEL", cseq=2))
    challenge = (b"WWW-Authenticate", b'Digest realm="pbx", nonce="1"')
    stage.b_answers(asked, 401, challenge).then("b: ACK")

    assert len(stage.inline.calls) == 1


def test_a_cancel_of_the_callees_reinvite_ends_nothing_either(stage: Stage) -> None:
    """Whichever side it came from."""
    stage.talking().b_inside(b"INVITE", 2, body=HOLDING_BODY).then("a: INVITE")
    stage.b_inside(b"CANCEL", 2).then("b: 200 CANCEL", "b: 487 INVITE")

    assert len(stage.inline.calls) == 1
