"""Tests of how alike two sounds are."""

import numpy as np
import pytest

from rokuon.selftest.likeness import Audio, best_match

RNG = np.random.default_rng(1)
WORDS: Audio = (RNG.standard_normal(4_000) * 3_000).astype(np.int16)
OTHERS: Audio = (RNG.standard_normal(12_000) * 3_000).astype(np.int16)


@pytest.mark.parametrize("loudness", [1.0, 0.5])
def test_a_sound_is_found_where_it_lies_however_loud(loudness: float) -> None:
    """A network may change the level of what it carries."""
    heard = OTHERS.copy()
    heard[5_000:9_000] = (WORDS * loudness).astype(np.int16)
    match = best_match(heard, WORDS)

    assert match.first_sample == 5_000
    assert match.likeness > 0.99


def test_another_sound_is_not_alike() -> None:
    """The wrong prompt is no notice."""
    assert best_match(OTHERS, WORDS).likeness < 0.2


def test_half_of_a_sound_is_not_the_whole() -> None:
    """A notice that was cut short has not been heard."""
    assert best_match(WORDS[:2_000], WORDS).likeness == pytest.approx(0.71, abs=0.02)


@pytest.mark.parametrize("heard", [np.zeros(8_000, np.int16), np.zeros(0, np.int16)])
def test_in_silence_there_is_nothing(heard: Audio) -> None:
    """And no division by it."""
    assert best_match(heard, WORDS).likeness == 0


def test_a_whisper_that_looks_alike_by_chance_does_not_count() -> None:
    """The rounding of silence has every shape."""
    assert best_match((WORDS / 3_000).astype(np.int16), WORDS).likeness < 0.1
