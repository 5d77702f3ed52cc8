"""A transfer that we carry out, as a play: asked for, called, rung, answered or not."""

import pytest

from capture.inline.recordings.relay_calls import relay_call
from capture.inline.state.call_commands import DialTransferTarget, LetGo, Notify, Offer
from capture.inline.state.call_events import (
    Answered,
    HopsFound,
    HungUp,
    NoticePlayed,
    OfTransferTarget,
    Progressed,
    RangTooLong,
    Reanswered,
    Refused,
    Reoffered,
)
from capture.inline.state.call_plan import Aim
from capture.inline.state.stages import NoticeStage, TransferStage
from capture.links.relay_messages import Latch, Outcome, Side
from capture.sdp.description import Direction
from tests.capture.inline.playbook import (
    C_ANSWER,
    C_DIALOG,
    C_HOP,
    C_SECRET,
    CALLEE,
    CALLER,
    HOP,
    LATER,
    OFFER,
    PBX,
    PLAIN,
    TWO,
    Playbook,
    a_call,
    of_c,
    planned,
    refers,
    sdp,
)

ANSWERED = of_c(Answered(C_DIALOG, C_ANSWER))


# fmt: off
def test_who_asks_hears_how_it_goes_and_is_let_go_when_the_newcomer_answers() -> None:
    """RFC 5589 section 6: 202, NOTIFYs, then BYE; the caller's codec is spoken there too."""
    play = (
        Playbook(a_call())
        .joined()
        .when(refers()).then("AnswerReferral 202", "Notify 100", "FindTransferTarget pbx")
        .when(of_c(HopsFound((C_HOP,)))).then("DialTransferTarget 192.0.2.31")
        .when(of_c(Progressed(b"carol", 180))).then("Notify 180")
        .when(ANSWERED).then("Notify 200 over", "LetGo b")
    )

    assert play.call.callee.dialog == C_DIALOG
    assert play.call.callee.theirs == C_ANSWER
    assert play.call.is_joined
    assert play.call.transfer is None


def test_who_asks_may_hang_up_and_who_stays_hears_ringback_until_the_newcomer_answers() -> None:
    """The usual phone says BYE as soon as it has its 202."""
    play = (
        Playbook(a_call())
        .transferred()
        .when(HungUp(CALLEE)).then()
    )

    assert play.hears(CALLER) == "r.pcmu"
    assert not play.call.is_joined
    assert not play.call.is_over
    play.when(ANSWERED).then("Notify 200 over")
    assert play.hears(CALLER) == ""
    assert play.call.is_joined
    play.when(HungUp(CALLER)).then("HangUp callee")
    assert play.call.is_over


def test_ringback_begins_when_it_rings_where_who_asked_is_gone_before_that() -> None:
    """Silence is what a telephone network sounds like while it looks for somebody."""
    play = Playbook(a_call()).joined().when(refers()).when(HungUp(CALLEE))

    assert play.hears(CALLER) == ""
    play.when(of_c(HopsFound((C_HOP,)))).when(of_c(Progressed(b"carol", 180)))
    play.then("Notify 180")
    assert play.hears(CALLER) == "r.pcmu"


def test_the_caller_may_transfer_as_well() -> None:
    """The newcomer sits at the caller's place; the callee is asked again."""
    play = Playbook(a_call(PLAIN)).joined().when(refers(CALLER))

    play.then("AnswerReferral 202", "Notify 100", "FindTransferTarget pbx")
    play.when(of_c(HopsFound((C_HOP,)))).when(of_c(Answered(C_DIALOG, C_ANSWER)))
    play.then("Notify 200 over", "LetGo a")
    assert play.call.caller.dialog == C_DIALOG
    assert play.call.is_joined
    play.when(HungUp(CALLER)).then("HangUp callee")
    assert play.call.is_over
# fmt: on


def test_the_newcomer_has_the_place_its_numbers_and_a_key_of_his_own() -> None:
    """One voice a party for the whole call; no key that the former party knows."""
    play = Playbook(a_call()).joined()
    before = play.call.callee
    play.when(refers(aims=(Aim(name="other", address="198.51.100.9", latch=Latch.NAT),)))
    play.when(of_c(HopsFound((C_HOP,)))).when(ANSWERED)
    after = play.call.callee

    assert (after.pair, after.ssrc, after.seat.port) == (before.pair, before.ssrc, before.seat.port)
    assert (after.peer, after.latch, after.seat.address) == ("other", Latch.NAT, "198.51.100.9")
    assert after.seat.secret == C_SECRET != before.seat.secret


