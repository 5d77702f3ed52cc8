"""Round after round of some work, until its part is told to stop.

Knows nothing of the work: what a round does on an error, and when the next one is, it says itself.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(slots=True)
class Rounds:
    """Each turn of `async for _ in rounds` is one; once `stop` is set none begins."""

    stop: asyncio.Event
    pause_s: float = 0.0  # between two rounds; a round may change it
    first_s: float = 0.0  # before the first one
    bell: asyncio.Event = field(default_factory=asyncio.Event)  # begins the next one at once
    _is_begun: bool = field(default=False, init=False)

    def __aiter__(self) -> Self:
        """Return itself: it is gone through once."""
        return self

    async def __anext__(self) -> None:
        """Return when the next round is due."""
        pause_s = self.pause_s if self._is_begun else self.first_s
        if pause_s:
            await self.wait(pause_s)
        if self.stop.is_set():
            raise StopAsyncIteration
        self._is_begun = True
        self.bell.clear()

    async def wait(self, longest_s: float, *others: Coroutine[Any, Any, object]) -> None:
        """Wait until told to stop, for the bell or one of the others; raises what these do."""
        events = (self.stop.wait(), self.bell.wait())
        waits = [asyncio.ensure_future(each) for each in (*events, *others)]
        try:
            done, _ = await asyncio.wait(
                waits, timeout=longest_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for each in waits:
                each.cancel()
        await asyncio.gather(*done)
        await asyncio.gather(*waits, return_exceptions=True)
