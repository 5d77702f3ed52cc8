"""Offers inside a call: across, refused, refreshed, at the same time."""

import pytest

from capture.inline.state.call_commands import Acknowledge, Offer, Reply
from capture.inline.state.call_events import Acknowledged, HungUp, Reanswered, Reoffered
from capture.sdp.acceptance import Unacceptable
from capture.sdp.description import Direction, SessionDescription
from tests.capture.inline.playbook import (
    ANSWER,
    CALLEE,
    CALLER,
    HELD,
    HOLDING,
    LATER,
    OFFER,
    PLAIN,
    Playbook,
    a_call,
    sdp,
)


def sent(play: Playbook, kind: type[Offer | Reply]) -> SessionDescription:
    command = play.last(kind)
    assert isinstance(command, Offer | Reply)
    assert command.description is not None
    return command.description


def test_a_hold_crosses_and_comes_back() -> None:
    """Each side keeps its own address and its own version."""
    play = Playbook(a_call()).joined()
    before = play.call.callee.ours
    assert before is not None
    assert before.origin is not None

    play.when(Reoffered(CALLER, LATER, b"INVITE", HELD)).then("INVITE callee")
    offer = sent(play, Offer)
    assert offer.media[0].direction is Direction.SENDONLY
    assert offer.origin is not None
    assert int(offer.origin.version) == int(before.origin.version) + 1
    play.when(Reanswered(CALLEE, 200, HOLDING)).then("Reply 200 sdp")
    assert sent(play, Reply).media[0].direction is Direction.RECVONLY
    assert not play.call.callee.listens or play.call.caller.speaks
    assert not play.call.caller.listens


def test_an_old_hold_by_a_null_address_crosses_as_a_direction() -> None:
    """RFC 3264 section 8.4: 0.0.0.0 is of no use at our own address."""
    nowhere = sdp(0, 101, version=2, host="0.0.0.0")  # noqa: S104 - what old phones send

    play = Playbook(a_call()).joined().when(Reoffered(CALLER, LATER, b"INVITE", nowhere))
    assert sent(play, Offer).media[0].direction is Direction.SENDONLY


def test_the_callee_may_hold_as_well() -> None:
    """The machine has two ends, not a client and a server."""
    held = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="inactive")
    (
        Playbook(a_call())
        .joined()
        .when(Reoffered(CALLEE, LATER, b"INVITE", held))
        .then("INVITE caller")
        .when(Reanswered(CALLER, 200, sdp(0, 101, version=2, direction="inactive")))
        .then("Reply 200 sdp")
    )


def test_an_offer_that_says_nothing_new_is_answered_by_us() -> None:
    """A session refresh is between a side and us."""
    play = Playbook(a_call()).joined()

    play.when(Reoffered(CALLER, LATER, b"INVITE", OFFER)).then("Reply 200 sdp")
    play.when(Reoffered(CALLER, LATER, b"UPDATE")).then("Reply 200")


def test_a_second_change_while_one_is_under_way_is_pending() -> None:
    """RFC 3261 section 14.1: 491, whoever comes second."""
    (
        Playbook(a_call())
        .joined()
        .when(Reoffered(CALLER, LATER, b"INVITE", HELD))
        .when(Reoffered(CALLEE, LATER, b"INVITE", HOLDING))
        .then("Reply 491")
    )


@pytest.mark.parametrize("status", [488, 491, 500])
def test_a_refused_change_is_refused_to_who_asked_and_nothing_has_changed(status: int) -> None:
    """The call goes on as it was."""
    play = Playbook(a_call()).joined()
    before = play.call

    play.when(Reoffered(CALLER, LATER, b"INVITE", HELD)).when(Reanswered(CALLEE, status))
    play.then(f"Reply {status}")
    assert play.call == before


@pytest.mark.parametrize("status", [408, 481])
def test_a_side_that_knows_of_no_dialog_takes_the_call_with_it(status: int) -> None:
    """RFC 3261 section 12.2.1.2."""
    (
        Playbook(a_call())
        .joined()
        .when(Reoffered(CALLER, LATER, b"INVITE", HELD))
        .when(Reanswered(CALLEE, status))
        .then(f"Reply {status}", "HangUp caller", "HangUp callee")
    )


