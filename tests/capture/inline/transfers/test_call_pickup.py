"""Somebody answers in the place of a telephone that rings: what he and the caller are told."""

import pytest

from capture.inline.descriptions.offers import NothingInCommon
from capture.inline.state.call_commands import Accept, AcceptTransferTarget
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Began,
    HopsFound,
    Progressed,
    Refused,
)
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import CallerStage
from capture.inline.transfers.call_pickup import picked_up
from capture.inline.transfers.party_change import TransferTarget
from capture.links.relay_messages import Latch
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    CALLEE,
    CALLER,
    D_DIALOG,
    D_SEAT,
    HOP,
    PLAIN,
    Playbook,
    a_call,
    planned,
    sdp,
    takes,
)

DAVES = sdp(8, 0, 101, host="192.0.2.29")


def ringing(play: Playbook) -> Playbook:
    """The callee rings."""
    return play.dialled().when(Progressed(b"callee", 180))


# fmt: off
def test_he_and_the_caller_are_answered_and_who_rang_is_given_up() -> None:
    """RFC 3891 section 3: 200 and CANCEL."""
    play = ringing(Playbook(a_call(PLAIN)))
    play.when(takes(CALLEE, DAVES, early=True)).then("AcceptTransferTarget", "GiveUp", "Accept")
    his, callers = play.last(AcceptTransferTarget), play.last(Accept)
    assert isinstance(his, AcceptTransferTarget)
    assert isinstance(callers, Accept)

    assert his.description.media[0].formats == (b"8", b"101")
    assert callers.description.media[0].formats == (b"8", b"101")
    play.when(Acknowledged(CALLER)).then()
    assert play.call.is_joined
    assert (play.call.callee.dialog, play.call.callee.latch) == (D_DIALOG, Latch.NAT)
# fmt: on


def test_who_rang_is_too_late_whatever_he_says() -> None:
    """His answer has crossed our CANCEL, or he obeys it."""
    for word, said in ((Answered(B_DIALOG, ANSWER), ["DropFork"]), (Refused(487), [])):
        play = ringing(Playbook(a_call(PLAIN))).when(takes(CALLEE, DAVES, early=True))
        play.when(word).then(*said)
        assert play.call.caller_stage is CallerStage.ANSWERED


def test_the_caller_hears_the_notice_before_him() -> None:
    """As of any callee."""
    play = ringing(Playbook(a_call())).when(takes(CALLEE, DAVES, early=True))
    play.when(Acknowledged(CALLER))
    assert play.hears(CALLER) == "n.pcma"
    assert not play.call.is_joined

    play.noticed()
    assert play.call.is_joined


def test_a_caller_who_hears_early_media_keeps_the_answer_that_he_has() -> None:
    """RFC 3264 section 4: one offer, one answer; he who comes speaks that codec."""
    play = Playbook(a_call(PLAIN)).dialled().when(Progressed(b"callee", 183, ANSWER))
    told = play.call.caller.ours
    play.when(takes(CALLEE, DAVES, early=True))

    assert play.call.caller.ours == told
    his = play.last(AcceptTransferTarget)
    assert isinstance(his, AcceptTransferTarget)
    assert his.description.media[0].formats == (b"0", b"101")


def test_a_caller_who_is_answered_already_is_asked_again_where_he_must() -> None:
    """Answer first: he has spoken PCMU with us so far."""
    play = Playbook(a_call(planned(order="answer-first"))).when(Began())
    play.when(Acknowledged(CALLER)).noticed()
    play.when(HopsFound((HOP,))).when(Progressed(b"callee", 180))
    play.when(takes(CALLEE, sdp(8, 101), early=True))

    play.then("AcceptTransferTarget", "GiveUp", "INVITE caller")


def test_what_he_would_rather_speak_but_was_not_answered_with_counts_for_nothing() -> None:
    """The caller has the codec that both have agreed on."""
    play = Playbook(a_call(planned(order="answer-first"))).when(Began())
    play.when(Acknowledged(CALLER)).noticed()
    play.when(HopsFound((HOP,))).when(Progressed(b"callee", 180))

    play.when(takes(CALLEE, sdp(18, 0, 101), early=True)).then("AcceptTransferTarget", "GiveUp")


def test_a_caller_without_an_offer_is_offered_what_he_has_agreed_on() -> None:
    """The 2xx to the caller offers, his ACK answers."""
    play = ringing(Playbook(a_call(offer=None))).when(takes(CALLEE, DAVES, early=True))
    callers = play.last(Accept)

    assert isinstance(callers, Accept)
    assert callers.description.media[0].formats == (b"8", b"101")


def test_with_nothing_in_common_it_rings_on() -> None:
    """488 to who wanted to answer."""
    call = ringing(Playbook(a_call(PLAIN)))
    call.when(takes(CALLEE, sdp(9), early=True)).then("RefuseTransferTarget 488")
    who = TransferTarget(
        peer="pbx",
        latch=Latch.NAT,
        seat=D_SEAT,
        dialog=D_DIALOG,
        ours=sdp(9),
        theirs=sdp(9),
    )

    with pytest.raises(NothingInCommon):
        picked_up(call.call, who, PromptStock())
