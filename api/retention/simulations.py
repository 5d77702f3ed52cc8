"""What another retention policy would make of the whole archive, said before it is taken over.

A job (`docs/jobs.md`): ordered, worked off, its result looked at. Changes nothing and names no
recording. Knows nothing of the web, nor of what a rule means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from api.access import Door
from api.actor import Actor
from api.job_runner import Handler, Runner, Steps
from api.people.verbs import Verb
from api.retention.history import PolicyHistory
from api.retention.simulation import Simulated, Simulation, Supposition
from api.retention.standing import standing_of
from archive.catalog.authors import Author
from archive.catalog.engine import read, reading, write
from archive.catalog.jobs import job_numbered, order_job
from archive.catalog.retained import count_retained, retained_behind
from archive.catalog.tenants import tenant_row
from archive.ids import TenantId
from archive.job_queue import Claim, JobKind, KnownJob, Order, UnknownJob
from archive.jobs import Content
from retention.policy_file import read_policy

_KIND: Final = JobKind.SIMULATION
_TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Simulations:
    """The question; it is asked of all recordings of the tenant."""

    door: Door
    runner: Runner

    async def start(self, actor: Actor, text: str) -> KnownJob:
        """Order it; raises `Refused`, `PolicyRefused`, `TooManyJobs`."""
        author = await self._author(actor)
        read_policy(text)
        order = Order(kind=_KIND, arguments={_TEXT: text})
        number = await write(self.door.engine, lambda c: order_job(c, author, order))
        self.runner.wake(_KIND)
        return await self._numbered(author.access.tenant, number)

    async def show(self, actor: Actor, number: int) -> KnownJob:
        """One with its result, when it is done; raises `Refused`, `UnknownJob`."""
        author = await self._author(actor)
        return await self._numbered(author.access.tenant, number)

    async def _author(self, actor: Actor) -> Author:
        access = await self.door.access(actor, Verb.POLICY_READ)
        return Author(access=access, user=actor.account.user)

    async def _numbered(self, tenant: TenantId, number: int) -> KnownJob:
        found = await read(self.door.engine, lambda c: job_numbered(c, tenant, number))
        if found.order.kind is not _KIND:
            raise UnknownJob(f"no simulation {number}")
        return found


def simulating(engine: Engine, clock_us: Callable[[], int]) -> Handler:
    """What works a simulation off; `clock_us` tells at which moment the archive is judged."""

    def simulate(claim: Claim, steps: Steps) -> Content:
        at_us = clock_us()
        with reading(engine) as connection:
            history = PolicyHistory.read(connection, claim.tenant, at_us)
            total = count_retained(connection, tenant_row(connection, claim.tenant))
        what = Supposition(
            policy=read_policy(claim.order.arguments[_TEXT]),
            revisions=history.revisions,
            now=history.now,
        )
        steps(0, total)
        sums, after = Simulation(), 0
        while found := _batch(engine, what, claim.tenant, after):
            after, batch = found
            sums.add_all(batch)
            steps(sums.whole.recordings, total)
        return {"at_us": at_us, **sums.content()}

    return simulate


def _batch(
    engine: Engine, what: Supposition, tenant: TenantId, after: int
) -> tuple[int, tuple[Simulated, ...]] | None:
    """The recordings behind a place as they would stand, and the place behind them."""
    with reading(engine) as connection:
        row = tenant_row(connection, tenant)
        last, found = retained_behind(connection, row, after)
        standing = standing_of(connection, row, [each.recording for each in found])
    return (last, tuple(what.of(found, standing))) if last else None
