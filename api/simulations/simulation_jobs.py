"""What another retention policy would make of the whole archive, said before it is taken over.

A job (`docs/jobs.md`): ordered, worked off, its result looked at. Changes nothing, and its result
names no recording; those that it changes are shown as a search shows them. Knows nothing of the
web, nor of what a rule means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine

from api.access.authorization import Door
from api.operation.job_runner import Handler, JobRunner, Steps
from api.permissions.actor import Actor
from api.permissions.errors import SimulationNotDone
from api.permissions.verbs import Verb
from api.simulations.archive_simulation import simulate_archive
from api.simulations.changed_recordings import ChangedPage, changed_page
from api.simulations.simulation import Supposition
from archive.access.reach import is_everywhere
from archive.catalog.access.grants import SearchGrant
from archive.catalog.database.engine import read, reading, run, write
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail
from archive.catalog.register.jobs import job_numbered, order_job
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ConversationId, TenantId
from archive.job_queue import Claim, JobKind, KnownJob, Order, UnknownJob
from archive.jobs import Content
from retention.policies.policy_file import read_policy
from retention.runner.judgement.page_verdicts import count_due_pages
from retention.runner.judgement.policy_history import PolicyHistory

_KIND: Final = JobKind.SIMULATION
_TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Simulations:
    """The question; it is asked of all recordings of the tenant."""

    door: Door
    runner: JobRunner

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

    async def changes(
        self, actor: Actor, number: int, behind: ConversationId | None
    ) -> ChangedPage:
        """A page of the recordings that it changes, as a search: within the reach of who asks.

        To who may know of the simulation. Raises `Refused`, `UnknownJob`, `SimulationNotDone`.
        """
        detail: dict[str, Detail] = {"what": "simulation", "job": number}
        granted = await self.door.grant(actor, SearchGrant, detail=detail)
        known = await self._numbered(granted.tenant, number)
        if not _may_know(actor, known):
            raise UnknownJob(f"no simulation {number}")
        result = known.job.result
        if result is None:
            raise SimulationNotDone("no result")

        def page(engine: Engine) -> ChangedPage:
            with reading(engine) as connection:
                what = _supposed(connection, granted.tenant, known.order, result["at_us"])
            return changed_page(engine, what, behind, granted)

        return await run(self.door.engine, page)

    async def _author(self, actor: Actor) -> Author:
        access = await self.door.access_to_all(actor, Verb.POLICY_READ)
        return Author(access=access, user=actor.account.user)

    async def _numbered(self, tenant: TenantId, number: int) -> KnownJob:
        found = await read(self.door.engine, lambda c: job_numbered(c, tenant, number))
        if found.order.kind is not _KIND:
            raise UnknownJob(f"no simulation {number}")
        return found


def _may_know(actor: Actor, known: KnownJob) -> bool:
    """Its sums are of the whole tenant: whose policies may be read there, and who started it."""
    reach = actor.account.authority.reach(Verb.POLICY_READ)
    return is_everywhere(reach) or known.author == actor.account.name


def simulating(engine: Engine, clock_us: Callable[[], int]) -> Handler:
    """What works a simulation off; `clock_us` tells at which moment the archive is judged."""

    def simulate(claim: Claim, steps: Steps) -> Content:
        at_us = clock_us()
        with reading(engine) as connection:
            what = _supposed(connection, claim.tenant, claim.order, at_us)
            tenant = tenant_row(connection, claim.tenant)
            return {
                "at_us": at_us,
                **simulate_archive(connection, tenant, what, steps).content(),
                **_ledger_pages(connection, tenant, what),
            }

    return simulate


def _ledger_pages(connection: Connection, tenant: int, what: Supposition) -> dict[str, int]:
    """How many pages of the ledger would have to go, and have to today."""
    return {
        "ledger_pages_due": count_due_pages(connection, tenant, [what.supposed], what.now),
        "ledger_pages_due_today": count_due_pages(connection, tenant, what.revisions, what.now),
    }


def _supposed(connection: Connection, tenant: TenantId, order: Order, at_us: int) -> Supposition:
    history = PolicyHistory.read(connection, tenant, at_us)
    policy = read_policy(order.arguments[_TEXT])
    return Supposition(policy=policy, revisions=history.revisions, now=history.now)
