"""What a self-test call proves: each step passed or not, with the figures that say so.

Pure, over what was heard and what was recorded. Knows nothing of SIP, sockets or files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rokuon.selftest.heard import Heard
from rokuon.selftest.likeness import best_match

Audio = NDArray[np.int16]
RATE_HZ: Final = 8_000
_PACKETS_PER_S: Final = 50
# The same bytes are 1.00; one packet of a hundred lost is 0.99; the wrong prompt is below 0.2.
LEAST_LIKENESS: Final = 0.95
# Part of a tone or of a voice, at a place that only the other side knows.
LEAST_LIKENESS_OF_A_PIECE: Final = 0.9
# Of the packets that were said; the machine may be busy, but nothing is lost on loopback.
LEAST_SHARE: Final = 0.9
# Both sides are joined within one beat, and read a moment later.
GATE_SLACK_S: Final = 0.1
# From the last packet that the caller heard of the notice to when the machine had read it.
KEPT_SLACK_S: Final = 0.5
# Of a ringing tone: shorter than any burst and any notice.
TONE_S: Final = 0.8


class Step(StrEnum):
    """What is looked at, in this order."""

    ANSWERED = "answered"
    NOTICE = "notice"
    RINGBACK = "ringback"
    TALK = "talk"
    HUNG_UP = "hung_up"
    FOUND = "found"
    LANES = "lanes"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """A step that was looked at, and what was measured."""

    step: Step
    passed: bool
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class NoticeHeard:
    """The outcome, and when the last of the notice arrived (by the monotonic clock)."""

    outcome: StepOutcome
    over_s: float


@dataclass(frozen=True, slots=True)
class RecordedLane:
    """One lane of the recording at `RATE_HZ`, and whose it is."""

    side: str
    sound: Audio


def judge_notice(heard: Heard, notice: Audio, other: frozenset[bytes]) -> NoticeHeard:
    """The caller heard all of the notice, and nothing of the other side before its end."""
    match = best_match(heard.sound(), notice)
    over_s = heard.arrival_of(match.first_sample + len(notice) - 1)
    early = sum(packet.at_s < over_s for packet in heard.of(other).packets)
    passed = match.likeness >= LEAST_LIKENESS and not early
    figures = {"likeness": round(match.likeness, 3), "other_side_packets": early}
    figures["notice_s"] = round(len(notice) / RATE_HZ, 2)
    return NoticeHeard(StepOutcome(Step.NOTICE, passed, figures), over_s)


def judge_ringback(
    heard: Heard, tone: Audio, caller: frozenset[bytes], over_s: float
) -> StepOutcome:
    """The far side heard its tone meanwhile, and nothing of the caller."""
    before = Heard(tuple(p for p in heard.packets if p.at_s < over_s - GATE_SLACK_S))
    match = best_match(before.sound(), tone[: int(TONE_S * RATE_HZ)])
    early = len(before.of(caller).packets)
    passed = match.likeness >= LEAST_LIKENESS_OF_A_PIECE and not early
    figures = {"likeness": round(match.likeness, 3), "other_side_packets": early}
    return StepOutcome(Step.RINGBACK, passed, figures)


def judge_talk(by_caller: Heard, by_far_side: Heard, said_s: float) -> StepOutcome:
    """After the notice each heard the other, byte for byte and as one voice.

    What is given is what each has heard of the other's own words.
    """
    wanted = said_s * _PACKETS_PER_S
    shares = [min(1.0, len(heard.packets) / wanted) for heard in (by_caller, by_far_side)]
    voices = max(by_caller.voices, by_far_side.voices)
    figures = {
        "by_caller": round(shares[0], 3),
        "by_far_side": round(shares[1], 3),
        "voices": voices,
    }
    return StepOutcome(Step.TALK, min(shares) >= LEAST_SHARE and voices == 1, figures)


def judge_lanes(
    lanes: tuple[RecordedLane, ...], customer: Audio, agent: Audio, notice: Audio
) -> StepOutcome:
    """The customer, the agent and the notice lie in a lane each, as they were heard."""
    wanted = {"customer": customer, "agent": agent, "node": notice}
    found = {
        side: max((best_match(lane.sound, sound).likeness for lane in _of(lanes, side)), default=0)
        for side, sound in wanted.items()
    }
    passed = min(found.values()) >= LEAST_LIKENESS_OF_A_PIECE
    return StepOutcome(Step.LANES, passed, {side: round(like, 3) for side, like in found.items()})


def judge_gate(
    lanes: tuple[RecordedLane, ...], joined_s: float, slack_s: float = KEPT_SLACK_S
) -> StepOutcome:
    """Of neither party more is kept than was said since the notice was over."""
    figures = {
        f"{side}_s": round(max((_lasts_s(lane.sound) for lane in _of(lanes, side)), default=0), 2)
        for side in ("customer", "agent")
    }
    passed = all(0 < kept_s <= joined_s + slack_s for kept_s in figures.values())
    return StepOutcome(Step.GATE, passed, figures | {"since_notice_s": round(joined_s, 2)})


def _of(lanes: tuple[RecordedLane, ...], side: str) -> list[RecordedLane]:
    return [lane for lane in lanes if lane.side == side]


def _lasts_s(sound: Audio) -> float:
    """From the first sample that is no silence to the last."""
    sounding = np.flatnonzero(sound)
    return float(sounding[-1] - sounding[0] + 1) / RATE_HZ if len(sounding) else 0.0