def test_the_newcomer_is_offered_what_who_stays_can_speak_whatever_hold_there_is() -> None:
    """The hold is the former party's."""
    play = Playbook(a_call()).joined()
    held = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="sendonly")
    play.when(Reoffered(CALLEE, LATER, b"INVITE", held))
    play.when(Reanswered(CALLER, 200, sdp(0, 8, 101, version=2, direction="recvonly")))
    play.when(refers()).when(of_c(HopsFound((C_HOP,))))
    dial = play.last(DialTransferTarget)
    assert isinstance(dial, DialTransferTarget)
    assert dial.offer.media[0].direction is Direction.SENDRECV

    play.when(ANSWERED).then("Notify 200 over", "LetGo b", "INVITE caller")
    offer = play.last(Offer)
    assert isinstance(offer, Offer)
    assert offer.description is not None
    assert offer.description.media[0].direction is Direction.SENDRECV
    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=3))).then()
    assert play.call.caller.listens
    assert play.call.caller.speaks


def test_a_newcomer_who_takes_all_that_who_stays_speaks_needs_no_other_word() -> None:
    """He is simply relayed."""
    play = Playbook(a_call()).joined().when(refers()).when(of_c(HopsFound((C_HOP,))))

    play.when(of_c(Answered(C_DIALOG, sdp(0, 8, 101, host="192.0.2.31", port=6000))))
    play.then("Notify 200 over", "LetGo b")


def test_who_stays_is_asked_again_where_the_newcomer_takes_another_codec() -> None:
    """No transcoding."""
    play = Playbook(a_call()).joined().when(refers()).when(of_c(HopsFound((C_HOP,))))

    play.when(of_c(Answered(C_DIALOG, sdp(8, 101, host="192.0.2.31", port=6000))))
    play.then("Notify 200 over", "LetGo b", "INVITE caller")
    play.when(Reanswered(CALLER, 200, sdp(8, 101, version=2))).then()


def test_who_asked_not_to_be_told_is_not_told() -> None:
    """RFC 4488."""
    play = Playbook(a_call()).joined().when(refers(is_quiet=True))

    play.then("AnswerReferral 202", "FindTransferTarget pbx")
    play.when(of_c(HopsFound((C_HOP,)))).when(of_c(Refused(486))).then()
    assert play.call.is_joined


def test_the_second_transfer_of_a_call_names_its_refer() -> None:
    """RFC 3515 section 2.4.6: the first need not."""
    play = Playbook(a_call()).joined().when(refers(sequence=7))
    first = play.last(Notify)
    play.when(of_c(HopsFound(()))).when(refers(sequence=8))
    second = play.last(Notify)

    assert isinstance(first, Notify)
    assert isinstance(second, Notify)
    assert (first.event, second.event) == (b"refer", b"refer;id=8")


@pytest.mark.parametrize("status", [486, 603, 404])
def test_a_newcomer_who_refuses_leaves_the_call_as_it_was(status: int) -> None:
    """Who asked hears why and talks on."""
    play = Playbook(a_call()).transferred()
    before = play.call.callee

    play.when(of_c(Refused(status, b"No"))).then(f"Notify {status} over")
    assert play.call.is_joined
    assert play.call.callee == before
    assert play.call.transfer is None
    play.when(refers()).then("AnswerReferral 202", "Notify 100", "FindTransferTarget pbx")


def test_with_who_asked_gone_a_refusal_is_the_end() -> None:
    """Nobody is left to talk to; who stays hears why."""
    play = Playbook(a_call()).transferred().when(HungUp(CALLEE)).when(of_c(Refused(486)))

    assert "HangUp caller" in [type(c).__name__ + " caller" for c in play.commands]
    assert play.call.is_over


def test_the_next_place_is_tried_where_the_first_does_not_answer() -> None:
    """As a call tries its targets."""
    play = Playbook(a_call()).joined().when(refers(aims=TWO)).when(of_c(HopsFound((C_HOP, HOP))))

    play.when(of_c(Refused(503))).then("DialTransferTarget 192.0.2.30")
    play.when(of_c(Refused(408))).then("FindTransferTarget other")
    play.when(of_c(HopsFound(()))).then("Notify 408 over")


def test_a_place_without_srtp_is_asked_again_without() -> None:
    """Where the target may go without."""
    secure = (Aim(name="pbx", address="192.0.2.9", srtp="offer"),)
    play = Playbook(a_call()).joined().when(refers(aims=secure)).when(of_c(HopsFound((C_HOP,))))
    first = play.last(DialTransferTarget)
    play.when(of_c(Refused(488))).then("DialTransferTarget 192.0.2.31")
    second = play.last(DialTransferTarget)

    assert isinstance(first, DialTransferTarget)
    assert isinstance(second, DialTransferTarget)
    assert first.offer.media[0].protocol == b"RTP/SAVP"
    assert second.offer.media[0].protocol == b"RTP/AVP"


