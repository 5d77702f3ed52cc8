"""Rounds over an archive in small steps, in a thread, until the part stops.

Knows nothing of what a step does. A catalog that does not answer is asked again later.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.rounds import Rounds

# Between two steps, so that a round takes no more than a share of a processor.
PAUSE_S: Final = 0.02
# A step gives way so often: a second, then it is its turn.
MOST_ASIDE: Final = 50

log = structlog.get_logger("api.rounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRounds:
    """`step` says how many seconds later the next one is; after an error it is `look_s`.

    `gives_way`: whether somebody waits for whom there is one processor, and one interpreter.
    """

    name: str
    step: Callable[[], float]
    look_s: float
    gives_way: Callable[[], bool] = lambda: False

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; a step that was begun is finished."""
        rounds, aside = Rounds(stop), 0
        async for _ in rounds:
            if aside < MOST_ASIDE and self.gives_way():
                aside, rounds.pause_s = aside + 1, PAUSE_S
                continue
            aside, rounds.pause_s = 0, await asyncio.to_thread(self._stepped)

    def _stepped(self) -> float:
        try:
            return self.step()
        except (SQLAlchemyError, sqlite3.Error) as failed:
            log.warning("the catalog does not answer", rounds=self.name, kind=type(failed).__name__)
            return self.look_s
