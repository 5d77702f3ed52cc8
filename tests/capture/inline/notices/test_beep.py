"""A beep reminds both parties that they are recorded."""

import dataclasses

import pytest

from capture.inline.notices.beep import BEEP, is_due
from capture.inline.state.call_events import BeepDue, KeyPressed
from capture.inline.state.prompt_stock import PromptStock
from capture.links.relay_messages import Outcome
from capture.recording.pause_control import pause
from tests.capture.inline.playbook import CALLEE, CALLER, NOTICE_FILES, Playbook, a_call, planned
from tests.capture.inline.stage import ROUTE, Stage

STOCK = PromptStock(NOTICE_FILES | {(BEEP, "PCMU"): "b.pcmu"})
PLAN = planned(beep_s=15)
INTERVAL_US = 15_000_000


def talking(**changes: object) -> Playbook:
    """A recorded call whose notice is through."""
    return Playbook(a_call(planned(beep_s=15, **changes)), STOCK).joined()


def test_both_hear_it_and_then_each_other_again() -> None:
    """It takes the place of the other party's voice for as long as it lasts."""
    play = talking().when(BeepDue())
    assert (play.hears(CALLER), play.hears(CALLEE)) == ("b.pcmu", "b.pcmu")

    for side in (CALLER, CALLEE):
        play.notice_ends(Outcome.COMPLETE, side)

    assert (play.hears(CALLER), play.hears(CALLEE)) == ("", "")
    assert play.call.is_joined


def test_a_beep_that_is_cut_short_is_no_notice_that_was() -> None:
    """A hold ends it, and nothing else follows."""
    play = talking(failure="block").when(BeepDue())
    play.notice_ends(Outcome.CUT_SHORT, CALLEE)

    assert play.hears(CALLEE) == ""
    assert not play.call.recording.missing


def test_it_is_due_so_long_after_recording_began_and_after_the_last_one() -> None:
    """Not after the call began: there was the notice."""
    play = talking()
    gate_us = play.call.recording.gate_us

    assert not is_due(play.call, gate_us + INTERVAL_US - 1)
    assert is_due(play.call, gate_us + INTERVAL_US)
    play.when(BeepDue(), gate_us + INTERVAL_US)
    assert not is_due(play.call, gate_us + 2 * INTERVAL_US - 1)
    assert is_due(play.call, gate_us + 2 * INTERVAL_US)


def test_who_is_not_recorded_hears_none() -> None:
    """A beep would say otherwise."""
    refused = talking(refusal_key="9")
    refused.when(KeyPressed(CALLER, "9"), refused.call.recording.gate_us - 1)

    assert refused.call.is_joined
    assert not is_due(refused.call, refused.now_us + 10 * INTERVAL_US)
    assert not is_due(Playbook(a_call(PLAN), STOCK).answered().call, 2**60)


def test_a_codec_without_a_beep_goes_on_without_one() -> None:
    """The call does not suffer."""
    play = Playbook(a_call(PLAN)).joined().when(BeepDue())

    assert (play.hears(CALLER), play.hears(CALLEE)) == ("", "")


@pytest.mark.parametrize("seconds", [14, 15])
def test_the_relay_is_told_when_the_time_has_come(seconds: int) -> None:
    """By the tick of signalling; its successor goes on counting."""
    route = dataclasses.replace(ROUTE, beep_s=15)
    stage = Stage(routes=(route,)).talking()
    began_s = stage.now.s
    stage.until(began_s + seconds)

    hears = [end.playing is not None for end in stage.relay_call().ends]
    assert hears == [seconds == 15] * 2


def test_there_is_no_beep_while_recording_is_paused() -> None:
    """Nothing is kept meanwhile; it comes once recording goes on."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, beep_s=15),)).talking()
    session = next(iter(stage.node.sessions))
    stage._did(pause(stage.node, session, "kimura", "card number", stage.now))
    stage.until(stage.now.s + 20)

    assert [end.playing for end in stage.relay_call().ends] == [None, None]
