"""What was begun with legal holds is finished: placings that were cut off, keys that may go free.

So is what a keystore that was put back does not know. Nobody asks for it; it is done at the start
and again and again. Knows nothing of the web.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine

from api.holds.placement import Placing
from api.operation.restored_holds import RestoredGuard
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import LONG_S, AsyncEngine, read, reading, run, writing
from archive.catalog.journal.authors import Author
from archive.catalog.register.legal_holds import (
    HoldFigures,
    StoredHold,
    all_hold_figures,
    has_let_go,
    holds_ending,
    holds_placing,
)
from archive.catalog.tables.tenants import tenants
from archive.keys.guard.hold_client import PlacingClient
from archive.moments import moment

# Who writes that a placing was finished: nobody did it.
CLOCK: Final = "rokuon"


@dataclass(frozen=True, slots=True)
class HoldUpkeep:
    """Whoever does it may be cut off anywhere, and may do it beside another one."""

    engine: AsyncEngine
    clock_us: Callable[[], int]
    key_client: PlacingClient

    async def once(self) -> None:
        """All that can be finished now; raises `KeyUnavailable`."""
        await run(self.engine, self._finish, within_s=LONG_S)

    async def figures(self) -> HoldFigures:
        """How much is held here, in all."""
        today = moment(self.clock_us()).date()

        return await read(self.engine, lambda c: all_hold_figures(c, today))

    def _finish(self, engine: Engine) -> None:
        now_us = self.clock_us()
        with reading(engine) as connection:
            waiting = [
                (own, row, holds_placing(connection, row), holds_ending(connection, row, now_us))
                for own, row in tenants(connection)
            ]
        for own, row, placing, ending in waiting:
            RestoredGuard(engine, self.key_client, own, row, now_us).complete()
            author = Author(
                access=Access(tenant=own, actor=CLOCK, at_us=now_us, within=WHOLE_TENANT)
            )
            for each in placing:
                Placing(author, self.key_client).finish(engine, each)
            for each in ending:
                self._let_go(engine, each, now_us)

    def _let_go(self, engine: Engine, own: StoredHold, now_us: int) -> None:
        if own.state == "cancelled":
            self.key_client.cancel_hold(own.id)
        else:
            self.key_client.release_hold(own.id)
        with writing(engine) as connection:
            has_let_go(connection, own, now_us)
