"""The worker of a process, over a queue that is a list."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from api.operation.job_runner import JobRunner, Steps
from archive.ids import DEFAULT_TENANT
from archive.job_queue import Claim, JobKind, Order, QueueAway
from archive.jobs import Content, LeaseLost, Progress

KIND = JobKind.SIMULATION
CLAIM = Claim(number=1, tenant=DEFAULT_TENANT, order=Order(kind=KIND), holder="a")


@dataclass
class ListedQueue:
    """What waits, and what was said."""

    waiting: list[Claim] = field(default_factory=lambda: [CLAIM])
    said: list[tuple[str, object]] = field(default_factory=list)
    answer: Callable[[], bool] = lambda: True
    away: int = 0
    heard: threading.Event = field(default_factory=threading.Event)

    def claim(self, kinds: Sequence[JobKind]) -> Claim | None:
        """The next; away as often as is wished before."""
        if self.away:
            self.away -= 1
            raise QueueAway("away")
        return self.waiting.pop(0) if self.waiting and self.waiting[0].order.kind in kinds else None

    def beat(self, _claim: Claim, progress: Progress) -> bool:
        """What is wished."""
        self.said.append(("beat", progress))
        self.heard.set()
        return self.answer()

    def succeed(self, _claim: Claim, result: Content) -> None:
        self.said.append(("succeed", result))

    def fail(self, _claim: Claim, why: str) -> None:
        self.said.append(("fail", why))

    def stop_short(self, _claim: Claim) -> None:
        self.said.append(("stop_short", None))

    def put_back(self, _claim: Claim) -> None:
        self.said.append(("put_back", None))

    @property
    def last(self) -> tuple[str, object]:
        return self.said[-1]


def lost() -> bool:
    raise LeaseLost("another's")


def away() -> bool:
    raise QueueAway("away")


def runner(
    queue: ListedQueue, work: Callable[[Claim, Steps], Content], beat_s: float = 0.001
) -> JobRunner:
    return JobRunner(queue, {KIND: work}, beat_s=beat_s)


def for_ever(_claim: Claim, step: Steps) -> Content:
    while True:
        step(1, 2)


async def test_what_is_done_is_told_with_its_result_and_then_nothing_waits() -> None:
    """The handler has the order."""
    queue = ListedQueue()
    worker = runner(queue, lambda claim, _: {"number": claim.number})
    never = asyncio.Event()

    assert [await worker.work_one(KIND, never), await worker.work_one(KIND, never)] == [True, False]
    assert queue.last == ("succeed", {"number": 1})


async def test_while_it_works_it_says_that_it_lives_and_how_far_it_is() -> None:
    """Else somebody else would begin it, too."""
    queue = ListedQueue()

    def work(_claim: Claim, step: Steps) -> Content:
        step(3, 7)
        queue.heard.clear()
        queue.heard.wait()
        return {}

    await runner(queue, work).work_one(KIND, asyncio.Event())

    assert ("beat", Progress(3, 7)) in queue.said
    assert queue.last == ("succeed", {})


@pytest.mark.parametrize(
    ("answer", "told"), [(lambda: False, "stop_short"), (lost, "beat")], ids=["cancel", "lost"]
)
async def test_it_stops_at_the_next_step_when_it_is_cancelled_or_is_another_workers(
    answer: Callable[[], bool], told: str
) -> None:
    """Of what is another's it says nothing more."""
    queue = ListedQueue(answer=answer)
    await runner(queue, for_ever).work_one(KIND, asyncio.Event())

    assert queue.last[0] == told


async def test_when_its_part_stops_the_job_is_put_back() -> None:
    """The next start goes on with it; nothing has failed."""
    queue, stop = ListedQueue(), asyncio.Event()
    stop.set()
    await runner(queue, for_ever).work_one(KIND, stop)

    assert queue.last == ("put_back", None)


async def test_a_queue_that_does_not_answer_for_a_moment_ends_no_work() -> None:
    """A catalog that is rebuilt lets nobody write for a while."""
    answers = iter([away, away, lambda: False])
    queue = ListedQueue(answer=lambda: next(answers)())
    await runner(queue, for_ever).work_one(KIND, asyncio.Event())

    assert queue.last == ("stop_short", None)


async def test_what_fails_is_told_by_the_name_of_its_error_and_the_worker_goes_on() -> None:
    """The text may have a name or a number in it; the log has it."""
    queue = ListedQueue(waiting=[CLAIM, CLAIM])
    outcomes = iter([ValueError("+81312347788"), None])

    def work(_claim: Claim, _step: Steps) -> Content:
        if (fault := next(outcomes)) is not None:
            raise fault
        return {}

    worker, never = runner(queue, work), asyncio.Event()
    await worker.work_one(KIND, never)
    await worker.work_one(KIND, never)

    assert [each for each in queue.said if each[0] != "beat"] == [
        ("fail", "ValueError"), ("succeed", {}),
    ]  # fmt: skip


async def test_it_works_what_comes_until_it_is_told_to_stop() -> None:
    """Woken at once by who has queued something, also after the queue was away."""
    queue, stop = ListedQueue(waiting=[], away=1), asyncio.Event()
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(_claim: Claim, _step: Steps) -> Content:
        loop.call_soon_threadsafe(done.set)
        return {}

    worker = runner(queue, work)
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        queue.waiting.append(CLAIM)
        while not done.is_set():
            worker.wake(KIND)
            await asyncio.sleep(0)
        stop.set()

    assert queue.last == ("succeed", {})
