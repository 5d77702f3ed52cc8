"""A register with people, calls and a key daemon in memory; and what may be done to holds there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.access.approvals import Approvals
from api.holds.overview import LegalHolds
from api.holds.placement import HoldWish, Placements
from api.holds.release import Releases
from api.holds.upkeep import HoldUpkeep
from api.permissions.actor import Actor
from api.permissions.roles import Role
from archive.access.query import ALWAYS, SearchQuery
from tests.api.register import Registered, register
from tests.archive.catalog.examples import adopt, adoption
from tests.archive.hold_clients import MemoryClient

KEYS = {number: adoption(number).key_id for number in range(1, 10)}


@dataclass(kw_only=True)
class HoldSite:
    """Who acts is in the retention owner's role unless told otherwise."""

    it: Registered
    key_client: MemoryClient
    owner: Actor
    other: Actor

    @property
    def placements(self) -> Placements:
        return Placements(self.it.door, self.key_client)

    @property
    def holds(self) -> LegalHolds:
        return LegalHolds(self.it.door)

    @property
    def approvals(self) -> Approvals:
        return Approvals(self.it.door)

    @property
    def releases(self) -> Releases:
        return Releases(self.it.door, self.approvals)

    @property
    def upkeep(self) -> HoldUpkeep:
        return HoldUpkeep(self.it.catalog, lambda: self.it.now_us, self.key_client)


@asynccontextmanager
async def hold_site(folder: Path, calls: int = 3) -> AsyncIterator[HoldSite]:
    """So many calls, of one office."""
    async with register(folder) as it:
        adopt(it.engine, *(adoption(number) for number in range(1, calls + 1)))
        owner = it.person("yamada", Role.RETENTION_OWNER)
        yield HoldSite(
            it=it, key_client=MemoryClient(), owner=owner, other=it.person("sato", Role.LEGAL)
        )


def wish(*named: bytes, **options: bool) -> HoldWish:
    """Everything that there is, or what is named."""
    return HoldWish(
        matter="M-2026-07",
        reason="claim",
        review_on=date(2027, 4, 1),
        query=None if named else SearchQuery(window=ALWAYS),
        named=named,
        **options,
    )
