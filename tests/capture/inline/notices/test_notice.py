"""The notice: to whom, when, and what follows where it was not played."""

import msgspec
import pytest

from capture.inline.notices.notice import COMFORT_AFTER_US, needs_comfort
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Began,
    ComfortDue,
    HeldTooLong,
    HopsFound,
    HungUp,
    NoticePlayed,
    PartyHeard,
    Progressed,
    Reoffered,
)
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import CallerStage, NoticeStage
from capture.links.relay_messages import Latch, Outcome
from tests.capture.inline.playbook import (
    ANSWER,
    B_DIALOG,
    CALLEE,
    CALLER,
    HOP,
    LATER,
    NOTICE_FILES,
    Playbook,
    a_call,
    planned,
    sdp,
)

BOTH = (CALLER, CALLEE)


def test_the_callee_of_an_outbound_call_is_told_while_the_caller_hears_ringback() -> None:
    """Law: a callback recorded without a word was the case that made the rule."""
    play = Playbook(a_call(planned(sides=(CALLEE,)))).answered()

    assert (play.hears(CALLER), play.hears(CALLEE)) == ("r.pcmu", "n.pcmu")
    play.noticed(CALLEE)
    assert play.call.is_joined


def test_both_are_told_at_the_same_time_and_wait_for_each_other() -> None:
    """Whoever is through first hears ringback."""
    play = Playbook(a_call(planned(sides=BOTH))).answered()

    assert (play.hears(CALLER), play.hears(CALLEE)) == ("n.pcmu", "n.pcmu")
    play.noticed(CALLEE)
    assert not play.call.is_joined
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("n.pcmu", "r.pcmu")
    play.noticed(CALLER)
    assert play.call.is_joined
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("", "")
    assert play.call.recording.gate_us == play.now_us


def test_several_prompts_follow_each_other_and_only_the_last_opens() -> None:
    """Japanese, then English: nobody is recorded between the two."""
    play = Playbook(a_call(planned(prompts=("notice", "second"), codecs=("PCMU",)))).answered()
    first = play.call.caller.plays

    assert first is not None
    assert not first.opens
    play.noticed()
    second = play.call.caller.plays
    assert second is not None
    assert (second.prompt, second.opens) == ("s.pcmu", True)
    assert not play.call.is_joined
    play.noticed()
    assert play.call.is_joined


@pytest.mark.parametrize(
    "changes", [{}, {"prompts": ("notice", "second"), "codecs": ("PCMU",)}, {"sides": BOTH}],
    ids=["one", "two prompts", "both sides"],
)  # fmt: skip
def test_recording_may_begin_with_the_notice(changes: dict[str, object]) -> None:
    """The relay opens the gate with the first packet of whichever prompt comes first."""
    play = Playbook(a_call(planned(is_recorded=True, **changes))).answered()
    plays = play.call.caller.plays

    assert plays is not None
    assert plays.records
    play.when(
        NoticePlayed(
            side=CALLER, serial=plays.serial, outcome=Outcome.COMPLETE, until_us=99, gate_us=77
        )
    )
    assert play.call.recording.gate_us == 77


def test_a_notice_that_was_cut_short_leaves_the_begin_of_recording_where_it_was() -> None:
    """Else what is sealed by then would be from before the begin that is on record."""
    play = Playbook(a_call(planned(is_recorded=True))).answered()
    plays = play.call.caller.plays
    assert plays is not None
    play.when(
        NoticePlayed(
            side=CALLER, serial=plays.serial, outcome=Outcome.CUT_SHORT, until_us=99, gate_us=77
        )
    )

    assert play.call.is_joined
    assert (play.call.recording.gate_us, play.call.recording.missing) == (77, True)


def test_the_prompt_has_the_codec_and_the_number_that_the_party_wants() -> None:
    """Its first codec that is prepared."""
    play = Playbook(a_call(offer=sdp(8, 0, 101))).answered(sdp(8, 101, host="192.0.2.30"))

    assert play.call.caller.plays is not None
    assert (play.hears(CALLER), play.call.caller.plays.payload_type) == ("n.pcma", 8)


def test_the_prompt_has_no_codec_that_was_offered_and_not_taken() -> None:
    """RFC 3264 section 6.1: what is agreed on is in both descriptions."""
    play = Playbook(a_call(offer=sdp(0, 8, 101))).answered(sdp(8, 101, host="192.0.2.30"))

    assert play.call.caller.plays is not None
    assert (play.hears(CALLER), play.call.caller.plays.payload_type) == ("n.pcma", 8)


@pytest.mark.parametrize("outcome", [Outcome.CUT_SHORT, Outcome.FAILED])
def test_block_lets_nobody_talk_without_having_been_told(outcome: Outcome) -> None:
    """Fail closed."""
    play = Playbook(a_call(planned(failure="block"))).answered()

    play.notice_ends(outcome).then("HangUp callee", "HangUp caller")
    assert play.call.is_over
    assert play.call.recording.unrecorded


