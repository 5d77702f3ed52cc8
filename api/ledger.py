"""The ledger: every call of a time with its fate.

Knows nothing of the web, nor of how fates are kept.
"""

from dataclasses import dataclass

from api.access import Door
from api.actor import Actor
from archive.catalog.engine import run
from archive.catalog.ledger import LedgerRows
from archive.catalog.ledger_query import LedgerQuery
from archive.catalog.shown import show_ledger
from archive.grants import LedgerGrant
from archive.journal import Detail


@dataclass(frozen=True, slots=True)
class Ledger:
    """What may be asked of it."""

    door: Door

    async def page(self, actor: Actor, query: LedgerQuery) -> LedgerRows:
        """One page, oldest first; raises `Refused`."""
        window = query.window
        detail: dict[str, Detail] = {
            "from": window.start_at.isoformat(),
            "to": window.end_at.isoformat(),
            "source": query.source,
        }
        granted = await self.door.grant(actor, LedgerGrant, detail=detail)
        return await run(self.door.engine, lambda engine: show_ledger(engine, query, granted))
