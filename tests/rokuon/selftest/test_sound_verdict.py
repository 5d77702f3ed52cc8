"""What is judged by sound: the same speech through a phone passes, less of it or another fails."""

import numpy as np
import pytest

from archive.reading.sound.g711 import decode
from rokuon.selftest.call_verdict import Step
from rokuon.selftest.heard import Heard, HeardPacket
from rokuon.selftest.sound_verdict import (
    LAST_WORDS,
    Audio,
    judge_notice,
    judge_ringback,
    judge_talk,
)
from rokuon.selftest.speech_files import Language, Side, continuous_speech, speech

RATE = 8_000


def sound(frames: bytes) -> Audio:
    return decode(np.frombuffer(frames, np.uint8), "PCMU")


CUSTOMER = sound(continuous_speech(Language.JAPANESE, Side.CUSTOMER))
AGENT = sound(continuous_speech(Language.JAPANESE, Side.AGENT))
NOTICE_FRAMES = continuous_speech(Language.ENGLISH, Side.AGENT)[: 6 * RATE]
NOTICE = sound(NOTICE_FRAMES)
TONE_FRAMES = continuous_speech(Language.ENGLISH, Side.CUSTOMER)[: 2 * RATE]


def through_a_phone(audio: Audio, delay_s: float = 0.3) -> Audio:
    """Later, quieter, with a packet that its jitter buffer put in."""
    middle = len(audio) // 2
    longer = np.insert(audio, middle, np.zeros(160, np.int16))
    return np.pad((longer * 0.5).astype(np.int16), (int(delay_s * RATE), 0))


def packets(frames: bytes, ssrc: int = 1) -> Heard:
    """What the far side heard, from second 0 on."""
    cuts = [frames[at : at + 160] for at in range(0, len(frames), 160)]
    return Heard(tuple(HeardPacket(n / 50, ssrc, 160 * n, cut) for n, cut in enumerate(cuts)))


def test_a_notice_that_a_phone_heard_whole_passes_and_says_when_it_was_over() -> None:
    """Not a byte of it is as it was sent."""
    heard = np.concatenate([through_a_phone(NOTICE), AGENT])
    found = judge_notice(heard, NOTICE, AGENT)

    assert found.outcome.passed, found
    assert found.over_s == pytest.approx(0.3 + 6, abs=0.05)


@pytest.mark.parametrize(
    "heard",
    [
        through_a_phone(NOTICE[: 5 * RATE]),
        through_a_phone(np.pad(NOTICE[RATE:], (RATE, 0))),
        through_a_phone(
            np.concatenate([NOTICE[: 2 * RATE], np.zeros(2 * RATE, np.int16), NOTICE[4 * RATE :]])
        ),
        through_a_phone(sound(speech(Language.JAPANESE, Side.AGENT)[: 6 * RATE])),
        np.zeros(0, np.int16),
        np.zeros(8 * RATE, np.int16),
    ],
    ids=["no end", "no beginning", "no middle", "another", "nothing", "silence"],
)
def test_a_notice_that_was_not_heard_whole_does_not_pass(heard: Audio) -> None:
    """Most of it is not all of it."""
    padded = np.pad(heard, (0, max(0, 8 * RATE - len(heard)))) if heard.any() else heard

    assert not judge_notice(padded, NOTICE, AGENT).outcome.passed


def test_the_other_side_under_the_notice_does_not_pass() -> None:
    """Two seconds of it, mixed into a notice that can be told all the same."""
    heard = NOTICE.copy()
    heard[RATE : 4 * RATE] = heard[RATE : 4 * RATE] // 4 + AGENT[: 3 * RATE] // 2

    assert not judge_notice(heard, NOTICE, AGENT).outcome.passed


def test_the_tone_alone_passes_until_the_notice_is_over() -> None:
    """Whatever the phone holds back: the customer comes a little before it has heard the end."""
    spoken = continuous_speech(Language.JAPANESE, Side.CUSTOMER)
    far = packets(TONE_FRAMES * 2 + spoken[: 4 * RATE])

    assert judge_ringback(far, sound(TONE_FRAMES), CUSTOMER, over_s=5.1).passed
    assert not judge_ringback(far, sound(TONE_FRAMES), CUSTOMER, over_s=7.5).passed
    assert not judge_ringback(packets(spoken), sound(TONE_FRAMES), CUSTOMER, over_s=4.2).passed


def test_both_heard_each_other_last_and_their_words_are_those_that_were_said() -> None:
    """The agent's as they were sent, for these are what the node kept; across a new beginning."""
    said = np.roll(AGENT, -len(AGENT) + RATE)[: 4 * RATE]
    spoken = continuous_speech(Language.JAPANESE, Side.CUSTOMER)[: 4 * RATE]
    talk = judge_talk(through_a_phone(said), packets(spoken), CUSTOMER, AGENT)

    assert talk.outcome.step is Step.TALK
    assert talk.outcome.passed, talk.outcome
    assert len(talk.agent) == LAST_WORDS
    assert np.corrcoef(talk.agent[:RATE], said[-LAST_WORDS:][:RATE])[0, 1] > 0.99
    assert np.array_equal(talk.customer, sound(spoken)[-LAST_WORDS:])


@pytest.mark.parametrize(
    ("heard", "far"),
    [
        (CUSTOMER[: 4 * RATE], packets(continuous_speech(Language.JAPANESE, Side.CUSTOMER))),
        (AGENT[: 4 * RATE], packets(continuous_speech(Language.JAPANESE, Side.AGENT))),
        (AGENT[:RATE], packets(continuous_speech(Language.JAPANESE, Side.CUSTOMER))),
        (AGENT[: 4 * RATE], packets(b"")),
    ],
    ids=["hears itself", "far side hears itself", "too short", "far side hears nothing"],
)
def test_whoever_did_not_hear_the_other_fails(heard: Audio, far: Heard) -> None:
    """One way is no call."""
    assert not judge_talk(heard, far, CUSTOMER, AGENT).outcome.passed


def test_two_voices_at_the_far_side_are_one_too_many() -> None:
    """A back-to-back call is one voice to its party."""
    spoken = continuous_speech(Language.JAPANESE, Side.CUSTOMER)[: 4 * RATE]
    one, two = packets(spoken).packets, packets(spoken[:160], ssrc=2).packets

    assert not judge_talk(AGENT[: 4 * RATE], Heard(one + two), CUSTOMER, AGENT).outcome.passed
