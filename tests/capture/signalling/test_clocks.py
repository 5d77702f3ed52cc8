"""Both clocks, and the step of one."""

from capture.signalling.clocks import STEP_US, Clocks

START_US = 1_795_564_800_000_000


class Wall:
    """A wall clock that runs with the monotonic one and can be set."""

    def __init__(self) -> None:
        self.us = START_US

    def __call__(self) -> int:
        return self.us


def test_a_clock_that_was_set_is_a_step_once() -> None:
    """Forwards and backwards; afterwards it only runs."""
    clocks = Clocks(wall := Wall())
    for by_us in (3_600_000_000, -7_200_000_000):
        wall.us += by_us

        assert abs(clocks.step_us(clocks.now()) - by_us) < STEP_US
        assert clocks.step_us(clocks.now()) == 0


def test_a_clock_that_is_disciplined_is_no_step() -> None:
    """Milliseconds, all day long, add up to no step either."""
    clocks = Clocks(wall := Wall())
    for _ in range(100):
        wall.us += STEP_US // 10

        assert clocks.step_us(clocks.now()) == 0


def test_a_moment_is_told_on_both_clocks() -> None:
    """Seconds that never go back, µs of the calendar."""
    clocks = Clocks(Wall())
    first, second = clocks.now(), clocks.now()

    assert first.us == START_US
    assert first.s <= second.s
