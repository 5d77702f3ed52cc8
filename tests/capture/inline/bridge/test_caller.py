"""What the caller is told, and how his answer comes about."""

from archive.call.refusal_reasons import Reason
from capture.inline.state.call_commands import Accept, Progress, Refuse
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Began,
    HopsFound,
    Progressed,
    Refused,
)
from capture.sdp.acceptance import Unacceptable
from capture.sdp.description import SessionDescription
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    CALLEE,
    CALLER,
    HOP,
    OFFER,
    PLAIN,
    Playbook,
    a_call,
    planned,
    sdp,
)


def told(play: Playbook) -> SessionDescription:
    accept = play.last(Accept)
    assert isinstance(accept, Accept)
    return accept.description


def test_the_caller_gets_the_callees_choice_at_our_address() -> None:
    """No port of the callee's is ever told to the caller."""
    (line,) = told(Playbook(a_call()).answered()).media

    assert line.formats == (b"0", b"101")
    assert (line.port, line.connection and line.connection.address) == (10_000, b"192.0.2.9")


def test_early_media_is_passed_and_the_answer_repeats_what_it_said() -> None:
    """RFC 6337 section 3.1.1: one answer to one offer."""
    play = (
        Playbook(a_call(PLAIN))
        .dialled()
        .when(Progressed(b"callee", 183, ANSWER))
        .then("Progress 183 sdp")
        .when(Progressed(b"callee", 180))
        .then("Progress 180")
        .when(Answered(B_DIALOG, None))
        .then("Accept")
    )
    early = play.last(Progress)
    first = next(each for each in play.log if isinstance(each, Progress) and each.description)

    assert isinstance(early, Progress)
    assert told(play) == first.description


def test_a_second_description_before_the_answer_is_not_told() -> None:
    """An INVITE's offer has one answer; the relay follows the fork that sends."""
    (
        Playbook(a_call(PLAIN))
        .dialled()
        .when(Progressed(b"callee", 183, ANSWER))
        .when(Progressed(b"fork", 183, sdp(8, host="192.0.2.40")))
        .then("Progress 183")
    )


def test_a_callee_who_takes_nothing_is_let_go_and_the_caller_told() -> None:
    """A 2xx with port 0 is no conversation."""
    play = Playbook(a_call()).dialled().when(Answered(B_DIALOG, sdp(0, port=0)))

    play.then("HangUp callee", "Refuse 488")
    assert play.last(Refuse) == Refuse(488, headers=Unacceptable.NO_COMMON_FORMAT.headers)
    assert play.call.recording.unrecorded is Reason.MEDIA


def test_a_caller_who_was_answered_first_is_hung_up_on_where_nobody_takes_the_call() -> None:
    """A 4xx cannot follow a 200; BYE says why."""
    (
        Playbook(a_call(planned(order="answer-first")))
        .when(Began())
        .when(Acknowledged(CALLER))
        .noticed()
        .when(HopsFound((HOP,)))
        .when(Refused(486))
        .then("HangUp caller")
    )


def test_an_offer_of_ours_that_the_ack_does_not_answer_ends_the_call() -> None:
    """There is nothing that either could hear."""
    (
        Playbook(a_call(PLAIN, offer=None))
        .when(Began())
        .when(HopsFound((HOP,)))
        .when(Answered(B_DIALOG, OFFER))
        .when(Acknowledged(CALLER))
        .then("HangUp caller", "HangUp callee")
    )


def test_an_answer_of_no_use_to_the_callee_ends_it_too() -> None:
    """He would repeat his 2xx for want of an ACK, which goes before the BYE."""
    (
        Playbook(a_call(PLAIN, offer=None))
        .when(Began())
        .when(HopsFound((HOP,)))
        .when(Answered(B_DIALOG, OFFER))
        .when(Acknowledged(CALLER, sdp(0, 101, port=0)))
        .then("HangUp caller", "HangUp callee")
    )


def test_a_repeated_ack_begins_nothing_twice() -> None:
    """The notice is played once."""
    play = Playbook(a_call()).answered()
    before = play.call

    play.when(Acknowledged(CALLER)).then()
    assert play.call == before
    assert play.hears(CALLEE) == "r.pcmu"
