"""Buckets of tokens, at a clock that is handed in."""

import pytest
from hypothesis import given, strategies as st

from api.access.rate_buckets import Buckets, Pace
from tests.api.examples import EACH_TOKEN

SECOND_US = 1_000_000
SLOW = Pace(per_s=2, burst=3)


def test_a_burst_is_taken_at_once_and_then_one_must_wait() -> None:
    """Who is refused hears when to come again, and is served then."""
    buckets = Buckets(SLOW)

    assert [buckets.take("a", 0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("a", 499_999) > 0
    assert buckets.take("a", 500_000) == 0


def test_each_has_its_own() -> None:
    """One who asks without end slows nobody else."""
    buckets = Buckets(SLOW)
    assert [buckets.take("a", 0) for _ in range(9)][-1] > 0

    assert buckets.take("b", 0) == 0


def test_what_was_refused_costs_nothing() -> None:
    """Else who asks again and again would never be served."""
    buckets = Buckets(SLOW)
    for _ in range(100):
        buckets.take("a", 0)

    assert buckets.take("a", 500_000) == 0


def test_a_player_may_seek_twenty_times_a_second_for_an_hour() -> None:
    """A kept playback is never broken by a limit."""
    buckets = Buckets(EACH_TOKEN)

    assert not any(buckets.take("a", n * SECOND_US // 20) for n in range(20 * 3_600))


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    """Wall clocks are corrected; the wait is that of an empty bucket at most."""
    buckets = Buckets(SLOW)
    for _ in range(3):
        buckets.take("a", 3_600 * SECOND_US)

    assert buckets.take("a", 0) == 0.5
    assert buckets.take("a", 500_000) == 0


def test_what_is_given_back_was_not_taken() -> None:
    """A bucket is never fuller than full; who is not known is not made known."""
    buckets = Buckets(SLOW)
    buckets.give_back("a", 0)
    for _ in range(9):
        assert buckets.take("a", 0) == 0
        buckets.give_back("a", 0)

    assert [buckets.take("a", 0) > 0 for _ in range(4)] == [False, False, False, True]


def test_only_so_many_are_remembered_and_the_latest_stay() -> None:
    """Who sends from many addresses fills no memory."""
    buckets = Buckets(SLOW, most=2)
    for key in ("a", "b", "c"):
        for _ in range(3):
            buckets.take(key, 0)

    assert (buckets.take("c", 0) > 0, buckets.take("b", 0) > 0) == (True, True)
    assert buckets.take("a", 0) == 0


@given(st.lists(st.integers(0, 200_000), max_size=400))
def test_nobody_gets_more_than_the_burst_and_what_has_come_since(pauses: list[int]) -> None:
    """The bound holds for every order of requests."""
    buckets, now_us, served = Buckets(SLOW), 0, 0
    for pause in pauses:
        now_us += pause
        served += buckets.take("a", now_us) == 0

    assert served <= SLOW.burst + SLOW.per_s * now_us / SECOND_US


@pytest.mark.parametrize("count", [1, 2])
def test_so_many_together_have_so_much_more(count: int) -> None:
    """An account has the pace of several tokens."""
    assert EACH_TOKEN.times(count).burst == EACH_TOKEN.burst * count
