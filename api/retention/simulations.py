"""What another retention policy would make of the whole archive, said before it is taken over.

Changes nothing and names no recording. Knows nothing of the web, nor of what a rule means.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import Connection

from api.access import Door
from api.actor import Actor
from api.people.verbs import Verb
from api.retention.history import PolicyHistory
from api.retention.simulation import Simulation, Supposition
from api.retention.standing import standing_of
from archive.catalog.engine import AsyncEngine, read
from archive.catalog.retained import count_retained, retained_behind
from archive.catalog.tenants import tenant_row
from archive.grants import Access
from retention.policy_file import read_policy


@dataclass(frozen=True, slots=True)
class Simulations:
    """The question; it is asked of all recordings of the tenant."""

    door: Door

    async def simulate(self, actor: Actor, text: str) -> "RunningSimulation":
        """What a policy would make of what is there; raises `Refused`, `PolicyRefused`."""
        access = await self.door.access(actor, Verb.POLICY_READ)
        policy = read_policy(text)

        def begun(connection: Connection) -> RunningSimulation:
            history = PolicyHistory.read(connection, access.tenant, access.at_us)
            what = Supposition(policy=policy, revisions=history.revisions, now=history.now)
            total = count_retained(connection, tenant_row(connection, access.tenant))
            return RunningSimulation(self.door.engine, access, what, total)

        return await read(self.door.engine, begun)


@dataclass(frozen=True, slots=True)
class RunningSimulation:
    """One that is under way; `total` is how many recordings there were when it began."""

    engine: AsyncEngine
    access: Access
    what: Supposition
    total: int

    async def sums(self) -> AsyncIterator[Simulation]:
        """The sums so far, after each batch; the last are those of the whole."""
        so_far, after = Simulation(), 0

        def add(connection: Connection) -> int:
            tenant = tenant_row(connection, self.access.tenant)
            last, batch = retained_behind(connection, tenant, after)
            standing = standing_of(connection, tenant, [each.recording for each in batch])
            so_far.add_all(self.what.of(batch, standing))
            return last

        while last := await read(self.engine, add):
            after = last
            yield so_far
        yield so_far
