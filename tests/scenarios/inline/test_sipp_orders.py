"""Who hears the notice and when, and since when what is said is kept; SIPp on both sides."""

from pathlib import Path

import numpy as np
import pytest

from archive.call.events import NoticePlayed, RecordingBegan
from capture.prompts.tones import COMFORT_TONE, sound_of
from tests.scenarios.hearing import RATE
from tests.scenarios.inline.kept import AGENT, NODE, Kept, notice
from tests.scenarios.inline.node import Node
from tests.scenarios.inline.talk import ACKED, RANG, Roles, Talk, ringback, talk
from tests.scenarios.oracle import STAMP_TOLERANCE_US
from tests.scenarios.phones import sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.waiting import until

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]


def kept_after_talking(two: Talk) -> Kept:
    """Both hear each other, hang up, and this is kept."""
    two.hear_each_other()
    two.hang_up()
    return two.kept()


def kept_as_heard(kept: Kept) -> None:
    """Everything since recording began, nothing else, each in its place."""
    assert kept.recorded.flags == set()
    kept.nothing_from_before()
    kept.voices_in_place()


def test_with_the_notice_its_first_packet_is_where_recording_begins(
    node: Node, tmp_path: Path
) -> None:
    """What arrived before that is in no file, what came during it is."""
    with talk(node, tmp_path, Roles(), record_from="with-notice") as two:
        two.answered()
        two.caller_was_told()
        kept = kept_after_talking(two)

    said = kept.notice_is_true()
    assert abs(kept.began_us - said.from_us) <= STAMP_TOLERANCE_US
    kept_as_heard(kept)


def test_answered_first_the_caller_has_heard_all_before_anybody_is_called(
    node: Node, tmp_path: Path
) -> None:
    """The INVITE to the callee leaves behind the last packet of the notice."""
    with talk(node, tmp_path, Roles(), notice_when="answer-first") as two:
        two.caller.saw(ACKED)
        two.callee.saw(r"^INVITE ")
        two.answered()
        two.alice.hears(notice())
        kept = kept_after_talking(two)

    said = kept.notice_is_true()
    assert two.call.callee_scene().invited().at_us >= said.until_us
    kept_as_heard(kept)


def test_what_a_pbx_says_before_its_answer_is_heard_by_who_was_answered_first(
    node: Node, tmp_path: Path
) -> None:
    """In the place of our ringback, and kept as the callee's (RFC 3960 section 3.2)."""
    with talk(node, tmp_path, Roles(callee="callee_early"), notice_when="answer-first") as two:
        two.callee.saw(r"^SIP/2.0 183 ")
        two.answered()
        told, said = two.alice.hears(notice()), two.alice.hears(AGENT_SAYS)
        assert told.at_s < said.at_s
        assert not two.callee.seen().count("SIP/2.0 200 ")
        two.callee.go_on()
        two.callee.saw(ACKED)
        kept = kept_after_talking(two)

    kept_as_heard(kept)


def test_who_waits_for_a_queue_that_does_not_ring_hears_that_the_line_lives(
    node: Node, tmp_path: Path
) -> None:
    """A tick every three seconds, until it answers; none of it is the callee's."""
    tick = sound_of(COMFORT_TONE, RATE).samples.astype(float)
    twice = np.concatenate([tick, tick[: round(COMFORT_TONE.on_s * RATE)]])
    with talk(node, tmp_path, Roles(callee="callee_queues"), notice_when="answer-first") as two:
        two.callee.saw(r"^INVITE ")
        two.caller.saw(ACKED)
        two.alice.hears(twice, within_s=15)
        two.callee.go_on()
        two.callee.saw(ACKED)
        two.answered()
        kept = kept_after_talking(two)

    kept_as_heard(kept)
    assert kept.hears(NODE, twice)
    assert not kept.hears(AGENT, twice)


