"""Whole steps: how far, and when."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from archive.reading.packets.skew_steps import STEP_US, correction_us

HOUR_US = 3_600_000_000
SKEWS = st.integers(-500_000, 500_000)
TIMES = st.integers(-HOUR_US, 2 * HOUR_US)


@pytest.mark.parametrize(
    ("elapsed_s", "skew_ppb", "moved_us"),
    [
        (0, 100_000, 0), (19.999, 100_000, 0), (20, 100_000, 4_000), (59.999, 100_000, 4_000),
        (60, 100_000, 8_000), (20.001, -100_000, -4_000), (3_600, 100_000, 360_000),
        (3_600, 0, 0), (3_600, 500, 0), (3_600, 560, 4_000),
    ],
)  # fmt: skip
def test_a_clock_that_is_100_ppm_slow_moves_a_packet_by_a_step_in_40_s(
    elapsed_s: float, skew_ppb: int, moved_us: int
) -> None:
    """The first one after 20 s, when the nearest whole step is the next."""
    assert correction_us(round(elapsed_s * 1_000_000), skew_ppb) == moved_us


@given(TIMES, SKEWS)
def test_a_correction_is_a_whole_step_and_never_further_off_than_half_of_one(
    elapsed_us: int, skew_ppb: int
) -> None:
    """What `uncertainty_us` and the bounds of lateness count on."""
    moved_us = correction_us(elapsed_us, skew_ppb)

    assert moved_us % STEP_US == 0
    assert abs(moved_us * 10**9 - elapsed_us * skew_ppb) <= STEP_US * 10**9 // 2


@given(st.lists(TIMES, min_size=1), SKEWS)
def test_many_at_once_move_as_each_alone(elapsed: list[int], skew_ppb: int) -> None:
    """The time line asks for one place, the renderer for a block of them."""
    many = correction_us(np.array(elapsed, np.int64), skew_ppb)

    assert many.tolist() == [correction_us(one, skew_ppb) for one in elapsed]
