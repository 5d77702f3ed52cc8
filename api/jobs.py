"""Jobs as people look at them: which there are, how far each is, and that one be cancelled.

What a job is asked to do and what came of it is not here: who may see that is the act's to say.
Knows nothing of the web, nor of what a job does.
"""

from dataclasses import dataclass

from api.access import Door
from api.actor import Actor
from api.people.verbs import Verb
from archive.catalog.authors import Author
from archive.catalog.engine import read, write
from archive.catalog.jobs import cancel_job, job_numbered, jobs_of
from archive.job_queue import KnownJob


@dataclass(frozen=True, slots=True)
class Jobs:
    """The questions and the one act; each raises `Refused` where the actor may not."""

    door: Door

    async def listed(self, actor: Actor) -> tuple[KnownJob, ...]:
        """Every job that is kept, the newest first."""
        access = await self.door.access(actor, Verb.JOB_READ)
        return await read(self.door.engine, lambda c: jobs_of(c, access.tenant))

    async def show(self, actor: Actor, number: int) -> KnownJob:
        """One job; raises `UnknownJob`."""
        access = await self.door.access(actor, Verb.JOB_READ)
        return await read(self.door.engine, lambda c: job_numbered(c, access.tenant, number))

    async def cancel(self, actor: Actor, number: int) -> KnownJob:
        """Want it to stop; one that runs does at its next step. Raises `UnknownJob`, `JobOver`."""
        access = await self.door.access(actor, Verb.JOB_CANCEL)
        author = Author(access=access, user=actor.account.user)
        return await write(self.door.engine, lambda c: cancel_job(c, author, number))