@pytest.mark.parametrize("outcome", [Outcome.CUT_SHORT, Outcome.FAILED])
def test_connect_unrecorded_lets_them_talk_and_keeps_nothing(outcome: Outcome) -> None:
    """And says why."""
    play = Playbook(a_call(planned(failure="connect-unrecorded"))).answered()

    play.notice_ends(outcome).then()
    assert play.call.is_joined
    assert play.call.recording.unrecorded == "notice not played"


def test_where_nothing_is_kept_any_more_nobody_hears_that_it_is() -> None:
    """The caller's notice failed; the callee's would not be true."""
    plan = planned(sides=BOTH, failure="connect-unrecorded")
    play = Playbook(a_call(plan)).answered().notice_ends(Outcome.FAILED)

    assert play.call.is_joined
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("", "")
    assert play.call.callee.notice is NoticeStage.WITHDRAWN


@pytest.mark.parametrize("outcome", [Outcome.CUT_SHORT, Outcome.FAILED])
def test_connect_and_flag_keeps_what_is_said_from_then_on(outcome: Outcome) -> None:
    """Fail open, on the record."""
    play = Playbook(a_call(planned(failure="connect-and-flag"))).answered()

    play.notice_ends(outcome).then()
    assert play.call.is_joined
    assert (play.call.recording.missing, play.call.recording.unrecorded) == (True, "")
    assert play.call.recording.gate_us == play.now_us


def test_an_early_notice_that_cannot_be_played_is_refused_where_the_route_blocks() -> None:
    """480 with a Reason, before anybody was called."""
    plan = planned(order="early", failure="block")

    Playbook(a_call(plan), PromptStock({})).when(Began()).then("Progress 183 sdp", "Refuse 480")


def test_a_caller_who_hangs_up_during_the_notice_has_cut_nothing_short() -> None:
    """The call is over; no policy is asked."""
    play = Playbook(a_call(planned(failure="block"))).answered()
    plays = play.call.caller.plays
    assert plays is not None

    play.when(HungUp(CALLER)).then("HangUp callee")
    cut = Outcome.CUT_SHORT
    play.when(
        NoticePlayed(side=CALLER, serial=plays.serial, outcome=cut, until_us=1, gate_us=0)
    ).then()
    assert play.call.caller_stage is CallerStage.GONE
    assert play.call.recording.unrecorded == ""


def test_a_caller_who_holds_during_the_notice_hears_it_again_from_its_begin() -> None:
    """What nobody listened to was not told."""
    play = Playbook(a_call()).answered()
    first = play.call.caller.plays
    assert first is not None

    held = sdp(0, 101, version=2, direction="sendonly")
    play.when(Reoffered(CALLER, LATER, b"INVITE", held)).then("Reply 200 sdp")
    play.notice_ends(Outcome.CUT_SHORT).then()
    assert play.call.caller.notice is NoticeStage.HELD
    assert play.hears(CALLEE) == "r.pcmu"
    back = sdp(0, 101, version=3)
    play.when(Reoffered(CALLER, LATER, b"INVITE", back)).then("Reply 200 sdp")
    again = play.call.caller.plays
    assert again is not None
    assert (again.prompt, again.serial > first.serial) == ("n.pcmu", True)
    play.noticed()
    assert play.call.is_joined


def test_the_end_of_an_order_that_was_replaced_is_no_end_of_the_notice() -> None:
    """Serials tell them apart."""
    play = Playbook(a_call()).answered()
    before = play.call

    play.when(
        NoticePlayed(side=CALLER, serial=99, outcome=Outcome.COMPLETE, until_us=1, gate_us=1)
    ).then()
    assert play.call == before


def test_without_a_tone_in_his_codec_who_waits_hears_silence() -> None:
    """Nothing is worth failing a call for a tone."""
    files = {key: value for key, value in NOTICE_FILES.items() if key[0] != "ring"}
    play = Playbook(a_call(), PromptStock(files)).answered()

    assert (play.hears(CALLER), play.hears(CALLEE)) == ("n.pcmu", "")


def test_the_notice_waits_for_the_ack() -> None:
    """Before it the caller may not hear what we send (RFC 3261 section 13.2.2.4)."""
    play = Playbook(a_call()).dialled().when(Answered(B_DIALOG, ANSWER))

    assert play.hears(CALLER) == ""
    play.when(Acknowledged(CALLER))
    assert play.hears(CALLER) == "n.pcmu"


def queued(**changes: object) -> Playbook:
    """A caller has heard the notice; whoever is called says nothing."""
    play = Playbook(a_call(planned(order="answer-first", **changes))).when(Began())
    return play.when(Acknowledged(CALLER)).noticed().when(HopsFound((HOP,)))