def test_a_newcomer_who_rings_too_long_is_given_up() -> None:
    """And one who answers then is let go."""
    play = Playbook(a_call()).transferred().when(of_c(RangTooLong()))

    play.then("GiveUpTransferTarget", "Notify 480 over")
    play.when(ANSWERED).then("LetGo c")


def test_who_stays_hangs_up_and_the_newcomer_is_given_up() -> None:
    """The call waits for his final answer, which may be a 200."""
    play = Playbook(a_call()).transferred().when(HungUp(CALLER))

    play.then("HangUp callee", "Notify 487 over", "GiveUpTransferTarget")
    assert not play.call.is_over
    play.when(ANSWERED).then("LetGo c")
    assert play.call.is_over


def test_a_newcomer_who_is_still_sought_is_just_forgotten() -> None:
    """Nobody has called him yet."""
    play = Playbook(a_call()).joined().when(refers()).when(HungUp(CALLER))

    assert play.call.is_over
    play.when(of_c(HopsFound((C_HOP,)))).then()


def test_one_transfer_at_a_time_and_none_before_both_talk() -> None:
    """491: again, later."""
    play = Playbook(a_call()).answered().when(refers()).then("AnswerReferral 491")
    play.noticed().when(refers()).when(refers(CALLER)).then("AnswerReferral 491")


def test_the_newcomer_may_be_transferred_again_and_transfer_himself() -> None:
    """A call goes through many hands."""
    play = Playbook(a_call()).transferred().when(ANSWERED)

    play.when(refers()).then("AnswerReferral 202", "Notify 100", "FindTransferTarget pbx")
    play.when(of_c(HopsFound((HOP,)))).when(HungUp(CALLEE))
    assert play.call.has_vacancy


def test_a_change_that_who_asked_had_begun_ends_with_him() -> None:
    """Its answer counts for who stays; he is asked again afterwards, for it was a hold."""
    play = Playbook(a_call()).transferred()
    held = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="sendonly")
    play.when(Reoffered(CALLEE, LATER, b"INVITE", held))
    play.when(ANSWERED).then("Notify 200 over", "Reply 491", "LetGo b")

    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=2, direction="recvonly")))
    play.then("INVITE caller")
    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=3))).then()
    assert play.call.caller.speaks


def test_who_stays_is_answered_by_us_while_the_place_is_empty() -> None:
    """A hold of his is between him and us."""
    play = Playbook(a_call()).transferred().when(HungUp(CALLEE))

    play.when(Reoffered(CALLER, LATER, b"INVITE", sdp(0, 101, version=2)))
    play.then("Reply 200 sdp")


def hushed(play: Playbook) -> list[Side]:
    """The sides of which the relay is to land nothing."""
    ends = relay_call(play.call, is_landed=True).ends
    return [side for side in (CALLER, CALLEE) if ends[side].is_hushed]


def test_a_newcomer_on_a_side_with_a_notice_hears_it_before_he_is_joined() -> None:
    """The other hears ringback; nothing that he says is kept before it is through."""
    plan = planned(sides=(CALLEE,))
    play = Playbook(a_call(plan)).answered().noticed(CALLEE)
    assert play.call.is_joined
    play.when(refers()).when(of_c(HopsFound((C_HOP,)))).when(ANSWERED)

    assert (play.hears(CALLER), play.hears(CALLEE)) == ("r.pcmu", "n.pcmu")
    assert not play.call.is_joined
    plays = play.call.callee.plays
    assert plays is not None
    assert (plays.opens, hushed(play)) == (True, [CALLEE])
    play.noticed(CALLEE)
    assert play.call.is_joined
    assert hushed(play) == []
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("", "")
    assert play.call.callee.notice is NoticeStage.SENT


def test_the_first_notice_of_a_call_hushes_nobody() -> None:
    """Its gate does that."""
    play = Playbook(a_call()).answered()

    assert play.call.caller.plays is not None
    assert hushed(play) == []


