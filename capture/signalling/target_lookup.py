"""Looks up where inline calls are to be sent, a few at a time, and says what it found.

Thin: a queue before the resolver. Knows nothing of calls.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from capture.recording.outputs import Find
from capture.sip.targets import Hop

# Names are looked up in milliseconds or not at all; what is beyond is refused as not found.
MAX_WAITING: Final = 1_024
AT_ONCE: Final = 16

Look = Callable[[bytes], Awaitable[tuple[Hop, ...]]]
Found = Callable[[Find, tuple[Hop, ...]], None]
log = structlog.get_logger("capture.finding")


class TargetLookup:
    """Takes what is to be found; `run` is its life."""

    def __init__(self, look: Look, found: Found) -> None:
        self._look, self._found = look, found
        self._waiting: asyncio.Queue[Find] = asyncio.Queue(MAX_WAITING)

    def find(self, wanted: Find) -> None:
        """Look it up as soon as may be; a queue that is full finds nothing."""
        try:
            self._waiting.put_nowait(wanted)
        except asyncio.QueueFull:
            log.error("names are not looked up fast enough")
            self._found(wanted, ())

    async def run(self) -> None:
        """Look up until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(AT_ONCE):
                group.create_task(self._work(), name=f"finding {number}")

    async def _work(self) -> None:
        while True:
            wanted = await self._waiting.get()
            self._found(wanted, await self._look(wanted.where))
