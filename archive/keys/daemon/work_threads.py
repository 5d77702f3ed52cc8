"""Where the key daemon's own work is done: in the keystore's thread, step by step, or beside it.

Knows nothing of the work. Between two steps the keystore's thread answers whoever asks.
"""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

import structlog

from archive.errors import ArchiveError
from archive.keys.daemon.work import KeystoreWork
from archive.keys.epochs.job import Place

# Without a wish: to see that a turn is due, or that nothing holds an epoch back any more. What
# failed is tried again as often.
PAUSE_S: Final = 60.0

log = structlog.get_logger()


async def keep_working(
    work: KeystoreWork, thread: ThreadPoolExecutor, stop: asyncio.Event, pause_s: float = PAUSE_S
) -> None:
    """Do what there is to do until told to stop; a job that is begun is finished."""
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(woken.set)

    work.wake = wake
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="keystore work") as beside:
        while not stop.is_set():
            woken.clear()
            if await _one(work, {Place.KEYSTORE: thread, Place.BESIDE: beside}):
                continue
            await _either(stop, woken, pause_s)


async def _one(work: KeystoreWork, threads: dict[Place, ThreadPoolExecutor]) -> bool:
    """Do one job; false where there was none, or it failed."""
    loop = asyncio.get_running_loop()
    try:
        job = await loop.run_in_executor(threads[Place.KEYSTORE], work.next_job)
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


async def _either(stop: asyncio.Event, woken: asyncio.Event, pause_s: float) -> None:
    """Wait until told to stop, or woken, or for so long."""
    async with asyncio.TaskGroup() as group:
        waits = [group.create_task(event.wait(), name="keys work waits") for event in (stop, woken)]
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
