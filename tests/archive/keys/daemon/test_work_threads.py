"""The daemon's own work, in real threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from archive.keys.daemon.work import KeystoreWork
from archive.keys.daemon.work_threads import keep_working
from archive.keys.epochs.work_item import WorkItem, WorkThread
from tests.archive.keys.turning import Turning
from tests.support.keys.work import in_force, work_of


async def working(
    work: KeystoreWork, thread: ThreadPoolExecutor, until: Callable[[], bool]
) -> None:
    """The workshop, until something is so, asked in the keystore's thread between its steps."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        group.create_task(keep_working(work, thread, stop, pause_s=0.01))
        async with asyncio.timeout(20):
            while not await loop.run_in_executor(thread, until):
                pass
        stop.set()


async def test_a_turn_is_done_while_others_are_answered(tmp_path: Path) -> None:
    """Each question between two steps gets its answer from the same thread."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        turning = Turning(tmp_path)
        work = work_of(turning)
        turning.turn.wish()

        def is_over() -> bool:
            return in_force(turning) == 2 and turning.turn.state() is None

        await working(work, thread, is_over)
    assert work.fault == ""


async def test_what_fails_is_tried_again(tmp_path: Path) -> None:
    """A full disk is emptied by somebody, and nobody has to start anything."""
    tries = []

    def fail_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError(28, "No space left on device")

    class Failing(KeystoreWork):
        def next_job(self) -> WorkItem | None:
            return WorkItem(WorkThread.BESIDE, fail_once) if len(tries) < 2 else None

    template = work_of(Turning(tmp_path))
    work = Failing(
        opened=template.opened,
        turn=template.turn,
        end=template.end,
        orders=template.orders,
        gate=template.gate,
        plan=template.plan,
    )
    with ThreadPoolExecutor(max_workers=1) as thread:
        await working(work, thread, lambda: len(tries) == 2 and not work.fault)

    assert len(tries) == 2
