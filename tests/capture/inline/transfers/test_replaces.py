"""An INVITE takes a place: who is answered, who has to answer first, who is let go."""

from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import (
    AcceptTransferTarget,
    Notify,
    Offer,
    RefuseTransferTarget,
)
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Cancelled,
    HungUp,
    Progressed,
    Reanswered,
    Refused,
    Reoffered,
)
from capture.inline.state.stages import TransferStage
from capture.links.relay_messages import Latch
from capture.sdp.acceptance import Unacceptable
from capture.sdp.description import SessionDescription
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    C_ANSWER,
    C_DIALOG,
    CALLEE,
    CALLER,
    D_DIALOG,
    D_KEY,
    LATER,
    PLAIN,
    Playbook,
    a_call,
    of_c,
    sdp,
    takes,
)

DAVES = sdp(0, 8, 101, host="192.0.2.29")


def accepted(play: Playbook) -> SessionDescription:
    """What he was answered, or offered."""
    command = play.last(AcceptTransferTarget)
    assert isinstance(command, AcceptTransferTarget)
    return command.description


def stage_of(call: InlineCall) -> TransferStage | None:
    return call.transfer and call.transfer.stage


# fmt: off
def test_who_comes_by_himself_is_accepted_and_the_former_party_let_go() -> None:
    """RFC 3891 section 3: in this order."""
    play = (
        Playbook(a_call(PLAIN))
        .joined()
        .when(takes(CALLEE, DAVES))
        .then("AcceptTransferTarget", "LetGo b")
    )

    assert play.call.is_joined
    assert (play.call.callee.peer, play.call.callee.latch) == ("pbx", Latch.NAT)


def test_he_is_answered_in_a_codec_that_who_stays_speaks() -> None:
    """Nobody has to be asked again then."""
    play = Playbook(a_call(PLAIN)).joined().when(takes(CALLEE, sdp(8, 0, 101)))

    assert accepted(play).media[0].formats == (b"0", b"101")


def test_else_who_stays_is_asked_again() -> None:
    """No transcoding."""
    (
        Playbook(a_call(PLAIN))
        .joined()
        .when(takes(CALLEE, sdp(8, 101))).then("AcceptTransferTarget", "LetGo b", "INVITE caller")
    )


def test_who_stays_is_offered_only_what_he_was_answered_with() -> None:
    """A hold is taken off; a codec that the newcomer would have liked is not asked for."""
    play = Playbook(a_call(PLAIN)).joined()
    play.when(Reoffered(CALLEE, LATER, b"INVITE", sdp(0, 101, version=2, direction="sendonly")))
    play.when(Reanswered(CALLER, 200, sdp(0, 101, version=2, direction="recvonly")))
    play.when(takes(CALLEE, sdp(18, 0, 101)))
    asked = play.last(Offer)

    assert isinstance(asked, Offer)
    assert asked.description is not None
    assert asked.description.media[0].formats == (b"0", b"101")


def test_what_cannot_be_spoken_or_comes_too_early_is_refused() -> None:
    """488 and 491; the call goes on."""
    play = Playbook(a_call()).joined()
    play.when(takes(CALLEE, sdp(18))).then("RefuseTransferTarget 488")
    refused = RefuseTransferTarget(D_KEY, 488, Unacceptable.NO_FORMAT_OF_NOTICE.headers)
    assert play.last(RefuseTransferTarget) == refused
    assert play.call.is_joined
    Playbook(a_call()).transferred().when(takes(CALLER, C_ANSWER)).then("RefuseTransferTarget 491")
    Playbook(a_call()).dialled().when(takes(CALLER, C_ANSWER)).then("RefuseTransferTarget 491")
    Playbook(a_call()).answered().when(takes(CALLER, C_ANSWER)).then("RefuseTransferTarget 491")
    play = Playbook(a_call()).joined().when(takes(CALLEE, DAVES, early=True))
    play.then("RefuseTransferTarget 491")


# -- without an offer ------------------------------------------------------------------------------


def test_who_offers_nothing_is_offered_what_who_stays_can_speak() -> None:
    """RFC 3261 section 13.2.1; until his ACK both talk on."""
    play = Playbook(a_call(PLAIN)).joined().when(takes(CALLEE, None)).then("AcceptTransferTarget")

    assert accepted(play).media[0].formats == (b"18", b"0", b"8", b"101")
    assert play.call.is_joined
    assert play.call.callee.dialog == B_DIALOG


def test_his_ack_answers_and_the_place_is_his() -> None:
    """Then the former party is let go."""
    play = (
        Playbook(a_call(PLAIN))
        .joined()
        .when(takes(CALLEE, None))
        .when(of_c(Answered(D_DIALOG, sdp(0, 101, host="192.0.2.29"))))
        .then("LetGo b")
    )

    assert play.call.is_joined
    assert (play.call.callee.dialog, play.call.callee.peer) == (D_DIALOG, "pbx")
    assert play.call.transfer is None


def test_an_answer_in_another_codec_has_who_stays_asked_again() -> None:
    """He was offered all that the other one has."""
    (
        Playbook(a_call(PLAIN))
        .joined()
        .when(takes(CALLEE, None))
        .when(of_c(Answered(D_DIALOG, sdp(8, 101)))).then("LetGo b", "INVITE caller")
    )


