"""What a call proves whose caller is a phone that nobody here wrote: judged by sound alone.

A phone's codec and jitter buffer change every byte, so speech is looked for piece by piece. Pure;
knows nothing of SIP, sockets or files.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rokuon.selftest.call_verdict import (
    GATE_SLACK_S,
    LEAST_LIKENESS_OF_A_PIECE,
    TONE_S,
    Step,
    StepOutcome,
)
from rokuon.selftest.heard import Heard
from rokuon.selftest.likeness import best_match
from rokuon.selftest.speech_search import ENOUGH, RATE, Signal, find

Audio = NDArray[np.int16]
# A jitter buffer on a busy machine costs a prompt some of its pieces; its ends are looked at apart.
LEAST_OF_NOTICE: Final = 0.75
# So much of somebody's speech at once tells who it is: another's scores 0.45 at most.
_STRETCH: Final = RATE
# What both heard last of each other.
LAST_WORDS: Final = 2 * RATE
# What a phone may hold back of what it hears, so that it hears the end of the notice later.
PHONE_DELAY_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class NoticeFound:
    """The outcome, and the second of the phone's recording at which the notice is over."""

    outcome: StepOutcome
    over_s: float


@dataclass(frozen=True, slots=True)
class TalkFound:
    """The outcome, and the words that each said last, as they were said or came to the far side."""

    outcome: StepOutcome
    customer: Audio
    agent: Audio


def judge_notice(heard: Audio, notice: Audio, other: Audio) -> NoticeFound:
    """The phone heard all of the notice, and nothing of the other side before its end."""
    place = find(_signal(heard), _signal(notice))
    over_s = place.at_s + len(notice) / RATE
    early = _most_of(heard[: int(over_s * RATE)], other)
    ends = min(
        _near(heard, notice[:_STRETCH], place.at_s),
        _near(heard, notice[-_STRETCH:], over_s - _STRETCH / RATE),
    )
    passed = place.score >= LEAST_OF_NOTICE and ends >= ENOUGH and early < ENOUGH
    figures = {"likeness": round(place.score, 3), "other_side": round(early, 3)}
    figures["notice_s"] = round(len(notice) / RATE, 2)
    return NoticeFound(StepOutcome(Step.NOTICE, passed, figures), over_s)


def judge_ringback(far: Heard, tone: Audio, caller: Audio, over_s: float) -> StepOutcome:
    """Until `over_s` (monotonic) the far side heard its tone, and nothing of the phone."""
    end_s = over_s - PHONE_DELAY_S - GATE_SLACK_S
    before = Heard(tuple(packet for packet in far.packets if packet.at_s < end_s)).sound()
    match = best_match(before, tone[: int(TONE_S * RATE)])
    early = _most_of(before, caller)
    passed = match.likeness >= LEAST_LIKENESS_OF_A_PIECE and early < ENOUGH
    figures = {"likeness": round(match.likeness, 3), "other_side": round(early, 3)}
    return StepOutcome(Step.RINGBACK, passed, figures)


def judge_talk(heard: Audio, far: Heard, customer: Audio, agent: Audio) -> TalkFound:
    """At the end each heard the other; `heard` is the phone's, from the end of the notice on."""
    by_far = far.sound()[-LAST_WORDS:]
    agent_over = np.tile(agent, 2)
    by_phone = find(_signal(agent_over), _signal(heard[-LAST_WORDS:]))
    likeness = find(_signal(np.tile(customer, 2)), _signal(by_far)).score
    is_long = len(heard) >= LAST_WORDS and len(by_far) >= LAST_WORDS
    passed = is_long and min(by_phone.score, likeness) >= ENOUGH and far.voices == 1
    figures = {
        "by_caller": round(by_phone.score, 3),
        "by_far_side": round(likeness, 3),
        "voices": far.voices,
    }
    said = agent_over[int(by_phone.at_s * RATE) :][:LAST_WORDS]
    return TalkFound(StepOutcome(Step.TALK, passed, figures), customer=by_far, agent=said)


def _near(heard: Audio, piece: Audio, at_s: float) -> float:
    """How well a piece is there about a second of the recording."""
    first = max(0, int(at_s * RATE) - _STRETCH // 2)
    return find(_signal(heard[first : first + 2 * _STRETCH]), _signal(piece)).score


def _most_of(heard: Audio, speech: Audio) -> float:
    """How well the stretch of a speech is there that is there best."""
    stretches = [speech[at : at + _STRETCH] for at in range(0, len(speech), _STRETCH)]
    signal = _signal(heard)
    return max(find(signal, _signal(each)).score for each in stretches if len(each) == _STRETCH)


def _signal(audio: Audio) -> Signal:
    return audio.astype(np.float64)
