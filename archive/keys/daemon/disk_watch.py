"""Whether the keystore's disk takes what is written, tried before a key depends on it.

Knows nothing of keys. A disk that hangs is asked beside the daemon's answers.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from archive.disk.trial import DiskTrials
from archive.rounds import Rounds

PERIOD_S: Final = 10.0

log = structlog.get_logger()


@dataclass(slots=True)
class DiskWatch:
    """`tell` is told after each trial why the disk takes nothing; "" where it does."""

    folder: Path
    tell: Callable[[str], None]
    trials: DiskTrials = field(default_factory=DiskTrials)
    _refuses: str = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Try until stopped."""
        async for _ in Rounds(stop, PERIOD_S):
            refusing = await asyncio.to_thread(self.trials.refusals, [self.folder])
            self._take(refusing.get(self.folder, ""))

    def _take(self, reason: str) -> None:
        if reason and reason != self._refuses:
            log.error("keys.disk_refuses", reason=reason)
        if self._refuses and not reason:
            log.info("keys.disk_takes_files")
        self._refuses = reason
        self.tell(reason)