def test_a_newcomer_who_holds_is_not_kept_before_he_was_told() -> None:
    """He answers on hold, comes back, and holds again while his notice plays."""
    plan = planned(sides=(CALLEE,))
    play = Playbook(a_call(plan)).answered().noticed(CALLEE)
    holds = sdp(0, 101, host="192.0.2.31", port=6000, direction="sendonly")
    play.when(refers()).when(of_c(HopsFound((C_HOP,)))).when(of_c(Answered(C_DIALOG, holds)))
    assert (play.call.callee.notice, play.hears(CALLEE)) == (NoticeStage.HELD, "")
    assert hushed(play) == [CALLEE]

    for version, direction in ((2, "sendrecv"), (3, "sendonly")):
        said = sdp(0, 101, host="192.0.2.31", version=version, direction=direction)
        play.when(Reoffered(CALLEE, LATER, b"INVITE", said))
        assert hushed(play) == [CALLEE]
    play.notice_ends(Outcome.CUT_SHORT, CALLEE)
    assert (play.call.callee.notice, hushed(play)) == (NoticeStage.HELD, [CALLEE])


def test_while_somebody_is_called_for_a_place_nobody_else_is_heard_there() -> None:
    """He sends to the same port, and is not the party yet."""

    def kept(play: Playbook) -> list[bool]:
        return [each.keeps_latch for each in relay_call(play.call, is_landed=True).ends]

    play = Playbook(a_call()).joined()
    assert kept(play) == [False, False]
    play.when(refers()).when(of_c(HopsFound((C_HOP,))))
    assert kept(play) == [False, True]
    play.when(ANSWERED)
    assert kept(play) == [False, False]


@pytest.mark.parametrize("notice_to", [(CALLER,), (CALLEE,)], ids=["nobody there", "who comes"])
def test_nothing_is_kept_from_a_vacant_side_before_who_comes_is_there_and_told(
    notice_to: tuple[Side, ...],
) -> None:
    """With `nat` and `any` his early media is heard there, and would be kept as the other's."""
    play = Playbook(a_call(planned(sides=notice_to))).answered().noticed(notice_to[0])
    play.when(refers()).when(of_c(HopsFound((C_HOP,)))).when(of_c(Progressed(b"carol", 183)))
    assert hushed(play) == []
    play.when(HungUp(CALLEE))
    assert hushed(play) == [CALLEE]

    play.when(ANSWERED)
    assert hushed(play) == ([CALLEE] if CALLEE in notice_to else [])
    if CALLEE in notice_to:
        play.noticed(CALLEE)
    assert hushed(play) == []


def test_where_recording_begins_with_the_notice_a_newcomer_is_kept_from_its_first_word() -> None:
    """Not before it: who answers on hold has heard nothing."""
    plan = planned(sides=(CALLEE,), is_recorded=True)
    play = Playbook(a_call(plan)).answered().noticed(CALLEE)
    holds = sdp(0, 101, host="192.0.2.31", direction="sendonly")
    play.when(refers()).when(of_c(HopsFound((C_HOP,)))).when(of_c(Answered(C_DIALOG, holds)))
    assert hushed(play) == [CALLEE]

    back = sdp(0, 101, host="192.0.2.31", version=2)
    play.when(Reoffered(CALLEE, LATER, b"INVITE", back))
    assert (play.hears(CALLEE), hushed(play)) == ("n.pcmu", [])


def test_a_notice_that_a_newcomer_cannot_be_played_is_the_routes_business() -> None:
    """`block` ends the call: nobody talks without having been told."""
    plan = planned(sides=(CALLEE,), failure="block")
    play = Playbook(a_call(plan)).answered().noticed(CALLEE)
    play.when(refers()).when(of_c(HopsFound((C_HOP,)))).when(ANSWERED)
    plays = play.call.callee.plays
    assert plays is not None

    play.when(
        NoticePlayed(
            side=CALLEE, serial=plays.serial, outcome=Outcome.FAILED, until_us=1, gate_us=0
        )
    )
    play.then("HangUp callee", "HangUp caller")


def test_what_is_heard_of_nobody_changes_nothing() -> None:
    """A repeated 200 of who sits there already; a word of who is long refused."""
    play = Playbook(a_call()).transferred().when(ANSWERED)
    after = play.call

    for event in (ANSWERED, OfTransferTarget(Refused(486)), of_c(Progressed(b"x", 180))):
        play.when(event).then()
    assert play.call == after
    assert play.when(of_c(Answered(C_DIALOG.attempt, None))).last(LetGo)


def test_stages_are_where_one_would_look_for_them() -> None:
    """A successor of ours reads them from bytes."""
    play = Playbook(a_call()).joined().when(refers())
    assert play.call.transfer is not None
    assert play.call.transfer.stage is TransferStage.FINDING
    play.when(of_c(HopsFound((C_HOP,))))
    assert play.call.transfer is not None
    assert play.call.transfer.stage is TransferStage.DIALLING
    assert play.call.caller.theirs == OFFER
    assert PBX[0].name == play.call.callee.peer
