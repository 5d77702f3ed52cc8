"""Rounds over an archive in small steps, in a thread, until the part stops.

Knows nothing of what a step does. A catalog that does not answer is asked again later.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

# Between two steps, so that a round takes no more than a share of a processor.
_PAUSE_S: Final = 0.02

log = structlog.get_logger("api.rounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRounds:
    """`step` says whether there is more to do at once; else it is asked every `look_s`."""

    name: str
    step: Callable[[], bool]
    look_s: float

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; a step that was begun is finished."""
        while not stop.is_set():
            pause_s = _PAUSE_S if await asyncio.to_thread(self._has_more) else self.look_s
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause_s)

    def _has_more(self) -> bool:
        try:
            return self.step()
        except SQLAlchemyError:
            log.warning("the catalog does not answer", rounds=self.name)
            return False
