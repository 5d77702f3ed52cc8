"""What stops a sweep."""

from datetime import UTC, date, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from archive.moments import ClockReading
from retention.decisions.brakes import (
    MAX_STEP_US,
    Allowance,
    Brake,
    Past,
    allowance,
    has_stepped,
    is_behind,
    is_open,
)
from retention.policies.policy import Limits

TOKYO = ZoneInfo("Asia/Tokyo")
TWO_PERCENT = Limits(share_per_day=Fraction(2, 100), times_median=3)


@pytest.mark.parametrize(
    ("past", "left"),
    [
        (Past(archived=1_000), Allowance(20, Brake.SHARE)),
        # What went today was in the archive this morning.
        (Past(archived=985, today=15), Allowance(5, Brake.SHARE)),
        (Past(archived=980, today=20), Allowance(0, Brake.SHARE)),
        # Of ten recordings one may go, whatever the share is.
        (Past(archived=10), Allowance(1, Brake.SHARE)),
        (Past(archived=0), Allowance(0, Brake.SHARE)),
        # Three times the median of seven days: 3 x 5.
        (Past(archived=1_000, before=[5] * 7), Allowance(15, Brake.MEDIAN)),
        (Past(archived=990, today=15, before=[5] * 7), Allowance(0, Brake.MEDIAN)),
        # Days without any say nothing, and six days are too few.
        (Past(archived=1_000, before=[5] * 6 + [0] * 24), Allowance(20, Brake.SHARE)),
        (Past(archived=1_000, before=[100] * 30), Allowance(20, Brake.SHARE)),
    ],
)
def test_so_many_may_still_go_today(past: Past, left: Allowance) -> None:
    """Of the archive, and beside what is usual."""
    assert allowance(TWO_PERCENT, past) == left


@pytest.mark.parametrize(
    ("window", "at", "is_inside"),
    [
        (None, time(12), True),
        ((time(22), time(6)), time(22), True),
        ((time(22), time(6)), time(3), True),
        ((time(22), time(6)), time(6), False),
        ((time(22), time(6)), time(12), False),
        ((time(1), time(5)), time(1), True),
        ((time(1), time(5)), time(5), False),
        ((time(1), time(5)), time(0, 59), False),
    ],
)
def test_a_window_goes_from_its_first_minute_until_before_its_last(
    window: tuple[time, time] | None, at: time, is_inside: bool
) -> None:
    """Over midnight too, in the policy's zone whatever the server's is."""
    now = datetime.combine(date(2026, 11, 28), at, TOKYO).astimezone(UTC)

    assert is_open(Limits(window=window), TOKYO, now) is is_inside


@pytest.mark.parametrize(
    ("wall_us", "is_a_step"),
    [
        (1_000_000, False),
        (1_000_000 + MAX_STEP_US, False),
        (1_000_001 + MAX_STEP_US, True),
        (999_999 - MAX_STEP_US, True),
    ],
)
def test_a_clock_that_was_set_is_no_clock_to_destroy_by(wall_us: int, is_a_step: bool) -> None:
    """It went on by another time than passed."""
    before = ClockReading(wall_us=0, monotonic_us=500)
    after = ClockReading(wall_us=wall_us, monotonic_us=1_000_500)

    assert has_stepped(before, after) is is_a_step


def test_a_moment_before_what_was_written_down_is_no_moment_to_destroy_at() -> None:
    """A clock may have been put back while nothing ran."""
    assert is_behind(0, MAX_STEP_US + 1)
    assert not is_behind(0, MAX_STEP_US)
