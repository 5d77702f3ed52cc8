"""Jobs as people look at them: which there are, how far each is, and that one be cancelled.

What a job is asked to do and what came of it is not here: who may see that is the act's to say.
Knows nothing of the web, nor of what a job does.
"""

from dataclasses import dataclass
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from api.access.authorization import Door
from api.access.use_case import Nothing, RowNumber, UseCase, any_of
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.access.reach import is_everywhere
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import read, write
from archive.catalog.journal.authors import Author
from archive.catalog.register.jobs import cancel_job, job_numbered, jobs_of
from archive.job_queue import KnownJob, UnknownJob
from archive.jobs import JobOver


class OneJob(Struct, frozen=True):
    """A job, by its number."""

    number: RowNumber


@dataclass(frozen=True, slots=True)
class Jobs:
    """The questions and the one act; each raises `Refused` where the actor may not."""

    door: Door

    async def listed(self, actor: Actor) -> tuple[KnownJob, ...]:
        """Every job that is kept, the newest first; where the reach ends somewhere, one's own."""
        access = await self.door.access(actor, LIST)
        found = await read(self.door.engine, lambda c: jobs_of(c, access.tenant))
        return tuple(each for each in found if _may_know(access, each))

    async def show(self, actor: Actor, number: int) -> KnownJob:
        """One job; raises `UnknownJob`."""
        access = await self.door.access(actor, SHOW)
        return await read(self.door.engine, lambda c: _known(c, access, number))

    async def cancel(self, actor: Actor, number: int) -> KnownJob:
        """Want it to stop; one that runs does at its next step. Raises `UnknownJob`, `JobOver`.

        Who started it needs to be allowed no more than to see it.
        """
        is_own = await read(self.door.engine, lambda c: _has_started(c, actor, number))
        needed = CANCEL.of(Verb.JOB_READ if is_own else Verb.JOB_CANCEL)
        access = await self.door.access(actor, needed)
        author = Author(access=access, user=actor.account.user)

        def cancelled(connection: Connection) -> KnownJob:
            _known(connection, access, number)
            return cancel_job(connection, author, number)

        return await write(self.door.engine, cancelled)


def _may_know(access: Access, job: KnownJob) -> bool:
    """What a job counts is of the whole tenant."""
    return is_everywhere(access.within.reach) or job.author == access.actor


def _known(connection: Connection, access: Access, number: int) -> KnownJob:
    found = job_numbered(connection, access.tenant, number)
    if not _may_know(access, found):
        raise UnknownJob(f"no job {number}")
    return found


def _has_started(connection: Connection, actor: Actor, number: int) -> bool:
    try:
        return job_numbered(connection, actor.account.tenant, number).author == actor.account.name
    except UnknownJob:
        return False


LIST: Final = UseCase(
    name="jobs",
    about="Every job that waits, runs, or has ended of late.",
    by=Jobs,
    asks=Nothing,
    run=lambda jobs, actor, _: jobs.listed(actor),
    needs=any_of(Verb.JOB_READ),
)
SHOW: Final = UseCase(
    name="job",
    about="One job: where it stands, and how far it is.",
    by=Jobs,
    asks=OneJob,
    run=lambda jobs, actor, asked: jobs.show(actor, asked.number),
    needs=any_of(Verb.JOB_READ),
    refuses=(UnknownJob,),
)
CANCEL: Final = UseCase(
    name="cancel",
    about=(
        "Want a job to stop; one that runs does at its next step. Its starter may without the verb."
    ),
    by=Jobs,
    asks=OneJob,
    run=lambda jobs, actor, asked: jobs.cancel(actor, asked.number),
    needs=any_of(Verb.JOB_CANCEL, at_times=(Verb.JOB_READ,)),
    writes=("job_cancelled",),
    refuses=(UnknownJob, JobOver),
)
