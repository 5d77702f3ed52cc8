"""Where the key daemon's own work is done: in the keystore's thread, step by step, or beside it.

Knows nothing of the work. Between two steps the keystore's thread answers whoever asks.
"""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from archive.errors import ArchiveError
from archive.keys.daemon.work import KeystoreWork
from archive.keys.epochs.work_item import WorkThread
from archive.rounds import Rounds

# Without a wish: to see that a turn is due, or that nothing holds an epoch back any more. What
# failed is tried again as often.
PAUSE_S: Final = 60.0

log = structlog.get_logger()


async def keep_working(
    work: KeystoreWork, thread: ThreadPoolExecutor, stop: asyncio.Event, pause_s: float = PAUSE_S
) -> None:
    """Do what there is to do until told to stop; a job that is begun is finished."""
    loop, rounds = asyncio.get_running_loop(), Rounds(stop)

    def wake() -> None:
        loop.call_soon_threadsafe(rounds.bell.set)

    work.wake = wake
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="keystore work") as beside:
        async for _ in rounds:
            has_more = await _one(work, {WorkThread.KEYSTORE: thread, WorkThread.BESIDE: beside})
            rounds.pause_s = 0.0 if has_more else pause_s


async def _one(work: KeystoreWork, threads: dict[WorkThread, ThreadPoolExecutor]) -> bool:
    """Do one job; false where there was none, or it failed."""
    loop = asyncio.get_running_loop()
    try:
        job = await loop.run_in_executor(threads[WorkThread.KEYSTORE], work.next_job)
        if job is not None:
            await loop.run_in_executor(threads[job.place], job.run)
    except (ArchiveError, OSError, sqlite3.Error) as failed:
        work.stopped_by(failed)
        log.error("keys.work_stopped", reason=work.fault)
        return False
    if job is None:
        work.rest()
    else:
        work.went_well()
    return job is not None
