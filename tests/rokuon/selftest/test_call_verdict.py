"""Tests of what a step's outcome rests on."""

import dataclasses

import numpy as np
import pytest

from capture.prompts.encoder import encode_law
from rokuon.selftest.call_verdict import (
    RATE_HZ,
    Audio,
    RecordedLane,
    StepOutcome,
    judge_gate,
    judge_lanes,
    judge_notice,
    judge_ringback,
    judge_talk,
)
from rokuon.selftest.heard import Heard, HeardPacket

RNG = np.random.default_rng(2)
OTHER = bytes(range(160))
WORDS = frozenset({OTHER})


def noise(seconds: float) -> Audio:
    return (RNG.standard_normal(int(seconds * RATE_HZ)) * 3_000).astype(np.int16)


NOTICE, TONE = noise(2), noise(1)


def played(sound: Audio, *, start_s: float = 0.0) -> tuple[HeardPacket, ...]:
    """A sound in packets that come one every 20 ms."""
    pieces = [encode_law(piece, "PCMU") for piece in np.split(sound, len(sound) // 160)]
    return tuple(
        HeardPacket(start_s + n * 0.02, 1, round(start_s * RATE_HZ) + n * 160, piece)
        for n, piece in enumerate(pieces)
    )


def said(count: int, *, start_s: float, ssrc: int = 1) -> tuple[HeardPacket, ...]:
    """The other side's words."""
    return tuple(
        HeardPacket(start_s + n * 0.02, ssrc, round(start_s * RATE_HZ) + n * 160, OTHER)
        for n in range(count)
    )


def test_a_notice_is_heard_whole_and_is_over_with_its_last_packet() -> None:
    """From then on either side may be heard."""
    found = judge_notice(Heard(played(NOTICE) + said(50, start_s=2.0)), NOTICE, WORDS)

    assert found.outcome.passed
    assert found.over_s == pytest.approx(1.98)


@pytest.mark.parametrize(
    "packets",
    [
        played(NOTICE[:RATE_HZ]),
        played(noise(2)),
        (),
        said(1, start_s=0.0) + played(NOTICE, start_s=0.02),
    ],
    ids=["cut short", "another one", "nothing", "the other side before its end"],
)
def test_a_notice_that_is_not_heard_alone_and_whole_fails(packets: tuple[HeardPacket, ...]) -> None:
    """It is what the law asks for."""
    assert not judge_notice(Heard(packets), NOTICE, WORDS).outcome.passed


def test_ringback_is_heard_until_the_notice_is_over() -> None:
    """A tone that is played in a loop is found at its first beat; words that come later are due."""
    packets = played(TONE) + said(10, start_s=2.0)

    assert judge_ringback(Heard(packets), TONE, WORDS, 2.0).passed


@pytest.mark.parametrize(
    "packets",
    [(), said(100, start_s=0.0), played(TONE) + said(1, start_s=1.5), played(TONE, start_s=2.0)],
    ids=["silence", "the caller instead", "the caller too early", "too late"],
)
def test_a_far_side_that_hears_no_tone_or_the_caller_fails(
    packets: tuple[HeardPacket, ...],
) -> None:
    """Nothing of the one reaches the other before the caller has been told."""
    assert not judge_ringback(Heard(packets), TONE, WORDS, 2.0).passed


def test_both_hear_each_other() -> None:
    """Nearly all of what was said."""
    both = Heard(said(48, start_s=0.0))

    assert judge_talk(both, both, 1.0).passed


@pytest.mark.parametrize(
    "other",
    [
        Heard(()),
        Heard(said(40, start_s=0.0)),
        Heard(said(25, start_s=0.0) + said(25, start_s=0.5, ssrc=2)),
    ],
    ids=["nothing", "too little", "two voices"],
)
def test_a_talk_in_which_one_does_not_hear_the_other_fails(other: Heard) -> None:
    """Whichever of the two it is."""
    whole = Heard(said(50, start_s=0.0))

    assert not judge_talk(whole, other, 1.0).passed
    assert not judge_talk(other, whole, 1.0).passed


CUSTOMER, AGENT = noise(2), noise(2)
PAUSE = np.zeros(2 * RATE_HZ, np.int16)
LANES = (
    RecordedLane("customer", np.concatenate([PAUSE, CUSTOMER])),
    RecordedLane("agent", np.concatenate([PAUSE, AGENT])),
    RecordedLane("node", np.concatenate([NOTICE, PAUSE])),
)


def lanes_judged(lanes: tuple[RecordedLane, ...]) -> StepOutcome:
    return judge_lanes(lanes, CUSTOMER, AGENT, NOTICE)


def test_customer_agent_and_notice_have_a_lane_each() -> None:
    """As the other side heard them."""
    assert lanes_judged(LANES).passed


@pytest.mark.parametrize("missing", range(3))
def test_a_lane_that_is_not_there_or_has_something_else_fails(missing: int) -> None:
    """An archive that has the wrong voice is worse than none."""
    other = tuple(
        dataclasses.replace(lane, sound=noise(4)) if number == missing else lane
        for number, lane in enumerate(LANES)
    )

    assert not lanes_judged(LANES[:missing] + LANES[missing + 1 :]).passed
    assert not lanes_judged(other).passed


def test_what_was_said_since_the_notice_is_all_that_is_kept() -> None:
    """2 s since then, 2 s kept."""
    assert judge_gate(LANES, 2.0).passed


@pytest.mark.parametrize("joined_s", [1.0, 1.4])
def test_more_than_was_said_since_the_notice_must_not_be_kept(joined_s: float) -> None:
    """It would be a word from before the caller was told."""
    assert not judge_gate(LANES, joined_s).passed


def test_nothing_at_all_is_no_proof_of_the_gate() -> None:
    """A recording without a voice passes nothing."""
    assert not judge_gate((RecordedLane("customer", PAUSE), LANES[1]), 9.0).passed


def test_a_caller_whose_ear_is_late_may_be_given_more_slack() -> None:
    """A phone's jitter buffer holds the end of the notice back."""
    assert judge_gate(LANES, 1.4, slack_s=1.0).passed
    assert not judge_gate(LANES, 0.9, slack_s=1.0).passed
