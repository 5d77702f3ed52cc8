"""The journal as auditors read it: its pages, who heard a call, whose calls an account reached.

That it was read is in it too. Knows nothing of the web.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from api.access.authorization import Door
from api.permissions.actor import Actor
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import JournalGrant
from archive.catalog.database.engine import read
from archive.catalog.journal.breach import (
    AccountPeriod,
    ActionCount,
    ReachedPage,
    reach,
    reached_calls,
)
from archive.catalog.journal.entries import Detail, JournalEntry
from archive.catalog.search.audit import JournalQuery, tail, who_heard
from archive.catalog.search.calls import named_target
from archive.ids import RecordingId, TenantId


@dataclass(frozen=True, slots=True)
class Reached:
    """What an account reached: entries, calls and recordings by action, and a page of calls."""

    counts: tuple[ActionCount, ...]
    page: ReachedPage


@dataclass(frozen=True, slots=True)
class Journal:
    """What may be asked of it; each question raises `Refused`."""

    door: Door

    async def require(self, actor: Actor) -> None:
        """Refuse who may ask nothing of it, also where nothing is asked yet."""
        await self.door.access(actor, JournalGrant)

    async def tail(self, actor: Actor, query: JournalQuery) -> tuple[JournalEntry, ...]:
        """A page of entries."""
        tenant = await self._seen(actor, {"what": "tail", "actor": query.actor})
        return await read(self.door.engine, lambda c: tail(c, tenant, query))

    async def who_heard(
        self, actor: Actor, raw: bytes, *, behind: int, limit: int
    ) -> tuple[JournalEntry, ...]:
        """A page of what showed a call or recording, which need not be there any more."""
        tenant = await self._seen(actor, {"what": "who heard", "id": raw.hex()})
        target = await read(self.door.engine, lambda c: named_target(c, tenant, WHOLE_TENANT, raw))
        about = RecordingId(raw) if target is None else target
        return await read(
            self.door.engine, lambda c: who_heard(c, tenant, about, behind=behind, limit=limit)
        )

    async def reach(self, actor: Actor, asked: AccountPeriod) -> Reached:
        """Whose calls an account reached in a time: all counted, and a page of them."""
        tenant = await self._seen(actor, {"what": "reach", "actor": asked.actor})
        counts = await read(self.door.engine, lambda c: reach(c, tenant, asked))
        return Reached(
            counts, await read(self.door.engine, lambda c: reached_calls(c, tenant, asked))
        )

    async def _seen(self, actor: Actor, detail: Mapping[str, Detail]) -> TenantId:
        return (await self.door.grant(actor, JournalGrant, detail=detail)).tenant
