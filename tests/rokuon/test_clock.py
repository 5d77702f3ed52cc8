"""The only clock."""

from datetime import timedelta

from rokuon import clock


def test_wall_time_is_aware_utc_in_both_forms() -> None:
    """A naive time would be the server's zone, which is nobody's."""
    now = clock.now()

    assert now.utcoffset() == timedelta(0)
    assert abs(now.timestamp() - clock.now_us() / 1e6) < 5


def test_the_monotonic_clock_does_not_go_back() -> None:
    """Deadlines hang on it."""
    first = clock.monotonic_s()

    assert clock.monotonic_s() >= first
