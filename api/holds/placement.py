"""A legal hold is placed: written down, its keys held behind the fence, then active.

Every step may be done again, after a crash by anybody. Knows nothing of the web.
"""

from dataclasses import dataclass
from datetime import date
from secrets import token_bytes
from typing import Final

from sqlalchemy import Connection, Engine

from api.access.authorization import Door
from api.access.use_case import use_case
from api.calls.retrieval import describe
from api.holds.overview import HeldSoFar, HoldNumber, near_hold, so_far
from api.permissions.actor import Actor
from api.permissions.errors import HoldRefused, Unfit
from api.permissions.verbs import Verb
from archive.access.query import SearchQuery
from archive.access.reach import Reach, is_everywhere
from archive.catalog.access.grants import SearchGrant
from archive.catalog.access.named_recordings import recordings_named
from archive.catalog.database.engine import LONG_S, read, reading, run, writing
from archive.catalog.holds.held_pages import hold_pages
from archive.catalog.holds.held_recordings import Noting, ToldOf, counts_of, hold_next
from archive.catalog.holds.holdable import Holdable, count_holdable
from archive.catalog.holds.untouched import FIRST, KeysInOrder, Untouched
from archive.catalog.journal.authors import Author
from archive.catalog.register.legal_holds import (
    StoredHold,
    UnknownHold,
    activate,
    hold_numbered,
    open_hold,
)
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.errors import KeyUnavailable
from archive.ids import ID_BYTES, HoldId, KeyId
from archive.keys.guard.hold_client import PlacingClient
from archive.lifecycle.hold_scope import ByList, ByQuery
from archive.lifecycle.legal_holds import HoldTerms

# Keys that are handed to the key daemon's line at once, which cuts them to its messages.
_KEYS_AT_ONCE: Final = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWish:
    """What somebody wants held: what a search finds, or calls and recordings by their ids."""

    matter: str
    reason: str
    review_on: date
    query: SearchQuery | None = None
    named: tuple[bytes, ...] = ()
    whole_conversation: bool = False
    future: bool = False

    def terms(self, reach: Reach) -> HoldTerms:
        """The same for the register; raises `HoldRefused`."""
        if (self.query is None) == (not self.named):
            raise HoldRefused("query", Unfit.HOLD_SCOPE)
        if self.future and self.query is None:
            raise HoldRefused("future", Unfit.HOLD_FUTURE)
        scope = ByList(len(self.named)) if self.query is None else ByQuery(self.query, reach)
        return HoldTerms(
            matter=self.matter,
            reason=self.reason,
            review_on=self.review_on,
            scope=scope,
            whole_conversation=self.whole_conversation,
            future=self.future,
        )


@dataclass(frozen=True, slots=True)
class Placements:
    """The acts; each raises `Refused` where the actor may not."""

    door: Door
    key_client: PlacingClient

    async def count(self, actor: Actor, query: SearchQuery) -> Holdable:
        """How many recordings a hold over a search would have now; the journal has the search."""
        access = await self.door.access(actor, PLACE)
        await self.door.grant(actor, SearchGrant, detail={**describe(query), "what": "hold"})
        scope = ByQuery(query, access.within.reach)
        return await read(
            self.door.engine,
            lambda c: count_holdable(c, tenant_row(c, access.tenant), scope),
        )

    async def place(self, actor: Actor, wish: HoldWish) -> HeldSoFar:
        """Place a legal hold; the answer says what it holds and what it was too late for.

        One that is still `placing` in the answer goes on by itself. Raises `HoldRefused`.
        """
        author = await self.door.author(actor, PLACE)
        terms = wish.terms(author.access.within.reach)
        placing = Placing(author, self.key_client)

        def placed(engine: Engine) -> HeldSoFar:
            with writing(engine) as connection:
                own = _begin(connection, author, terms, wish.named)
            return placing.finish_if_possible(engine, own)

        return await run(self.door.engine, placed, within_s=LONG_S)

    async def resume(self, actor: Actor, number: HoldNumber) -> HeldSoFar:
        """Go on with a placing that was cut off."""
        author = await self.door.author(actor, RESUME)
        placing = Placing(author, self.key_client)

        def resumed(engine: Engine) -> HeldSoFar:
            with writing(engine) as connection:
                own = near_hold(connection, author.access, number)
            return placing.finish(engine, own)

        return await run(self.door.engine, resumed, within_s=LONG_S)


