"""What must have gone by now and is still there, each with its reason; and what is left of others.

Questions only. Knows nothing of the web.
"""

from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from api.access.authorization import Door
from api.destruction.due_next import DueAhead
from api.destruction.due_recordings import due_recordings
from api.destruction.plan_course import waiting_of
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import read
from archive.catalog.destruction.planned_recordings import in_open_plans, last_causes
from archive.catalog.destruction.plans import StoredPlan, open_plans
from archive.catalog.destruction.tombstones import tombstones_of_hours, tombstones_page
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId
from archive.lifecycle.tombstone import DestroyedPage, DestroyedWindow, FoundTombstone
from retention.decisions.destruction_plan import MAX_PLANNED
from retention.decisions.due import Cause, Waiting, reason_now
from retention.runner.judgement.recording_verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A recording that must go; `reason` why it has not, `plan` the one that it is in, or 0.

    `waits` is what that plan's run waits for.
    """

    verdict: Verdict
    reason: Waiting | Cause
    plan: int = 0
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Overdues:
    """The questions; each raises `Refused` where the actor may not."""

    door: Door

    @property
    def ahead(self) -> DueAhead:
        """The same of what will have to go."""
        return DueAhead(self.door)

    async def listed(self, actor: Actor) -> tuple[Overdue, ...]:
        """What is due, as many as one plan takes; what has been due the longest first."""
        access = await self.door.access_to_all(actor, Verb.DESTRUCTION_READ)
        return await read(self.door.engine, lambda c: _overdue(c, access))

    async def tombstones(
        self, actor: Actor, from_us: int, to_us: int
    ) -> tuple[FoundTombstone, ...]:
        """What is left of recordings that began in hours which a window touches."""
        access = await self.door.access(actor, Verb.DESTRUCTION_READ)

        def found(connection: Connection) -> tuple[FoundTombstone, ...]:
            row, reach = tenant_row(connection, access.tenant), access.within.reach
            return tombstones_of_hours(connection, row, reach, from_us=from_us, to_us=to_us)

        return await read(self.door.engine, found)

    async def destroyed(self, actor: Actor, asked: DestroyedWindow) -> DestroyedPage:
        """A page of what is left of recordings of a time, the last first."""
        access = await self.door.access(actor, Verb.DESTRUCTION_READ)

        def found(connection: Connection) -> DestroyedPage:
            row = tenant_row(connection, access.tenant)
            return tombstones_page(connection, row, access.within.reach, asked)

        return await read(self.door.engine, found)


def _overdue(connection: Connection, access: Access) -> tuple[Overdue, ...]:
    row = tenant_row(connection, access.tenant)
    planned, causes = in_open_plans(connection, row), last_causes(connection, row)
    plans = {
        each.number: _Waits(each, waiting_of(connection, access.tenant, each, access.at_us))
        for each in open_plans(connection, access.tenant)
    }
    due = islice(due_recordings(connection, access.tenant, access.at_us), MAX_PLANNED)
    return tuple(_one(each, plans.get(planned.get(each.recording, 0)), causes) for each in due)


@dataclass(frozen=True, slots=True)
class _Waits:
    """A plan and what it waits for."""

    plan: StoredPlan
    reason: Waiting


def _one(verdict: Verdict, waits: _Waits | None, causes: dict[RecordingId, str]) -> Overdue:
    if waits is None:
        return Overdue(verdict=verdict, reason=reason_now(causes.get(verdict.recording)))
    return Overdue(
        verdict=verdict,
        reason=waits.reason,
        plan=waits.plan.number,
        waits=waits.plan.course.waits,
    )
