"""Rounds in steps, until the part stops."""

import asyncio

from sqlalchemy.exc import OperationalError

from api.step_rounds import StepRounds

AWAY = OperationalError("SELECT 1", {}, OSError("gone"))


async def test_a_catalog_that_does_not_answer_is_asked_again() -> None:
    """One error ends nobody's rounds; what was begun goes on with the next step."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    answers = iter([AWAY, True, False, None])
    asked = []

    def step() -> bool:
        answer = next(answers)
        asked.append(answer)
        if answer is None:
            loop.call_soon_threadsafe(stop.set)
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)

    async with asyncio.timeout(20):
        await StepRounds(name="some", step=step, look_s=0).run(stop)

    assert asked == [AWAY, True, False, None]
