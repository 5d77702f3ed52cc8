"""A job as a machine: it waits, a worker has it under a lease, it ends.

Pure (`docs/jobs.md`). Knows nothing of a database, of what a job does, nor of who may start one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Literal, assert_never

from archive.errors import ArchiveError

_SECOND_US: Final = 1_000_000
# A worker that has said nothing for so long is gone.
LEASE_US: Final = 30 * _SECOND_US
MAX_ATTEMPTS: Final = 5
# Between two attempts; each wait is twice the one before.
FIRST_WAIT_US: Final = 10 * _SECOND_US
LONGEST_WAIT_US: Final = 600 * _SECOND_US

# What handlers are given and give: JSON.
Content = Mapping[str, Any]


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self not in {State.QUEUED, State.RUNNING}


class JobOver(ArchiveError):
    """The job has ended: nothing is to be cancelled."""


class LeaseLost(ArchiveError):
    """Another worker has the job, or nobody: what this one says of it counts no more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """So much of so much; nothing of nothing before it is known."""

    done: int = 0
    total: int = 0


NO_PROGRESS: Final = Progress()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who has a job, since when, until when, and when it last said that it lives (µs UTC)."""

    holder: str
    begun_us: int
    until_us: int
    beaten_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One time that a worker had it; `why` is the name of an error."""

    begun_us: int
    ended_us: int
    ended: Literal["done", "failed", "lost", "cancelled"]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job without what it is about; it waits until `due_us`."""

    state: State = State.QUEUED
    due_us: int
    lease: Lease | None = None
    progress: Progress = NO_PROGRESS
    history: tuple[Attempt, ...] = ()
    # When somebody wanted it to stop.
    cancel_us: int | None = None
    result: Content | None = None

    @property
    def attempts(self) -> int:
        """How often it was tried to no end."""
        return sum(each.ended in {"failed", "lost"} for each in self.history)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A worker takes it; `holder` is a name that no other claim has."""

    holder: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Beaten:
    """The worker lives, and is so far."""

    holder: str
    at_us: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class Succeeded:
    """It is done."""

    holder: str
    at_us: int
    result: Content


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not come to its end."""

    holder: str
    at_us: int
    why: str


@dataclass(frozen=True, slots=True)
class StoppedShort:
    """The worker has stopped it because somebody wanted that."""

    holder: str
    at_us: int


@dataclass(frozen=True, slots=True)
class PutBack:
    """The worker itself stops, and somebody else may go on."""

    holder: str
    at_us: int


@dataclass(frozen=True, slots=True)
class LeaseRunOut:
    """Nothing was heard of the worker for as long as a lease lasts."""

    at_us: int


@dataclass(frozen=True, slots=True)
class CancelWished:
    """Somebody wants it to stop."""

    at_us: int


Ended = Succeeded | Failed | StoppedShort | PutBack
Event = Claimed | Beaten | Ended | LeaseRunOut | CancelWished


def step(job: Job, event: Event) -> Job:
    """The job after an event. Raises `LeaseLost` for a word of who has no lease, `JobOver`."""
    match event:
        case Claimed(holder, at_us):
            assert job.state is State.QUEUED, "only what waits is claimed"
            lease = Lease(holder=holder, begun_us=at_us, until_us=at_us + LEASE_US, beaten_us=at_us)
            return replace(job, state=State.RUNNING, lease=lease, progress=NO_PROGRESS)
        case LeaseRunOut(at_us):
            lease = _lease(job)
            assert lease.until_us <= at_us, "it is still held"
            return _tried(job, at_us, "lost", "")
        case CancelWished(at_us):
            return _wished(job, at_us)
        case Beaten(holder, at_us, progress):
            lease = replace(_held(job, holder), until_us=at_us + LEASE_US, beaten_us=at_us)
            return replace(job, lease=lease, progress=progress)
        case Succeeded() | Failed() | StoppedShort() | PutBack():
            _held(job, event.holder)
            return _ended(job, event)
        case _:
            assert_never(event)


def _ended(job: Job, event: Ended) -> Job:
    match event:
        case Succeeded(_, at_us, result):
            total = max(job.progress.total, job.progress.done)
            over = _over(job, State.DONE, _attempt(job, at_us, "done", ""))
            return replace(over, result=result, progress=Progress(total, total))
        case Failed(_, at_us, why):
            return _tried(job, at_us, "failed", why)
        case StoppedShort(_, at_us):
            return _over(job, State.CANCELLED, _attempt(job, at_us, "cancelled", ""))
        case PutBack(_, at_us):
            if job.cancel_us is not None:
                return _over(job, State.CANCELLED, _attempt(job, at_us, "cancelled", ""))
            return replace(job, state=State.QUEUED, lease=None, due_us=at_us)
        case _:
            assert_never(event)


def _wished(job: Job, at_us: int) -> Job:
    if job.state.is_over:
        raise JobOver("the job has ended")
    if job.state is State.QUEUED:
        return replace(job, state=State.CANCELLED, cancel_us=at_us)
    return job if job.cancel_us is not None else replace(job, cancel_us=at_us)


def _tried(job: Job, at_us: int, ended: Literal["failed", "lost"], why: str) -> Job:
    """After an attempt that came to nothing."""
    last = _attempt(job, at_us, ended, why)
    if job.cancel_us is not None:
        return _over(job, State.CANCELLED, last)
    tried = job.attempts + 1
    if tried >= MAX_ATTEMPTS:
        return _over(job, State.FAILED, last)
    wait_us = 0 if ended == "lost" else min(FIRST_WAIT_US << (tried - 1), LONGEST_WAIT_US)
    return replace(
        job,
        state=State.QUEUED,
        lease=None,
        due_us=at_us + wait_us,
        history=(*job.history, last),
    )


def _over(job: Job, state: State, last: Attempt) -> Job:
    return replace(job, state=state, lease=None, history=(*job.history, last))


def _attempt(
    job: Job, at_us: int, ended: Literal["done", "failed", "lost", "cancelled"], why: str
) -> Attempt:
    return Attempt(begun_us=_lease(job).begun_us, ended_us=at_us, ended=ended, why=why)


def _lease(job: Job) -> Lease:
    assert job.lease is not None, "a job that runs has a lease"
    return job.lease


def _held(job: Job, holder: str) -> Lease:
    if job.lease is None or job.lease.holder != holder:
        raise LeaseLost("another worker has the job, or nobody")
    return job.lease
