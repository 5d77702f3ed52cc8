"""Legal holds as one looks at them: which there are, what each has.

Knows nothing of the web, nor of how one is placed.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from api.access import Door
from api.actor import Actor
from api.people.verbs import Verb
from archive.catalog.engine import read
from archive.catalog.held_recordings import (
    Counts,
    HeldPage,
    HeldRecording,
    counts_of,
    held_recordings,
)
from archive.catalog.late_recordings import LateFor, late_for
from archive.catalog.legal_holds import StoredHold, hold_numbered, stored_holds
from archive.catalog.tenants import tenant_row


@dataclass(frozen=True, slots=True)
class HeldSoFar:
    """A hold as it stands, what came of its recordings, and by which runs it was too late."""

    hold: StoredHold
    counts: Counts
    late: tuple[LateFor, ...] = ()


def so_far(connection: Connection, tenant: int, number: int) -> HeldSoFar:
    """One hold; raises `UnknownHold`."""
    return _so_far(connection, tenant, hold_numbered(connection, tenant, number))


def _so_far(connection: Connection, tenant: int, known: StoredHold) -> HeldSoFar:
    counts = counts_of(connection, tenant, known)
    late = late_for(connection, tenant, known) if counts.destroyed else ()
    return HeldSoFar(known, counts, late)


@dataclass(frozen=True, slots=True)
class LegalHolds:
    """The questions; each raises `Refused`, `UnknownHold`."""

    door: Door

    async def listed(self, actor: Actor) -> tuple[HeldSoFar, ...]:
        """All of them, oldest first."""
        access = await self.door.access(actor, Verb.HOLD_READ)

        def found(connection: Connection) -> tuple[HeldSoFar, ...]:
            tenant = tenant_row(connection, access.tenant)
            every = stored_holds(connection, tenant)
            return tuple(_so_far(connection, tenant, each) for each in every)

        return await read(self.door.engine, found)

    async def show(self, actor: Actor, number: int) -> HeldSoFar:
        """One of them."""
        access = await self.door.access(actor, Verb.HOLD_READ)
        return await read(
            self.door.engine, lambda c: so_far(c, tenant_row(c, access.tenant), number)
        )

    async def recordings(
        self, actor: Actor, number: int, page: HeldPage
    ) -> tuple[HeldRecording, ...]:
        """A page of what it has, within the reach of who asks."""
        access = await self.door.access(actor, Verb.HOLD_READ)

        def found(connection: Connection) -> tuple[HeldRecording, ...]:
            tenant = tenant_row(connection, access.tenant)
            known = hold_numbered(connection, tenant, number)
            allowed = replace(access.within, purpose="")
            return held_recordings(connection, tenant, known, page, allowed)

        return await read(self.door.engine, found)
