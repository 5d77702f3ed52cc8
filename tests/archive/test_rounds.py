"""Rounds of some work, by a clock that goes on when nobody has anything else to do."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from archive.rounds import Rounds


class MadeClock(asyncio.SelectorEventLoop):
    """A loop that waits for nothing: where all wait, its time is at once the next one's."""

    def __init__(self) -> None:
        self.now_s = 0.0
        loop = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout: float | None = None) -> list[Any]:
                loop.now_s += timeout or 0.0
                return super().select(0)

        super().__init__(Selector())

    def time(self) -> float:
        return self.now_s


def at_made_time(scene: Callable[[], Awaitable[None]]) -> None:
    """Play a scene by that clock."""

    async def play() -> None:
        await scene()

    with asyncio.Runner(loop_factory=MadeClock) as runner:
        runner.run(play())


def now_s() -> float:
    return asyncio.get_running_loop().time()


def test_the_first_round_is_at_once_and_each_other_one_a_pause_later() -> None:
    """Who starts is looked after at once."""

    async def scene() -> None:
        stop, at_s = asyncio.Event(), list[float]()
        async for _ in Rounds(stop, 10.0):
            at_s.append(now_s())
            if len(at_s) == 3:
                stop.set()

        assert at_s == pytest.approx([0.0, 10.0, 20.0])

    at_made_time(scene)


def test_what_was_done_at_the_start_is_not_done_again_before_its_time() -> None:
    """The first round may be later."""

    async def scene() -> None:
        stop, at_s = asyncio.Event(), list[float]()
        async for _ in Rounds(stop, 10.0, first_s=30.0):
            at_s.append(now_s())
            if len(at_s) == 2:
                stop.set()

        assert at_s == pytest.approx([30.0, 40.0])

    at_made_time(scene)


def test_a_round_says_when_the_next_one_is() -> None:
    """After an error it is sooner, or later."""

    async def scene() -> None:
        stop, at_s = asyncio.Event(), list[float]()
        pauses = iter([5.0, 0.0, 3_600.0])
        rounds = Rounds(stop)
        async for _ in rounds:
            at_s.append(now_s())
            rounds.pause_s = next(pauses, 0.0)
            if len(at_s) == 4:
                stop.set()

        assert at_s == pytest.approx([0.0, 5.0, 5.0, 3_605.0])

    at_made_time(scene)


def test_a_stop_ends_the_pause_and_no_further_round_begins() -> None:
    """Its supervisor would kill it."""

    async def scene() -> None:
        stop, count = asyncio.Event(), 0
        asyncio.get_running_loop().call_later(1.0, stop.set)
        async for _ in Rounds(stop, 3_600.0):
            count += 1

        assert (count, now_s()) == (1, pytest.approx(1.0))

    at_made_time(scene)


def test_who_is_told_to_stop_before_the_first_round_makes_none() -> None:
    """Whether that would be at once or later."""

    async def scene() -> None:
        stop = asyncio.Event()
        stop.set()
        for first_s in (0.0, 3_600.0):
            async for _ in Rounds(stop, first_s=first_s):
                pytest.fail("a round after the end")

        assert now_s() == 0.0

    at_made_time(scene)


def test_the_bell_begins_the_next_round_at_once_and_once() -> None:
    """Also where it rang while a round was under way: what it is about may have come too late."""

    async def scene() -> None:
        stop, at_s = asyncio.Event(), list[float]()
        rounds = Rounds(stop, 60.0)
        asyncio.get_running_loop().call_later(1.0, rounds.bell.set)
        async for _ in rounds:
            at_s.append(now_s())
            if len(at_s) == 2:
                rounds.bell.set()
            if len(at_s) == 4:
                stop.set()

        assert at_s == pytest.approx([0.0, 1.0, 1.0, 61.0])

    at_made_time(scene)


def test_who_waits_for_something_else_hears_of_its_error() -> None:
    """And leaves nothing behind that goes on waiting."""

    async def scene() -> None:
        async def fail() -> None:
            raise OSError

        rounds = Rounds(asyncio.Event())
        with pytest.raises(OSError):  # noqa: PT011  # its kind is all it has
            await rounds.wait(60.0, fail())
        await rounds.wait(5.0)

        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert now_s() == pytest.approx(5.0)

    at_made_time(scene)
