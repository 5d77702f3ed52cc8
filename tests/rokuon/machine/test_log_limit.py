"""So many lines of a kind, and then how many more there were."""

import pytest

from rokuon.machine import logs
from rokuon.machine.logs import MAX_LINES, OTHERS, WINDOW_S, LogLimit


def test_lines_of_a_kind_beyond_the_limit_are_counted_and_others_written() -> None:
    """One peer's flood hides nothing of what else happens."""
    limit = LogLimit()
    admitted = [limit.admit("flood", 0.0) for _ in range(MAX_LINES + 5)]

    assert admitted == [True] * MAX_LINES + [False] * 5
    assert limit.admit("other", 0.0)
    assert limit.take_left_out(WINDOW_S - 0.1) == {}
    assert limit.take_left_out(WINDOW_S) == {"flood": 5}
    assert limit.take_left_out(WINDOW_S) == {}
    assert limit.admit("flood", WINDOW_S)


def test_a_steady_trickle_is_written_for_ever() -> None:
    """A window begins with its first line, and the next with the first one after it."""
    limit = LogLimit()

    assert all(limit.admit("alive", float(second)) for second in range(10 * MAX_LINES))


def test_texts_that_are_new_each_time_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody fills our memory, or the log, with kinds."""
    monkeypatch.setattr(logs, "MAX_KINDS", 2)
    limit = LogLimit()
    admitted = sum(limit.admit(f"text {number}", 0.0) for number in range(2 * MAX_LINES))

    assert admitted == MAX_LINES + 2
    assert limit.take_left_out(WINDOW_S) == {OTHERS: MAX_LINES - 2}