def test_who_waits_in_silence_for_a_queue_hears_that_the_line_lives() -> None:
    """Two seconds after it was called; ringing takes the tone's place, and an answer ends it."""
    play = queued()
    assert play.hears(CALLER) == ""
    assert not needs_comfort(play.call, play.now_us + COMFORT_AFTER_US - 1)
    assert needs_comfort(play.call, play.now_us + COMFORT_AFTER_US)
    play.when(ComfortDue()).then()
    assert play.hears(CALLER) == "t.pcmu"
    assert play.call.caller.plays is not None
    assert play.call.caller.plays.repeats
    assert not needs_comfort(play.call, play.now_us + 60_000_000)
    play.when(Progressed(b"callee", 180))
    assert play.hears(CALLER) == "r.pcmu"


def test_an_answer_ends_the_tone_of_who_waits() -> None:
    """From then on the parties hear each other."""
    play = queued().when(ComfortDue()).when(Answered(B_DIALOG, ANSWER))

    assert play.hears(CALLER) == ""
    assert play.call.is_joined


def test_only_who_is_answered_and_told_waits_in_silence() -> None:
    """Before, his own telephone says that it rings; while it rings here he hears that."""
    dialled = Playbook(a_call()).dialled()
    rings = queued().when(Progressed(b"callee", 180))
    without = queued(ringback="")

    for play in (dialled, rings, without):
        assert not needs_comfort(play.call, play.now_us + 60_000_000)


def test_the_tone_of_who_waits_goes_on_under_the_number_that_he_wants_now() -> None:
    """As ringback does, and it stays that tone."""
    play = queued().when(ComfortDue())
    renumbered = sdp(97, 101, version=2, maps="a=rtpmap:97 PCMU/8000\r\n")
    play.when(Reoffered(CALLER, LATER, b"INVITE", renumbered))
    plays = play.call.caller.plays

    assert plays is not None
    assert (plays.prompt, plays.payload_type) == ("t.pcmu", 97)


def failed(play: Playbook, *, is_unheard: bool) -> NoticePlayed:
    """Nothing of what the caller was to hear has left."""
    plays = play.call.caller.plays
    assert plays is not None
    return NoticePlayed(
        side=CALLER, serial=plays.serial, outcome=Outcome.FAILED, until_us=play.now_us, gate_us=0,
        is_unheard=is_unheard,
    )  # fmt: skip


def translated() -> Playbook:
    """A caller behind an address translator, where nobody may talk without having been told."""
    call = a_call(planned(failure="block"))
    caller = msgspec.structs.replace(call.caller, latch=Latch.NAT)
    return Playbook(call.with_end(caller)).answered()


def test_who_can_be_told_nothing_before_he_is_heard_is_told_then() -> None:
    """A private address that the kernel refuses costs neither the notice nor the call."""
    play = translated()
    play.when(failed(play, is_unheard=True)).then()
    assert (play.call.caller.notice, play.hears(CALLER)) == (NoticeStage.HELD, "")

    play.when(PartyHeard(CALLER)).then()
    assert play.hears(CALLER) == "n.pcmu"
    play.noticed()
    assert play.call.is_joined


def test_who_is_never_heard_is_not_waited_for_for_ever() -> None:
    """The route says what follows; so where somebody was heard, and cannot be told."""
    play = translated()
    play.when(failed(play, is_unheard=True)).when(HeldTooLong(CALLER))
    play.then("HangUp callee", "HangUp caller")
    play = translated()
    play.when(failed(play, is_unheard=False)).then("HangUp callee", "HangUp caller")
    play = Playbook(a_call(planned(failure="block"))).answered()
    play.when(failed(play, is_unheard=True)).then("HangUp callee", "HangUp caller")


def test_who_is_through_hears_ringback_while_the_other_one_holds() -> None:
    """The callee holds during his own notice."""
    play = Playbook(a_call(planned(sides=BOTH))).answered()
    held = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="sendonly")
    play.when(Reoffered(CALLEE, LATER, b"INVITE", held)).notice_ends(Outcome.CUT_SHORT, CALLEE)
    play.noticed(CALLER)

    assert play.call.callee.notice is NoticeStage.HELD
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("r.pcmu", "")


@pytest.mark.parametrize(
    ("policy", "commands"),
    [("block", ("HangUp callee", "HangUp caller")), ("connect-and-flag", ())],
)
def test_who_never_listens_is_not_waited_for_for_ever(
    policy: str, commands: tuple[str, ...]
) -> None:
    """An announcement that answers `sendonly`: the caller hears ringback till the route decides."""
    plays = sdp(0, 101, host="192.0.2.30", port=5000, direction="sendonly")
    plan = planned(sides=(CALLEE,), failure=policy)
    play = Playbook(a_call(plan)).answered(plays)
    assert (play.call.callee.notice, play.hears(CALLER)) == (NoticeStage.HELD, "r.pcmu")

    play.when(HeldTooLong(CALLER)).then()
    play.when(HeldTooLong(CALLEE)).then(*commands)
    assert (play.call.is_joined, play.call.recording.missing) == (not commands, not commands)
