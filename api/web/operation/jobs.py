"""Routes under `/jobs`: which there are, how far each is, and that one be cancelled.

Knows nothing of what a job does.
"""

from datetime import UTC, datetime
from typing import Literal, Self

from fastapi import APIRouter
from pydantic import BaseModel

from api.operation.jobs import CANCEL, LIST, SHOW
from api.web.http.times import shown
from api.web.rows import ListView, Row, routed
from archive.job_queue import JobKind, KnownJob
from archive.jobs import Attempt, State


class AttemptView(BaseModel):
    """One time that a worker had it; `why` is the name of an error, for who reads the log."""

    begun_at: datetime
    ended_at: datetime
    ended: Literal["done", "failed", "lost", "cancelled"]
    why: str

    @classmethod
    def show(cls, own: Attempt) -> Self:
        return cls(
            begun_at=shown(own.begun_us, UTC),
            ended_at=shown(own.ended_us, UTC),
            ended=own.ended,
            why=own.why,
        )


class JobView(BaseModel):
    """A job: `done` of `total`, 0 of 0 before it is known how much there is.

    `due_at`: one that waits is not begun before. `heard_at`: when its worker last said that it
    lives. `cancel_wished`: it stops at its next step. `attempts` are those that have ended.
    """

    number: int
    kind: JobKind
    state: State
    author: str
    ordered_at: datetime
    due_at: datetime
    done: int
    total: int
    heard_at: datetime | None
    cancel_wished: bool
    attempts: list[AttemptView]

    @classmethod
    def show(cls, known: KnownJob) -> Self:
        job = known.job
        return cls(
            number=known.number,
            kind=known.order.kind,
            state=job.state,
            author=known.author,
            ordered_at=shown(known.ordered_us, UTC),
            due_at=shown(job.due_us, UTC),
            done=job.progress.done,
            total=job.progress.total,
            heard_at=shown(job.lease.beaten_us, UTC) if job.lease else None,
            cancel_wished=job.cancel_us is not None,
            attempts=[AttemptView.show(each) for each in job.history],
        )


class JobsView(ListView):
    """Every job that is kept, the newest first."""

    jobs: list[JobView]


router = routed(
    APIRouter(prefix="/jobs", tags=["jobs"]),
    Row("GET", "", LIST, JobsView),
    Row("GET", "/{number}", SHOW, JobView),
    Row(
        "POST",
        "/{number}/cancel",
        CANCEL,
        JobView,
        about=f"{CANCEL.about} Its starter may without the verb.",
    ),
)
