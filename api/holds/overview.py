"""Legal holds as one looks at them: which there are, what each has.

Knows nothing of the web, nor of how one is placed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from msgspec import Meta
from sqlalchemy import Connection

from api.access.authorization import Door
from api.access.use_case import LastId, use_case
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE_TENANT, Within, is_everywhere
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import read
from archive.catalog.holds.held_recordings import (
    Counts,
    HeldPage,
    HeldRecording,
    counts_of,
    held_recordings,
)
from archive.catalog.holds.late_recordings import LateFor, late_for
from archive.catalog.register.legal_holds import (
    StoredHold,
    UnknownHold,
    hold_numbered,
    stored_holds,
)
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId
from archive.lifecycle.legal_holds import Found

MAX_NUMBER: Final = 2**31 - 1  # a column of 32 bits
MAX_SHOWN: Final = 500
HoldNumber = Annotated[int, Meta(ge=1, le=MAX_NUMBER, description="Of a hold, as the list has it")]
Shown = Annotated[int, Meta(ge=1, le=MAX_SHOWN)]


@dataclass(frozen=True, slots=True)
class HeldSoFar:
    """A hold as it stands, what came of its recordings, and by which runs it was too late.

    `is_all`: nothing that it has lies beyond the reach of who asks.
    """

    hold: StoredHold
    counts: Counts
    late: tuple[LateFor, ...] = ()
    is_all: bool = True


def so_far(connection: Connection, access: Access, number: int) -> HeldSoFar:
    """One hold after a step: all that it has to who placed it. Raises `UnknownHold`."""
    tenant = tenant_row(connection, access.tenant)
    known = hold_numbered(connection, tenant, number)
    allowed = WHOLE_TENANT if known.author == access.actor else access.within
    return _so_far(connection, tenant, known, allowed)


def near_hold(connection: Connection, access: Access, number: int) -> StoredHold:
    """One hold that who asks may know of; raises `UnknownHold`."""
    found = hold_numbered(connection, tenant_row(connection, access.tenant), number)
    if not is_near(connection, access, found):
        raise UnknownHold(f"no hold {number}")
    return found


def hold_to_end(connection: Connection, access: Access, number: int) -> StoredHold:
    """One hold that who asks may let go of: its own, or with a reach that ends nowhere, any.

    Of others a part may lie beyond the reach. Raises `UnknownHold`.
    """
    found = hold_numbered(connection, tenant_row(connection, access.tenant), number)
    if not is_everywhere(access.within.reach) and found.author != access.actor:
        raise UnknownHold(f"no hold {number}")
    return found


def is_near(connection: Connection, access: Access, known: StoredHold) -> bool:
    """Whether anything that it has lies within the reach, or who asks has placed it."""
    within = access.within.whole_reach
    if is_everywhere(within.reach) or known.author == access.actor:
        return True
    tenant = tenant_row(connection, access.tenant)
    return bool(held_recordings(connection, tenant, known, HeldPage(limit=1), within))


def _so_far(connection: Connection, tenant: int, known: StoredHold, allowed: Within) -> HeldSoFar:
    counts = counts_of(connection, tenant, known, allowed.whole_reach)
    if not is_everywhere(allowed.reach):
        return HeldSoFar(known, counts, is_all=False)
    late = late_for(connection, tenant, known) if counts.destroyed else ()
    return HeldSoFar(known, counts, late)


@dataclass(frozen=True, slots=True)
class LegalHolds:
    """The questions; each raises `Refused`, `UnknownHold`."""

    door: Door

    async def listed(self, actor: Actor) -> tuple[HeldSoFar, ...]:
        """Every legal hold, with how much it has."""
        access = await self.door.access(actor, LIST)

        def found(connection: Connection) -> tuple[HeldSoFar, ...]:
            tenant = tenant_row(connection, access.tenant)
            every = stored_holds(connection, tenant)
            near = (each for each in every if is_near(connection, access, each))
            return tuple(_so_far(connection, tenant, each, access.within) for each in near)

        return await read(self.door.engine, found)

    async def show(self, actor: Actor, number: HoldNumber) -> HeldSoFar:
        """One legal hold."""
        access = await self.door.access(actor, SHOW)

        def found(connection: Connection) -> HeldSoFar:
            known = near_hold(connection, access, number)
            tenant = tenant_row(connection, access.tenant)
            return _so_far(connection, tenant, known, access.within)

        return await read(self.door.engine, found)

    async def recordings(
        self, actor: Actor, number: int, page: HeldPage
    ) -> tuple[HeldRecording, ...]:
        """A page of what it has, within the reach of who asks."""
        access = await self.door.access(actor, RECORDINGS)

        def found(connection: Connection) -> tuple[HeldRecording, ...]:
            tenant = tenant_row(connection, access.tenant)
            known = near_hold(connection, access, number)
            allowed = replace(access.within, purpose="")
            return held_recordings(connection, tenant, known, page, allowed)

        return await read(self.door.engine, found)

    async def page(
        self,
        actor: Actor,
        number: HoldNumber,
        state: Found | None = None,
        after: LastId = None,
        limit: Shown = MAX_SHOWN,
    ) -> tuple[Sequence[HeldRecording], int]:
        """Which recordings a hold has, within the reach of who asks."""
        behind = RecordingId.parse(after) if after else None
        page = HeldPage(state=state, after=behind, limit=limit)
        return await self.recordings(actor, number, page), limit


LIST: Final = use_case(LegalHolds.listed, Verb.HOLD_READ, name="holds")
SHOW: Final = use_case(LegalHolds.show, Verb.HOLD_READ, name="hold", refuses=(UnknownHold,))
RECORDINGS: Final = use_case(
    LegalHolds.page, Verb.HOLD_READ, name="recordings", refuses=(UnknownHold,)
)
