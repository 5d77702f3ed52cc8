"""The comparison of audio itself: it must hear what is there through what phones do to it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from archive.reading.sound.g711 import decode
from rokuon.selftest.speech_files import Language, Side, speech
from rokuon.selftest.speech_search import ENOUGH, PIECE_S, RATE, Place, Signal, find


def spoken(side: Side, from_s: float) -> Signal:
    """Two seconds of what one of them says."""
    said = speech(Language.ENGLISH, side)[int(from_s * RATE) :][: 2 * RATE]
    return decode(np.frombuffer(said, np.uint8), "PCMU").astype(np.float64) / (1 << 15)


SAID = spoken(Side.AGENT, 0.5)
OTHER = spoken(Side.CUSTOMER, 5.0)
NOISE = np.random.default_rng(7)
PACKET = RATE // 50


def after(seconds: float, signal: Signal, rest_s: float = 1.0) -> Signal:
    """A recording that begins with silence and ends with it."""
    return np.pad(signal, (int(seconds * RATE), int(rest_s * RATE)))


def through(law: str, signal: Signal, folder: Path) -> Signal:
    """The signal after one G.711 law."""
    soundfile.write(folder / f"{law}.wav", signal, RATE, subtype=law)
    samples, _ = soundfile.read(folder / f"{law}.wav")
    return np.asarray(samples, np.float64)


@pytest.mark.parametrize("delay_s", [0.0, 0.02, 1.234])
def test_what_is_said_is_found_where_it_begins(delay_s: float) -> None:
    """A test can say after which second a party heard the other."""
    found = find(after(delay_s, SAID), SAID)

    assert found
    assert found.score == pytest.approx(1.0, abs=0.01)
    assert found.at_s == pytest.approx(delay_s, abs=0.001)


def test_speech_of_somebody_else_is_not_found() -> None:
    """Two parties that are mixed up must not pass."""
    assert find(after(0.5, OTHER), SAID).score < ENOUGH / 2


def test_noise_and_silence_are_not_speech() -> None:
    """What nobody said is found nowhere."""
    assert not find(NOISE.normal(0, 0.1, 4 * RATE), SAID)
    assert find(np.zeros(4 * RATE), SAID).score == 0
    assert find(np.zeros(0), SAID).score == 0
    assert find(SAID, np.zeros(RATE)).score == 0


def test_half_of_what_was_said_is_not_enough() -> None:
    """A party that is cut off in the middle was not heard."""
    half = len(SAID) // 2
    cut = np.concatenate([SAID[:half], np.zeros(half)])

    assert find(after(0.5, cut), SAID).score < ENOUGH


def test_two_laws_after_each_other_do_not_matter(tmp_path: Path) -> None:
    """µ-law on the one side of a bridge, A-law on the other."""
    both = through("ALAW", through("ULAW", SAID, tmp_path), tmp_path)

    assert find(after(0.3, both), SAID).score > 0.95


def test_loudness_does_not_matter() -> None:
    """Phones have gains of their own."""
    assert find(after(0.3, SAID * 0.1), SAID).score == pytest.approx(1.0, abs=0.01)


def test_noise_under_the_speech_does_not_matter() -> None:
    """A tenth of its power."""
    noisy = after(0.3, SAID) + NOISE.normal(0, SAID.std() / 3, len(after(0.3, SAID)))

    assert find(noisy, SAID)


def test_a_few_lost_packets_do_not_matter() -> None:
    """One in twenty, heard as silence."""
    holed = SAID.copy().reshape(-1, PACKET)
    holed[::20] = 0

    assert find(after(0.3, holed.ravel()), SAID).score > 0.9


@pytest.mark.parametrize("packets", [-2, 2])
def test_a_jitter_buffer_that_skips_or_fills_in_does_not_matter(packets: int) -> None:
    """What follows is heard earlier or later than it was said."""
    middle = len(SAID) // 2
    if packets < 0:
        moved = np.delete(SAID, np.s_[middle : middle - packets * PACKET])
    else:
        moved = np.insert(SAID, middle, np.zeros(packets * PACKET))

    assert find(after(0.3, moved), SAID).score > 0.9


def test_the_speech_of_two_parties_at_once_is_found_each() -> None:
    """A mix of both."""
    both = after(0.3, SAID) + after(0.3, OTHER)

    assert find(both, SAID)
    assert find(both, OTHER)


def test_what_is_shorter_than_a_piece_is_found_nowhere() -> None:
    """Of a call that ends at once little is heard; the self-test must say so, not break."""
    for seconds in (0.0, PIECE_S - 0.01):
        assert find(after(0.2, SAID), SAID[: int(seconds * RATE)]) == Place(0.0, 0.0)
    assert find(after(0.2, SAID), SAID[: int(PIECE_S * RATE)])
