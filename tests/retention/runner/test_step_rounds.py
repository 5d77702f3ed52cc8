"""Rounds in steps, until the part stops."""

import asyncio
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError, TimeoutError as PoolTimeout

from retention.runner.step_rounds import MOST_ASIDE, StepRounds


@pytest.mark.parametrize(
    "failed",
    [
        OperationalError("SELECT 1", {}, OSError("gone")),
        PoolTimeout("no connection within 10 s"),
        sqlite3.OperationalError("locked"),
    ],
)
async def test_a_catalog_that_does_not_answer_is_asked_again(failed: Exception) -> None:
    """One error ends nobody's rounds; what was begun goes on with the next step."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    answers = iter([failed, 0.0, 0.0, 3_600.0])
    asked = []

    def step() -> float:
        answer = next(answers)
        asked.append(answer)
        if answer == 3_600.0:
            loop.call_soon_threadsafe(stop.set)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with asyncio.timeout(20):
        await StepRounds(name="some", step=step, look_s=0).run(stop)

    assert asked == [failed, 0.0, 0.0, 3_600.0]


@pytest.mark.parametrize(
    ("waiting", "aside"),
    [
        pytest.param(3, 3, id="until nobody waits"),
        pytest.param(10**9, MOST_ASIDE, id="not for ever"),
    ],
)
async def test_who_waits_for_an_answer_goes_before_a_step(
    monkeypatch: pytest.MonkeyPatch, waiting: int, aside: int
) -> None:
    """A walk over all recordings has the day, and one interpreter answers."""
    monkeypatch.setattr("retention.runner.step_rounds.PAUSE_S", 0.0)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    asked: list[bool] = []

    def step() -> float:
        loop.call_soon_threadsafe(stop.set)
        return 3_600.0

    def gives_way() -> bool:
        asked.append(len(asked) < waiting)
        return asked[-1]

    async with asyncio.timeout(20):
        await StepRounds(name="some", step=step, look_s=0, gives_way=gives_way).run(stop)

    assert sum(asked) == aside
