"""A newcomer takes a place: what is answered, who is asked again, what is dropped."""

from capture.inline.commands import AcceptNewcomer
from capture.inline.events import Answered, Reanswered, Reoffered, Replaced
from capture.inline.offers import Seat
from capture.inline.seating import as_talking, held_back
from capture.relaying import Latch, Side
from capture.sdp.description import Direction, SessionDescription
from capture.sip.identity import DialogId, TransactionKey
from tests.capture.inline.playbook import (
    C_ANSWER,
    C_DIALOG,
    CALLEE,
    CALLER,
    LATER,
    PLAIN,
    Playbook,
    a_call,
    of_c,
    sdp,
)

D_DIALOG = DialogId(call_id=b"d", local_tag=b"us", remote_tag=b"dave")
D_KEY = TransactionKey(call_id=b"d", branch=b"z9hG4bKd", method=b"INVITE")
SEAT = Seat(address="192.0.2.9", port=10_000, session_id=77, secret=bytes(46))
HELD = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="sendonly")


def takes(side: Side, description: SessionDescription | None) -> Replaced:
    return Replaced(
        side=side,
        key=D_KEY,
        dialog=D_DIALOG,
        description=description,
        peer="pbx",
        latch=Latch.NAT,
        seat=SEAT,
    )


# fmt: off
def test_who_comes_by_himself_is_accepted_and_the_former_party_let_go() -> None:
    """RFC 3891 section 3: in this order."""
    play = (
        Playbook(a_call(PLAIN))
        .joined()
        .when(takes(CALLEE, sdp(0, 8, 101, host="192.0.2.29")))
        .then("AcceptNewcomer", "LetGo b")
    )

    assert play.call.is_joined
    assert (play.call.callee.peer, play.call.callee.latch) == ("pbx", Latch.NAT)


def test_he_is_answered_in_a_codec_that_who_stays_speaks() -> None:
    """Nobody has to be asked again then."""
    play = Playbook(a_call(PLAIN)).joined().when(takes(CALLEE, sdp(8, 0, 101)))
    accepted = play.last(AcceptNewcomer)

    assert isinstance(accepted, AcceptNewcomer)
    assert accepted.description.media[0].formats == (b"0", b"101")


def test_else_who_stays_is_asked_again() -> None:
    """No transcoding."""
    (
        Playbook(a_call(PLAIN))
        .joined()
        .when(takes(CALLEE, sdp(8, 101))).then("AcceptNewcomer", "LetGo b", "INVITE caller")
    )


def test_what_cannot_be_spoken_or_comes_too_early_is_refused() -> None:
    """488 and 491; the call goes on."""
    play = Playbook(a_call()).joined()
    play.when(takes(CALLEE, sdp(18))).then("RefuseNewcomer 488")
    play.when(takes(CALLEE, None)).then("RefuseNewcomer 488")
    assert play.call.is_joined
    Playbook(a_call()).transferred().when(takes(CALLER, C_ANSWER)).then("RefuseNewcomer 491")
    Playbook(a_call()).dialled().when(takes(CALLER, C_ANSWER)).then("RefuseNewcomer 491")
# fmt: on


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