def test_an_ack_without_an_answer_leaves_all_as_it_was() -> None:
    """Who talks has lost nothing."""
    play = (
        Playbook(a_call(PLAIN))
        .joined()
        .when(takes(CALLEE, None))
        .when(of_c(Answered(D_DIALOG, None))).then("LetGo d")
    )

    assert play.call.is_joined
    assert (play.call.callee.dialog, play.call.transfer) == (B_DIALOG, None)


def test_who_hangs_up_before_he_has_answered_leaves_all_as_it_was() -> None:
    """Nobody else is sought."""
    play = Playbook(a_call(PLAIN)).joined().when(takes(CALLEE, None))
    play.when(of_c(Refused(480))).then()

    assert play.call.is_joined
    assert play.call.transfer is None


def test_the_place_may_be_left_while_his_answer_is_awaited() -> None:
    """He comes to who stays."""
    play = Playbook(a_call(PLAIN)).joined().when(takes(CALLEE, None))
    play.when(HungUp(CALLEE)).then()
    play.when(of_c(Answered(D_DIALOG, DAVES))).then()

    assert play.call.is_joined


def test_who_comes_to_a_call_that_is_over_is_let_go() -> None:
    """Whoever it is that hung up."""
    play = Playbook(a_call(PLAIN)).joined().when(takes(CALLEE, None))
    play.when(HungUp(CALLER)).then("HangUp callee", "LetGo d")

    assert play.call.is_over


def test_with_nothing_to_offer_it_is_refused() -> None:
    """A caller who has offered nothing either, and may speak whatever there is."""
    play = Playbook(a_call(PLAIN, None)).dialled().when(Answered(B_DIALOG, ANSWER))

    play.when(takes(CALLEE, None)).then("RefuseTransferTarget 488")


# -- of telephones that ring -----------------------------------------------------------------------


def ringing(play: Playbook) -> Playbook:
    """The callee rings."""
    return play.dialled().when(Progressed(b"callee", 180))


def test_a_transfers_target_that_rings_is_answered_elsewhere() -> None:
    """Who asked hears that it is done, and is let go like ever."""
    play = Playbook(a_call(PLAIN)).transferred()
    play.when(takes(CALLEE, DAVES, early=True))
    play.then("AcceptTransferTarget", "GiveUpTransferTarget", "Notify 200 over", "LetGo b")

    assert play.call.callee.dialog == D_DIALOG
    assert play.call.is_joined


def test_a_transfers_target_that_answers_all_the_same_is_let_go() -> None:
    """His 2xx has crossed our CANCEL."""
    play = Playbook(a_call(PLAIN)).transferred().when(takes(CALLEE, DAVES, early=True))

    play.when(of_c(Answered(C_DIALOG, C_ANSWER))).then("LetGo c")


def test_a_transfers_target_rings_no_longer_once_another_one_is_to_answer() -> None:
    """Who offers nothing has to answer first; who asked hears it then."""
    play = Playbook(a_call(PLAIN)).transferred()
    play.when(takes(CALLEE, None, early=True)).then("AcceptTransferTarget", "GiveUpTransferTarget")
    assert stage_of(play.call) is TransferStage.COMING

    play.when(of_c(Answered(D_DIALOG, DAVES))).then("Notify 200 over", "LetGo b")
    assert play.call.is_joined


def test_who_asked_hears_that_nobody_has_come_after_all() -> None:
    """The target was given up for somebody who does not answer."""
    play = Playbook(a_call(PLAIN)).transferred().when(takes(CALLEE, None, early=True))
    play.when(of_c(Answered(D_DIALOG, None))).then("LetGo d", "Notify 488 over")

    told = play.last(Notify)
    assert isinstance(told, Notify)
    assert play.call.is_joined


def test_an_unanswered_call_goes_on_ringing_until_he_has_answered() -> None:
    """Without an offer."""
    play = ringing(Playbook(a_call(PLAIN)))
    play.when(takes(CALLEE, None, early=True)).then("AcceptTransferTarget")
    play.when(of_c(Answered(D_DIALOG, sdp(8, 101)))).then("GiveUp", "Accept")

    assert play.call.callee.dialog == D_DIALOG
    assert play.call.caller.ours is not None
    assert play.call.caller.ours.media[0].formats == (b"8", b"101")
    play.when(Acknowledged(CALLER)).then()
    assert play.call.is_joined


def test_who_answers_nothing_that_the_caller_has_is_let_go() -> None:
    """It rings on."""
    play = ringing(Playbook(a_call(PLAIN))).when(takes(CALLEE, None, early=True))
    play.when(of_c(Answered(D_DIALOG, sdp(9)))).then("LetGo d")

    play.when(Answered(B_DIALOG, ANSWER)).then("Accept")


def test_a_caller_who_gives_up_meanwhile_has_both_given_up() -> None:
    """Who rings, and who came."""
    play = ringing(Playbook(a_call(PLAIN))).when(takes(CALLEE, None, early=True))

    play.when(Cancelled()).then("GiveUp", "LetGo d")
# fmt: on
