"""Recording that is begun by hand while both talk: who is told, and since when what is kept."""

import pytest

from capture.inline.notices.beep import is_due
from capture.inline.notices.recording_start import LEAD_US
from capture.inline.state.call_events import KeyPressed, Started
from capture.inline.state.phases import phase_of
from capture.links.relay_messages import Outcome
from tests.capture.inline.playbook import (
    C_ANSWER,
    C_DIALOG,
    C_HOP,
    CALLEE,
    CALLER,
    Answered,
    HopsFound,
    Playbook,
    a_call,
    of_c,
    planned,
    refers,
)

PLAN = planned(records=False, may_start=True, at_start=True)


def talking(**changes: object) -> Playbook:
    """A call that is up unrecorded; who called hears the notice once recording begins."""
    return Playbook(a_call(planned(records=False, may_start=True, **changes))).answered()


def untold(**changes: object) -> Playbook:
    """The same, of a route that plays its notice when recording begins."""
    return talking(at_start=True, **changes)


def test_without_a_notice_to_play_it_is_kept_from_that_moment() -> None:
    """The gate that stood open for nobody's sake moves: nothing before is let through."""
    play = talking(prompts=())
    before_us = play.call.recording.gate_us
    play.when(Started())

    assert before_us < play.call.recording.gate_us == play.now_us + LEAD_US
    assert play.call.recording.is_started


def test_who_was_told_before_both_talked_is_not_told_again() -> None:
    """The notice of such a route stands at the begin of the call."""
    play = talking().noticed()
    play.when(Started())

    assert play.hears(CALLER) == ""
    assert play.call.recording.gate_us == play.now_us + LEAD_US


def test_who_is_to_be_told_hears_the_notice_first() -> None:
    """Both talked before it without one, and the gate was closed: it opens behind the notice."""
    play = untold()
    assert (play.call.is_joined, play.hears(CALLER), play.call.recording.gate_us) == (True, "", 0)

    play.when(Started())
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("n.pcmu", "")
    assert (play.call.recording.gate_us, phase_of(play.call)) == (0, "notice")

    play.noticed()
    assert play.call.recording.gate_us == play.now_us
    assert (play.hears(CALLER), play.call.is_joined) == ("", True)


def test_both_hear_it_where_both_are_to() -> None:
    """Nothing is kept before the later one is through."""
    play = untold(sides=(CALLER, CALLEE)).when(Started())
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("n.pcmu", "n.pcmu")

    play.noticed(CALLEE)
    assert play.call.recording.gate_us == 0
    play.noticed(CALLER)
    assert play.call.recording.gate_us == play.now_us


def test_who_is_told_in_mid_call_may_refuse() -> None:
    """As at the begin of a call; nothing was kept, and the call goes on."""
    play = untold(refusal_key="9").when(Started()).when(KeyPressed(CALLER, "9"))

    assert (play.call.recording.unrecorded, play.call.is_joined, play.hears(CALLER)) == (
        "refused",
        True,
        "",
    )


def test_a_key_before_anybody_was_told_refuses_nothing() -> None:
    """It is a menu's."""
    play = untold(refusal_key="9").when(KeyPressed(CALLER, "9"))

    assert play.call.recording.unrecorded == ""


@pytest.mark.parametrize(
    ("policy", "unrecorded"),
    [
        ("block", "notice not played"),
        ("connect-unrecorded", "notice not played"),
        ("connect-and-flag", ""),
    ],
)
def test_a_notice_that_cannot_be_played_never_ends_the_call(policy: str, unrecorded: str) -> None:
    """It was wanted without a recording too; what `block` blocks is the recording."""
    play = untold(prompts=("unknown",), failure=policy).when(Started()).then()

    assert (play.call.is_joined, play.call.recording.unrecorded) == (True, unrecorded)
    assert play.call.recording.missing


def test_a_notice_that_is_cut_short_in_mid_call_blocks_the_recording_alone() -> None:
    """The relay failed; both go on to talk."""
    play = untold(failure="block").when(Started())
    play.notice_ends(Outcome.CUT_SHORT).then()

    assert (play.call.is_joined, play.call.recording.unrecorded) == (True, "notice not played")


def test_nobody_is_transferred_while_he_is_told() -> None:
    """Whoever came would not have been."""
    untold().when(Started()).when(refers()).then("AnswerReferral 491")


def test_a_newcomer_is_told_once_recording_was_begun_and_not_before() -> None:
    """Before there is nothing to tell him of."""

    def with_carol(play: Playbook) -> Playbook:
        play.when(refers()).when(of_c(HopsFound((C_HOP,))))
        return play.when(of_c(Answered(C_DIALOG, C_ANSWER)))

    before = with_carol(untold(sides=(CALLEE,)))
    assert (before.hears(CALLEE), before.call.is_joined) == ("", True)
    assert before.when(Started()).hears(CALLEE) == "n.pcmu"

    after = untold(sides=(CALLEE,)).when(Started()).noticed(CALLEE)
    assert with_carol(after).hears(CALLEE) == "n.pcmu"


def test_it_is_begun_once_and_only_where_the_route_lets_it() -> None:
    """A second wish, one before both talk, and one on another route change nothing."""
    play = untold().when(Started()).noticed()
    gate_us = play.call.recording.gate_us
    assert play.when(Started()).call.recording.gate_us == gate_us

    assert not Playbook(a_call(PLAN)).dialled().when(Started()).call.recording.is_started
    assert (
        not Playbook(a_call(planned(records=False)))
        .joined()
        .when(Started())
        .call.recording.is_started
    )


def test_nobody_is_reminded_of_a_recording_that_has_not_begun() -> None:
    """The beep counts from the end of the notice."""
    play = untold(beep_s=15)
    assert not is_due(play.call, play.now_us + 60_000_000)
    play.when(Started()).noticed()

    assert is_due(play.call, play.call.recording.gate_us + 15_000_000)