def test_a_reinvite_without_an_offer_asks_the_other_side_for_one() -> None:
    """Its 2xx is the offer, the asker's ACK the answer, and so is ours."""
    play = Playbook(a_call()).joined()
    (
        play.when(Reoffered(CALLER, LATER, b"INVITE"))
        .then("INVITE callee")
        .when(Reanswered(CALLEE, 200, sdp(0, 8, 101, host="192.0.2.30", port=5000, version=2)))
        .then("Reply 200 sdp")
        .when(Acknowledged(CALLER, sdp(8, 101, version=2)))
        .then("Acknowledge callee")
    )
    assert play.call.change is None


def test_what_the_other_side_offers_then_is_cut_as_any_offer() -> None:
    """Nothing crosses in which the notice cannot be played to who comes."""
    play = Playbook(a_call()).joined().when(Reoffered(CALLER, LATER, b"INVITE"))
    wide = sdp(18, 8, 0, 101, host="192.0.2.30", port=5000, version=2)
    play.when(Reanswered(CALLEE, 200, wide)).then("Reply 200 sdp")

    assert sent(play, Reply).media[0].formats == (b"8", b"0", b"101")


def test_an_offer_that_cannot_cross_is_acknowledged_with_what_holds() -> None:
    """A 2xx is never left without its ACK; who asked hears 488, and all is as it was."""
    play = Playbook(a_call()).joined().when(Reoffered(CALLER, LATER, b"INVITE"))
    other = sdp(18, 101, host="192.0.2.30", port=5000, version=2)
    play.when(Reanswered(CALLEE, 200, other))

    play.then("Reply 488", "Acknowledge callee", "HangUp caller", "HangUp callee")


def test_a_2xx_without_the_offer_that_was_asked_for_is_acknowledged_too() -> None:
    """It says nothing, and there is nothing to answer; the call goes on."""
    play = Playbook(a_call()).joined()
    before = play.call
    play.when(Reoffered(CALLER, LATER, b"INVITE")).when(Reanswered(CALLEE, 200))

    play.then("Reply 488", "Acknowledge callee")
    assert play.last(Acknowledge) == Acknowledge(CALLEE, None)
    assert play.call == before


@pytest.mark.parametrize("answer", [None, sdp(18, 101, version=2, port=0)])
def test_an_ack_that_answers_nothing_leaves_nobody_without_his(
    answer: SessionDescription | None,
) -> None:
    """The other side's offer is answered by what holds."""
    play = Playbook(a_call()).joined().when(Reoffered(CALLER, LATER, b"INVITE"))
    play.when(Reanswered(CALLEE, 200, sdp(0, 101, host="192.0.2.30", port=5000, version=2)))
    play.when(Acknowledged(CALLER, answer)).then("Acknowledge callee")
    command = play.last(Acknowledge)

    assert isinstance(command, Acknowledge)
    assert command.description is not None
    assert [each.port > 0 for each in command.description.media] == [True]
    assert play.call.change is None


def test_a_side_that_hangs_up_leaves_no_change_unanswered() -> None:
    """Who asked hears 487 and then BYE."""
    (
        Playbook(a_call())
        .joined()
        .when(Reoffered(CALLER, LATER, b"INVITE", HELD))
        .when(HungUp(CALLEE))
        .then("Reply 487", "HangUp caller")
    )


def test_an_offer_in_which_the_notice_has_no_codec_is_refused_with_a_warning() -> None:
    """The call goes on as it was, and who asked can read why."""
    play = Playbook(a_call()).joined()
    play.when(Reoffered(CALLER, LATER, b"INVITE", sdp(18, version=2))).then("Reply 488")

    assert play.last(Reply) == Reply(LATER, 488, headers=Unacceptable.NO_FORMAT_OF_NOTICE.headers)


def test_an_offer_without_speech_is_not_passed() -> None:
    """488: a fax relayed unrecorded is another rule's business."""
    fax = sdp(0, version=2, port=0)

    play = Playbook(a_call(PLAIN)).joined()
    play.when(Reoffered(CALLER, LATER, b"INVITE", fax)).then("Reply 488")
    assert play.call.callee.theirs == ANSWER
