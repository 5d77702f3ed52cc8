"""What the caller is told, and how his answer comes about."""

from archive.call.refusal_reasons import Reason
from capture.inline.recordings.relay_calls import hear_each_other
from capture.inline.state.call_commands import Accept, Progress, Refuse
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Began,
    HopsFound,
    HungUp,
    Progressed,
    RangTooLong,
    Refused,
)
from capture.inline.state.phases import phase_of
from capture.inline.state.stages import CalleeStage
from capture.links.relay_messages import Outcome
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
    TWO,
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


def sounding(**changes: object) -> Playbook:
    """A caller whom we have answered hears what a PBX says before its answer."""
    play = Playbook(a_call(planned(order="answer-first", **changes))).when(Began())
    play.when(Acknowledged(CALLER)).noticed().when(HopsFound((HOP,)))
    play.when(Progressed(b"callee", 183, ANSWER)).then()
    assert play.hears(CALLER) == "r.pcmu"
    return play.notice_ends(Outcome.COMPLETE)


def test_who_is_answered_hears_early_media_and_no_ringback_behind_it() -> None:
    """The relay's tone has given way; a 180 behind that begins no other one (RFC 3960 §3.2)."""
    play = sounding()
    assert (play.call.callee_stage, play.hears(CALLER)) == (CalleeStage.SOUNDING, "")
    assert hear_each_other(play.call)
    assert phase_of(play.call) == "ringing"
    play.when(Progressed(b"callee", 180)).then()
    assert play.hears(CALLER) == ""
    play.when(Answered(B_DIALOG, ANSWER))
    assert play.call.is_joined
    assert [each.outcome for each in play.call.attempts] == ["rang", "sounded", "answered"]


def test_ringback_yields_only_before_an_answer() -> None:
    """What a party hears while the other one is told hides a voice that it is not to hear yet."""
    rings = Playbook(a_call(planned(order="answer-first"))).when(Began()).when(Acknowledged(CALLER))
    rings.noticed().when(HopsFound((HOP,))).when(Progressed(b"callee", 180))
    told = Playbook(a_call()).answered()

    for play, side, yields in ((rings, CALLER, True), (told, CALLEE, False)):
        plays = play.call.end(side).plays
        assert plays is not None
        assert (plays.repeats, plays.yields) == (True, yields)


def test_a_callee_who_is_heard_may_still_refuse_and_another_one_rings_anew() -> None:
    """The next target is called, and rings, as ever."""
    play = sounding(targets=TWO).when(Refused(480)).then("FindHops other")
    play.when(HopsFound((HOP,))).then("Dial 192.0.2.30")
    assert play.call.callee_stage is CalleeStage.DIALLING
    play.when(Progressed(b"other", 180))
    assert play.hears(CALLER) == "r.pcmu"


def test_a_caller_may_hang_up_on_what_is_said_before_the_answer() -> None:
    """The callee is cancelled; and so where it rings for too long."""
    sounding().when(HungUp(CALLER)).then("GiveUp")
    sounding().when(RangTooLong()).then("GiveUp", "HangUp caller")


def test_early_media_in_a_codec_that_the_caller_was_not_told_is_not_passed() -> None:
    """Nothing is transcoded: he hears ringback, as long as it rings."""
    play = Playbook(a_call(planned(order="answer-first"))).when(Began())
    play.when(Acknowledged(CALLER)).noticed().when(HopsFound((HOP,)))
    play.when(Progressed(b"callee", 183, sdp(8, 101, host="192.0.2.30", port=5000)))

    assert play.hears(CALLER) == "r.pcmu"
    assert not hear_each_other(play.call)


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
