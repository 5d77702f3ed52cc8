"""The ledger: every call of a time with its fate.

Knows nothing of the web, nor of how fates are kept.
"""

from dataclasses import dataclass

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.words.clue_words import journalled
from archive.catalog.access.grants import LedgerGrant
from archive.catalog.database.engine import run
from archive.catalog.journal.entries import Detail
from archive.catalog.search.ledger import LedgerRows
from archive.catalog.search.ledger_query import LedgerQuery
from archive.catalog.search.shown import show_ledger


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
        if query.clues:
            detail["clues"] = [journalled(each[0]) for each in query.clues]
        granted = await self.door.grant(actor, LedgerGrant, detail=detail)
        return await run(self.door.engine, lambda engine: show_ledger(engine, query, granted))
