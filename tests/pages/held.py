"""Legal holds in each of their states, and how one comes to their pages."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from archive.access.query import ALWAYS, AgentClue, Clue, MarkClue, PhoneClue, SearchQuery, Window
from archive.access.reach import EVERYWHERE
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.holds.held_recordings import Noting, ToldOf, counts_of, hold_next
from archive.catalog.register.legal_holds import (
    StoredHold,
    activate,
    cancel,
    hold_numbered,
    open_hold,
    release,
)
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, ID_BYTES, HoldId
from archive.lifecycle.hold_scope import ByQuery
from archive.lifecycle.legal_holds import HoldTerms
from tests.archive.catalog.examples import NOW_US, TOKYO, author, recording_id
from tests.archive.hold_clients import MemoryClient
from tests.pages.visitor import Visitor
from tests.support.hold_scenes import GRACE_US

_GONE = recording_id(60)
_THIS_YEAR = ByQuery(
    SearchQuery(
        window=Window(
            start_at=datetime(2026, 1, 1, tzinfo=TOKYO),
            end_at=datetime(2027, 1, 1, tzinfo=TOKYO),
            zone=TOKYO,
        )
    ),
    EVERYWHERE,
)


def _terms(words: str, *clues: Clue) -> HoldTerms:
    return HoldTerms(
        matter=words[:200],
        reason=words[:200],
        review_on=date(2027, 4, 1),
        scope=ByQuery(SearchQuery(window=ALWAYS, clues=clues), EVERYWHERE),
        whole_conversation=True,
        future=True,
    )


def _placing(connection: Connection, terms: HoldTerms, number: int) -> Noting:
    """One that is not active yet, with what it means."""
    tenant = ensure_tenant(connection, DEFAULT_TENANT)
    own = open_hold(connection, author(), HoldId(number.to_bytes(ID_BYTES)), terms)
    noting = Noting(tenant, own, NOW_US, "placed")
    noting.query(connection)
    return noting


def _active(connection: Connection, terms: HoldTerms, number: int) -> StoredHold:
    """One that was too late for something."""
    noting, key_client = _placing(connection, terms, number), MemoryClient()
    noting.gone(connection, [_GONE, recording_id(61)], ToldOf.DESTROYED)
    key_client.place_hold(noting.hold.id, DEFAULT_TENANT)
    while hold_next(connection, noting.tenant, noting.hold, key_client):
        pass
    activate(
        connection, author(), noting.hold, counts_of(connection, noting.tenant, noting.hold).told
    )
    return hold_numbered(connection, noting.tenant, noting.hold.number)


def add_holds(engine: Engine, words: str) -> None:
    """1: active, 2: past its review date, 3: released, 4: given up, 5: being placed."""
    clues = (AgentClue(words[:30]), MarkClue("queue", words), PhoneClue.parse("7788", "JP"))
    terms = _terms(words, *clues)
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        gone = Tombstone(recording=_GONE, destroyed_us=NOW_US, journal=1)
        place_tombstone(connection, tenant, gone)
        _active(connection, replace(_terms(words), scope=_THIS_YEAR), 1)
        _active(connection, replace(terms, review_on=date(2026, 1, 5)), 2)
        let_go = _active(connection, terms, 3)
        release(connection, author(), let_go, NOW_US + GRACE_US, one_person=True)
        given_up = _placing(connection, terms, 4).hold
        cancel(connection, author(), given_up, one_person=True)
        _placing(connection, terms, 5)


def let_go(visitor: Visitor) -> None:
    """It is proposed."""
    visitor.send("/holds/1/release", "/holds/1/release")


def given_up(visitor: Visitor) -> None:
    """That takes another person, too."""
    visitor.send("/holds/5", "/holds/5/cancel")