def test_early_the_caller_has_heard_all_before_he_is_answered(node: Node, tmp_path: Path) -> None:
    """The notice is early media: 183, and a 200 when the callee has answered."""
    roles = Roles(callee="callee_when_told", until_answered=(("callee", RANG),))
    with talk(node, tmp_path, roles, notice_when="early") as two:
        two.answered()
        two.alice.hears(notice())
        kept = kept_after_talking(two)

    said = kept.notice_is_true()
    answered, called = two.call.scene().answered(), two.call.callee_scene().invited()
    assert said.until_us <= called.at_us <= answered.at_us
    assert two.caller.saw(r"^SIP/2.0 183 ")
    kept_as_heard(kept)


def test_a_callee_can_be_the_one_who_is_told(node: Node, tmp_path: Path) -> None:
    """The caller hears ringback meanwhile, and never the notice."""
    roles = Roles()
    with talk(
        node, tmp_path, roles, notice_to="callee", direction="outbound",
        notice=["notice-outbound-en"],
    ) as two:  # fmt: skip
        two.answered()
        told = two.bob.hears(notice("notice-outbound-en"))
        assert told.at_s < two.bob.hears(CUSTOMER_SAYS).at_s
        assert two.alice.hears(ringback()).at_s < two.alice.hears(AGENT_SAYS).at_s
        two.alice.never_heard(notice("notice-outbound-en"))
        kept = kept_after_talking(two)

    assert kept.began_us >= kept.notice_is_true("callee").until_us
    kept_as_heard(kept)


def test_both_are_told_at_the_same_time(node: Node, tmp_path: Path) -> None:
    """Neither hears the other before both have heard it."""
    with talk(node, tmp_path, Roles(), notice_to="both") as two:
        two.answered()
        assert two.alice.hears(notice()).at_s < two.alice.hears(AGENT_SAYS).at_s
        assert two.bob.hears(notice()).at_s < two.bob.hears(CUSTOMER_SAYS).at_s
        kept = kept_after_talking(two)

    said = [kept.notice_is_true(to) for to in ("caller", "callee")]
    assert kept.began_us >= max(each.until_us for each in said)
    kept_as_heard(kept)


def test_without_a_notice_all_is_kept_from_the_answer_on(node: Node, tmp_path: Path) -> None:
    """Nobody hears anything of ours."""
    with talk(node, tmp_path, Roles(), notice=[]) as two:
        two.answered()
        kept = kept_after_talking(two)
        two.alice.never_heard(notice())

    assert kept.all(NoticePlayed) == []
    answered = two.call.callee_scene().answered()
    assert kept.began_us >= answered.at_us - STAMP_TOLERANCE_US
    kept_as_heard(kept)


def test_a_call_that_is_never_recorded_is_a_row_of_the_ledger_and_no_file(
    node: Node, tmp_path: Path
) -> None:
    """It is announced and heard all the same, where the route says so."""
    with talk(node, tmp_path, Roles(), record="never") as two:
        two.answered()
        two.hear_each_other()
        two.hang_up()

    assert two.call.fate()["reason"] == "not recorded"
    assert two.call.found() == []


def test_a_caller_who_hangs_up_during_the_notice_was_told_as_much_as_is_said(
    node: Node, tmp_path: Path
) -> None:
    """The call is over, the callee is let go; nothing of either is kept."""
    with talk(node, tmp_path, Roles(), without_notice="block") as two:
        two.answered()
        until(lambda: len(two.alice.datagrams()) > 50 or None, "a second of the notice")
        two.hang_up()
    kept = two.kept()

    kept.notice_is_true(outcome="cut_short")
    assert kept.all(RecordingBegan) == []
    assert kept.received(kept.ports.caller) == kept.received(kept.ports.callee) == []
    assert kept.recorded.flags == {"no_sound"}


def test_a_callee_who_hangs_up_during_the_notice_ends_the_call(node: Node, tmp_path: Path) -> None:
    """The caller hears no more of it: nobody is there."""
    roles = Roles(caller="caller_hears_bye", callee="callee_hangs_up", ends="callee")
    with talk(node, tmp_path, roles) as two:
        two.answered()
        until(lambda: len(two.alice.datagrams()) > 50 or None, "a second of the notice")
        two.hang_up()
    kept = two.kept()

    kept.notice_is_true(outcome="cut_short")
    assert kept.received(kept.ports.caller) == kept.received(kept.ports.callee) == []