def _begin(
    connection: Connection, author: Author, terms: HoldTerms, named: tuple[bytes, ...]
) -> StoredHold:
    """Write down what is meant, in one transaction that excludes what comes to it."""
    tenant = ensure_tenant(connection, author.access.tenant)
    own = open_hold(connection, author, HoldId(token_bytes(ID_BYTES)), terms)
    noting = Noting(tenant, own, author.access.at_us, "placed")
    if isinstance(terms.scope, ByQuery):
        noting.query(connection)
    else:
        _note_named(connection, noting, author, named)
    if terms.whole_conversation:
        noting.conversations(connection)
    return own


def _note_named(
    connection: Connection, noting: Noting, author: Author, named: tuple[bytes, ...]
) -> None:
    """What lies outside the reach is as unknown as what is not there; whatever it may be used for.

    Of what is restricted or suspended the destruction may be near.
    """
    within = author.access.within.whole_reach
    found = recordings_named(connection, noting.tenant, within, named)
    noting.recordings(connection, found.recordings)
    told = ToldOf.DESTROYED if is_everywhere(within.reach) else ToldOf.NOTHING
    noting.gone(connection, found.missing, told)


@dataclass(frozen=True, slots=True)
class Placing:
    """Who finishes what was begun."""

    author: Author
    key_client: PlacingClient

    def finish_if_possible(self, engine: Engine, own: StoredHold) -> HeldSoFar:
        """The same where the key daemon is away: the hold waits for it, and says so."""
        try:
            return self.finish(engine, own)
        except KeyUnavailable:
            with writing(engine) as connection:
                return self._so_far(connection, own.number)

    def finish(self, engine: Engine, own: StoredHold) -> HeldSoFar:
        """Raise the fence, hold every key, lower it; raises `KeyUnavailable`."""
        if own.state == "placing":
            self.key_client.place_hold(own.id, self.author.access.tenant)
            self._hold_untouched(engine, own.number)
            behind = self._hold_pages(engine, own.number)
            while self._is_placing(engine, own.number, behind):
                pass
        with writing(engine) as connection:
            return self._so_far(connection, own.number)

    def _hold_untouched(self, engine: Engine, number: int) -> None:
        """Hold what was meant from the beginning, in the order in which the keystore has it.

        In any other order it would write two of its pages for each key.
        """
        with reading(engine) as connection:
            untouched = self._untouched(connection, number)
            if untouched is None:
                return
            keys = untouched.keys(connection)
            absent = self._hold_all(untouched.hold.id, keys)
            # As they were when the keys were read: the rows of what is destroyed go.
            doubtful = keys.keyless | untouched.owners(connection, absent)
        behind: bytes | None = FIRST
        while behind is not None:
            with writing(engine) as connection:
                now = self._untouched(connection, number)
                behind = now.are_held(connection, behind, doubtful) if now else None

    def _untouched(self, connection: Connection, number: int) -> Untouched | None:
        """None where it is not being placed any more."""
        tenant = tenant_row(connection, self.author.access.tenant)
        known = hold_numbered(connection, tenant, number)
        return Untouched(tenant, known) if known.state == "placing" else None

    def _hold_all(self, hold: HoldId, keys: KeysInOrder) -> list[KeyId]:
        """Those that the key daemon has not."""
        absent = list[KeyId]()
        for some in keys.batches(_KEYS_AT_ONCE):
            told = self.key_client.hold_keys(hold, some)
            absent += (*told.destroyed, *told.unknown)
        return absent

    def _hold_pages(self, engine: Engine, number: int) -> int:
        """Hold the keys of the ledger's pages that are there; the place of the last one."""
        with reading(engine) as connection:
            tenant = tenant_row(connection, self.author.access.tenant)
            return hold_pages(
                connection, tenant, hold_numbered(connection, tenant, number), self.key_client
            )

    def _is_placing(self, engine: Engine, number: int, behind: int) -> bool:
        """Hold the next keys; where none is left, make it active. Whether to go on.

        Pages of the ledger that came behind a place are held with the last ones.
        """
        with writing(engine) as connection:
            tenant = tenant_row(connection, self.author.access.tenant)
            known = hold_numbered(connection, tenant, number)
            if known.state != "placing":
                return False
            if hold_next(connection, tenant, known, self.key_client):
                return True
            # Nobody adds to it in between: what would waits for the end of this transaction.
            hold_pages(connection, tenant, known, self.key_client, behind)
            self.key_client.activate_hold(known.id)
            activate(connection, self.author, known, counts_of(connection, tenant, known).told)
            return False

    def _so_far(self, connection: Connection, number: int) -> HeldSoFar:
        return so_far(connection, self.author.access, number)


PLACE: Final = use_case(Placements.place, Verb.HOLD_PLACE, writes=("hold_placed", "hold_activated"))
RESUME: Final = use_case(
    Placements.resume, Verb.HOLD_PLACE, writes=("hold_activated",), refuses=(UnknownHold,)
)
