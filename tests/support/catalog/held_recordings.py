"""What tests of held recordings share."""

from dataclasses import replace

from sqlalchemy import Connection

from archive.access.query import Clue, SearchQuery
from archive.access.reach import EVERYWHERE, WHOLE_TENANT, Reach
from archive.catalog.holds.held_recordings import HeldPage, Noting, held_recordings
from archive.catalog.register.legal_holds import StoredHold, open_hold
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, HoldId
from archive.lifecycle.hold_scope import ByQuery
from archive.lifecycle.legal_holds import HoldTerms
from tests.archive.catalog.examples import NOW_US, author
from tests.support.catalog.search import DAY
from tests.support.hold_scenes import TERMS

OWN = HoldId(b"h" * 16)


def by_query(*clues: Clue, reach: Reach = EVERYWHERE) -> HoldTerms:
    """Whatever a search of one day finds."""
    return replace(TERMS, scope=ByQuery(SearchQuery(window=DAY, clues=clues), reach))


def begun(connection: Connection, terms: HoldTerms) -> Noting:
    """A hold that is being placed."""
    tenant = ensure_tenant(connection, DEFAULT_TENANT)
    return Noting(tenant, open_hold(connection, author(), OWN, terms), NOW_US, "placed")


def of(connection: Connection, own: StoredHold, page: HeldPage | None = None) -> list[str]:
    """Its recordings, by their numbers, with their states."""
    tenant = ensure_tenant(connection, DEFAULT_TENANT)
    found = held_recordings(connection, tenant, own, page or HeldPage(), WHOLE_TENANT)
    return [f"{int.from_bytes(each.recording.raw[6:]) & 0xFF} {each.state}" for each in found]
