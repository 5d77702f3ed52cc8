"""Works jobs off: of each kind one after the other, in a thread, under a lease that it renews.

The supervisor of what jobs do: what fails there is told to the queue and ends nothing else. Knows
nothing of a database, nor of what a job does.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

import structlog

from archive.job_queue import Claim, JobKind, JobQueue, QueueAway, UnknownJob
from archive.jobs import NO_PROGRESS, Content, LeaseLost, Progress
from archive.rounds import Rounds

# A lease lasts thirty of these; so often a bar moves, too.
BEAT_S: Final = 1.0
# So often it looks for what has lost its worker, or waits to be tried again; of what is queued here
# it is told.
LOOK_S: Final = 5.0

log = structlog.get_logger("api.job_runner")


class Stop(Enum):
    """Why a job that runs is to stop."""

    CANCELLED = auto()
    LEASE_LOST = auto()
    PART_STOPS = auto()


class Stopped(Exception):
    """Raised at a step of a job that is to stop."""

    def __init__(self, why: Stop) -> None:
        super().__init__(why.name)
        self.why = why


@dataclass(slots=True)
class Steps:
    """What a job says while it runs, and hears: at each step it may have to stop."""

    progress: Progress = NO_PROGRESS
    stop: Stop | None = None

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is; raises `Stopped`."""
        self.progress = Progress(done, total)
        if self.stop is not None:
            raise Stopped(self.stop)


# Does what is ordered, and returns the result; runs in a thread.
Handler = Callable[[Claim, Steps], Content]


@dataclass(frozen=True, slots=True)
class JobRunner:
    """The worker of this process; `beat_s` is how often it says that it lives."""

    queue: JobQueue
    handlers: Mapping[JobKind, Handler]
    beat_s: float = BEAT_S
    _bells: dict[JobKind, asyncio.Event] = field(default_factory=dict, init=False, repr=False)

    def wake(self, kind: JobKind) -> None:
        """Something of this kind was queued: look at once."""
        self._bell(kind).set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what is under way is put back then."""
        async with asyncio.TaskGroup() as group:
            for kind in self.handlers:
                group.create_task(self._serve(kind, stop), name=f"jobs {kind}")

    async def work_one(self, kind: JobKind, stop: asyncio.Event) -> bool:
        """Work the next job of a kind off; False where none waits."""
        claim = await asyncio.to_thread(self.queue.claim, [kind])
        if claim is None:
            return False
        steps = Steps()
        working = asyncio.ensure_future(asyncio.to_thread(self.handlers[kind], claim, steps))
        while not (await asyncio.wait([working], timeout=self.beat_s))[0]:
            steps.stop = steps.stop or await self._heard(claim, steps, stop)
        with suppress(LeaseLost, UnknownJob):
            await asyncio.to_thread(self._say_end, claim, steps, working)
        return True

    async def _serve(self, kind: JobKind, stop: asyncio.Event) -> None:
        rounds = Rounds(stop, bell=self._bell(kind))
        async for _ in rounds:
            rounds.pause_s = 0.0 if await self._worked(kind, stop) else LOOK_S

    async def _worked(self, kind: JobKind, stop: asyncio.Event) -> bool:
        try:
            return await self.work_one(kind, stop)
        except QueueAway:
            # What was under way is taken up again when its lease has run out.
            log.warning("the queue of jobs does not answer", kind=kind.value)
            return False

    async def _heard(self, claim: Claim, steps: Steps, stop: asyncio.Event) -> Stop | None:
        """Say that it lives; why it is to stop, if it is."""
        if stop.is_set():
            return Stop.PART_STOPS
        try:
            may_go_on = await asyncio.to_thread(self.queue.beat, claim, steps.progress)
        except (LeaseLost, UnknownJob):
            return Stop.LEASE_LOST
        except QueueAway:
            return None
        return None if may_go_on else Stop.CANCELLED

    def _say_end(self, claim: Claim, steps: Steps, working: "asyncio.Future[Content]") -> None:
        fault = working.exception()
        if fault is None:
            self.queue.beat(claim, steps.progress)
            self.queue.succeed(claim, working.result())
        elif not isinstance(fault, Stopped):
            log.error("a job failed", kind=claim.order.kind.value, exc_info=fault)
            self.queue.fail(claim, type(fault).__name__)
        elif fault.why is Stop.CANCELLED:
            self.queue.stop_short(claim)
        elif fault.why is Stop.PART_STOPS:
            self.queue.put_back(claim)

    def _bell(self, kind: JobKind) -> asyncio.Event:
        return self._bells.setdefault(kind, asyncio.Event())
