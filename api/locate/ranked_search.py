"""Which calls are meant by what somebody remembers: the use case.

Knows nothing of the web. Texts are read by the names within the asker's reach and by no others; the
entry of the journal is committed before anything is ranked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from api.access.authorization import Door
from api.locate.no_columns import NoColumns
from api.locate.question import Located, LocateQuery, Understood
from api.locate.question_clues import Site, check_query, read_query
from api.locate.ranked_answer import RankedAnswer, digest_of_query
from api.locate.reached_months import names_within
from api.locate.sight import Lookout
from api.permissions.actor import Actor
from api.words.journalled_clues import journalled_clue
from archive.catalog.access.grants import Access, Ask, LedgerGrant, SearchGrant, entry_of
from archive.catalog.database.engine import run
from archive.catalog.journal.entries import Detail, Entry
from archive.ids import TenantId
from archive.locate.answer.cursor import RankedCursor
from archive.locate.request.known_names import MAX_TAGS
from archive.moments import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Locate:
    """The question; `lookouts` are those of each tenant that has columns."""

    door: Door
    lookouts: Mapping[TenantId, Lookout]
    country: str = ""

    async def search(self, actor: Actor, query: LocateQuery) -> Located:
        """The calls that fit best, within the actor's reach.

        Raises `Refused`, `PartRefused`, `SearchAnew`, `ColumnsNotReady`.
        """
        check_query(query)
        access = await self.door.access(actor, SearchGrant)
        engine, lookout = self.door.engine, self._lookout(access)
        cursor, read = await run(engine, lambda _: self._read(access, query, lookout))
        detail = describe(query, read)
        answer = RankedAnswer(
            query=query,
            understood=read,
            grant=await self.door.grant(actor, SearchGrant, detail=detail),
            cursor=cursor,
            now_us=cursor.now_us if cursor else access.at_us,
            ledger=self._of_ledger(actor, detail),
        )
        return await run(engine, lambda engine: answer.given(engine, lookout))

    def _of_ledger(self, actor: Actor, detail: Mapping[str, Detail]) -> Entry | None:
        """What the journal says of a look into the ledger; None: who asks may not."""
        access = self.door.access_beside(actor, LedgerGrant)
        return entry_of(LedgerGrant, Ask(access=access, detail=detail)) if access else None

    def _read(
        self, access: Access, query: LocateQuery, lookout: Lookout
    ) -> tuple[RankedCursor | None, Understood]:
        """Behind which candidate, and by which clues; the time is that of the first page."""
        with lookout.sight(access) as sight:
            own, cursor = digest_of_query(query), None
            if query.cursor:
                cursor = RankedCursor.parse(query.cursor, own, sight.secret)
            tags = sight.texts.tags(MAX_TAGS) if query.text else ()
            known = names_within(sight.months, sight.people, tags)
            now = moment(cursor.now_us if cursor else access.at_us)
            return cursor, read_query(query, now, Site(country=self.country), known)

    def _lookout(self, access: Access) -> Lookout:
        nothing = NoColumns(self.door.engine.engine, access.tenant)
        return self.lookouts.get(access.tenant) or Lookout(nothing)


def describe(query: LocateQuery, understood: Understood) -> dict[str, Detail]:
    """What the journal says of a question: its clues, never the text that was typed."""
    told: dict[str, Detail] = {"what": "ranked", "zone": query.zone.key}
    clues = understood.clues
    if query.window is not None:
        told["from"] = query.window.start_at.isoformat()
        told["to"] = query.window.end_at.isoformat()
        clues = clues[:-1]  # which is the window
    return {**told, "clues": [journalled_clue(each) for each in clues]}
