"""Jobs as people look at them: which there are, how far each is, and that one be cancelled.

What a job is asked to do and what came of it is not here: who may see that is the act's to say.
Knows nothing of the web, nor of what a job does.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.access.authorization import Door
from api.access.use_case import RowNumber, any_of, use_case
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.access.reach import is_everywhere
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import read, write
from archive.catalog.register.jobs import cancel_job, job_numbered, jobs_of
from archive.job_queue import KnownJob, UnknownJob
from archive.jobs import JobOver


@dataclass(frozen=True, slots=True)
class Jobs:
    """The questions and the one act; each raises `Refused` where the actor may not."""

    door: Door

    async def listed(self, actor: Actor) -> tuple[KnownJob, ...]:
        """Every job that waits, runs, or has ended of late."""
        access = await self.door.access(actor, LIST)
        found = await read(self.door.engine, lambda c: jobs_of(c, access.tenant))
        return tuple(each for each in found if _may_know(access, each))

    async def show(self, actor: Actor, number: RowNumber) -> KnownJob:
        """One job: where it stands, and how far it is."""
        access = await self.door.access(actor, SHOW)
        return await read(self.door.engine, lambda c: _known(c, access, number))

    async def cancel(self, actor: Actor, number: RowNumber) -> KnownJob:
        """Want a job to stop; one that runs does at its next step."""
        is_own = await read(self.door.engine, lambda c: _has_started(c, actor, number))
        needed = CANCEL.of(Verb.JOB_READ if is_own else Verb.JOB_CANCEL)
        author = await self.door.author(actor, needed)

        def cancelled(connection: Connection) -> KnownJob:
            _known(connection, author.access, number)
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


LIST: Final = use_case(Jobs.listed, Verb.JOB_READ, name="jobs")
SHOW: Final = use_case(Jobs.show, Verb.JOB_READ, name="job", refuses=(UnknownJob,))
CANCEL: Final = use_case(
    Jobs.cancel,
    any_of(Verb.JOB_CANCEL, at_times=(Verb.JOB_READ,)),
    writes=("job_cancelled",),
    refuses=(UnknownJob, JobOver),
)
