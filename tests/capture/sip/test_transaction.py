"""The timers that all transactions share."""

from capture.sip.transaction import T2_S, TIMEOUT_S, Backoff, earliest, is_due


def test_intervals_double_up_to_t2() -> None:
    """RFC 3261 §17.1.2.2, timers E and G."""
    backoff = Backoff(due_s=0.5)
    intervals = []
    for _ in range(5):
        intervals.append(backoff.interval_s)
        backoff = backoff.after(backoff.due_s)
    assert intervals == [0.5, 1.0, 2.0, T2_S, T2_S]


def test_a_late_clock_sends_once_and_not_in_a_burst() -> None:
    """After a pause of the process the next one is counted from now."""
    assert Backoff(due_s=0.5).after(100.0).due_s == 101.0


def test_a_message_lives_for_64_round_trips() -> None:
    """RFC 3261 §17.1.1.1."""
    assert TIMEOUT_S == 32.0


def test_a_time_that_is_not_set_never_comes() -> None:
    """And does not count among others."""
    assert not is_due(None, 1e9)
    assert is_due(1.0, 1.0)
    assert earliest(None, 3.0, 2.0) == 2.0
    assert earliest(None) is None
