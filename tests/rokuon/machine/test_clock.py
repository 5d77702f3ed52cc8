"""The only clock."""

from datetime import timedelta

from rokuon.machine import clock


def test_wall_time_is_aware_utc_in_both_forms() -> None:
    """A naive time would be the server's zone, which is nobody's."""
    now = clock.now()

    assert now.utcoffset() == timedelta(0)
    assert abs(now.timestamp() - clock.now_us() / 1e6) < 5


def test_the_monotonic_clock_does_not_go_back() -> None:
    """Deadlines hang on it."""
    first = clock.monotonic_s()

    assert clock.monotonic_s() >= first


def test_the_kernel_says_of_its_clock_whether_it_is_synchronised() -> None:
    """As `timedatectl` reads it; it knows an error, too."""
    said = clock.kernel_clock()

    assert said.synchronised in (True, False)
    assert said.error_us >= 0


def test_time_since_the_boot_goes_on_while_the_machine_sleeps() -> None:
    """It is never less than the one that stands still then."""
    assert clock.since_boot_us() >= clock.monotonic_s() * 1e6 - 1e6
