"""The part `retention` as a coroutine: one round of the runner after the other, until it is told.

Knows nothing of what a round does. What cannot be reached now is tried again.
"""

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.disk.archive_place import ArchiveAway
from archive.errors import KeyRefused, KeyUnavailable
from archive.lifecycle.file_removal import StillThere
from archive.rounds import Rounds
from retention.runner.schedule import Runner

# After a round that failed: the key daemon may be starting, a disk may be full.
AFTER_FAILURE_S: Final = 5.0
# A keystore that is shut refuses everything until it is freed.
_PASSES: Final = (KeyUnavailable, KeyRefused, OSError, StillThere, ArchiveAway)

log = structlog.get_logger("rokuon.retention")


async def serve_retention(runner: Runner, stop: asyncio.Event) -> None:
    """Go round until told to stop; a round that was begun is finished."""
    rounds = Rounds(stop)
    async for _ in rounds:
        rounds.pause_s = await asyncio.to_thread(_round, runner)


def _round(runner: Runner) -> float:
    try:
        return runner.round()
    except (*_PASSES, SQLAlchemyError) as failed:
        # The text of an error of the database may have values of a row.
        log.error("round failed", kind=type(failed).__name__)
        return AFTER_FAILURE_S
