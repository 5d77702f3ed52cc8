"""Rounds in steps, until the part stops."""

import asyncio
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError, TimeoutError as PoolTimeout

from retention.runner.step_rounds import StepRounds


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
