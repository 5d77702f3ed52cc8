"""Comfort noise."""

import numpy as np
import pytest

from archive.reading.sound.anchored import hiss


@pytest.mark.parametrize("level", [1.0, 30.0, 1_000.0])
def test_noise_is_as_loud_as_it_is_told_to_be(level: float) -> None:
    """Its effective level, to 6 %; and no direct current."""
    made = hiss(0, 80_000, level).astype(np.float64)

    assert made.std() == pytest.approx(level, rel=0.06)
    assert abs(made.mean()) < level / 50 + 0.01


def test_noise_is_white() -> None:
    """No tone that a listener would follow: no sample tells the next."""
    made = hiss(12_345, 80_000, 1_000.0).astype(np.float64)

    for step in (1, 2, 80, 160, 8_000):
        assert abs(np.corrcoef(made[step:], made[:-step])[0, 1]) < 0.02


def test_every_place_has_its_own_noise_whoever_asks() -> None:
    """Also before the first timestamp, where ticks are negative."""
    whole = hiss(-500, 1_000, 200.0)

    assert np.array_equal(hiss(-100, 300, 200.0), whole[400:700])
