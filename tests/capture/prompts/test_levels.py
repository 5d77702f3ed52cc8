"""How loud a sound is."""

import numpy as np
import pytest

from capture.prompts.levels import SILENCE_DBOV, active_level_dbov, levels_of
from tests.capture.prompts.voices import sine, sixteen_bits, voice

RATES = (8_000, 16_000, 32_000, 44_100, 48_000)


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("dbov", [-40.0, -20.0, -6.0])
def test_a_tone_has_the_level_that_it_was_made_with(rate_hz: int, dbov: float) -> None:
    """At every rate that a prompt may have."""
    samples = sixteen_bits(sine(1_000, dbov, 1, rate_hz))

    assert active_level_dbov(samples, rate_hz) == pytest.approx(dbov, abs=0.1)


def test_full_scale_is_a_square_wave() -> None:
    """0 dBov, so a sine at full scale has 3.01 less."""
    square = np.where(np.arange(16_000) % 16 < 8, 32_767, -32_768).astype(np.int16)
    loudest = sixteen_bits(sine(1_000, -3.01, 1))

    assert active_level_dbov(square, 16_000) == pytest.approx(0.0, abs=0.01)
    assert levels_of(loudest, 16_000).peak_dbov == pytest.approx(0.0, abs=0.01)


def test_pauses_make_speech_no_quieter() -> None:
    """Half of it silence would be 3 dB less by the mean; by ear it is the same voice."""
    spoken = sine(1_000, -20, 2)
    paused = sixteen_bits(np.concatenate([spoken, np.zeros(64_000)]))
    noisy = sixteen_bits(np.concatenate([spoken, sine(300, -50, 4)]))

    assert active_level_dbov(paused, 16_000) == pytest.approx(-20, abs=0.5)
    assert active_level_dbov(noisy, 16_000) == pytest.approx(-20, abs=0.5)


def test_a_gap_within_a_word_counts_as_speech() -> None:
    """P.56's hangover: 200 ms after speech are speech."""
    word = np.concatenate([sine(1_000, -20, 0.2), np.zeros(3_200)])
    words = sixteen_bits(np.tile(word, 10))

    assert active_level_dbov(words, 16_000) == pytest.approx(-23, abs=0.1)


def test_a_voice_half_as_large_is_six_decibels_quieter() -> None:
    """The gate moves with the voice."""
    said = voice()
    loud = active_level_dbov(said.samples, said.rate_hz)
    soft = active_level_dbov((said.samples // 2).astype(np.int16), said.rate_hz)

    assert loud - soft == pytest.approx(6.02, abs=0.1)


@pytest.mark.parametrize("samples", [np.zeros(16_000, np.int16), np.zeros(0, np.int16)])
def test_nothing_is_silence(samples: np.ndarray) -> None:
    """Also a file with not one sample."""
    levels = levels_of(samples, 16_000)

    assert levels.is_silent
    assert levels.active_dbov == SILENCE_DBOV
    assert levels.leading_silence_s == len(samples) / 16_000


def test_the_silence_before_the_first_word_is_measured() -> None:
    """To a block of 20 ms; a hum far below speech on a telephone is silence."""
    samples = sixteen_bits(np.concatenate([sine(50, -70, 1.5), sine(1_000, -20, 1)]))

    assert levels_of(samples, 16_000).leading_silence_s == pytest.approx(1.5, abs=0.02)


def test_samples_at_full_scale_are_counted_on_both_sides() -> None:
    """Most negative too."""
    samples = np.zeros(1_000, np.int16)
    samples[:3], samples[3:5] = 32_767, -32_768

    assert levels_of(samples, 8_000).clipped_share == pytest.approx(0.005)
