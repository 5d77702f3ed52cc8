"""What tests of held recordings share."""

from dataclasses import replace

from sqlalchemy import Connection

from archive.catalog.held_recordings import HeldPage, Noting, held_recordings
from archive.catalog.legal_holds import StoredHold, open_hold
from archive.catalog.query import Clue, SearchQuery
from archive.catalog.tenants import ensure_tenant
from archive.hold_scope import ByQuery
from archive.ids import DEFAULT_TENANT, HoldId
from archive.legal_holds import HoldTerms
from archive.reach import EVERYWHERE, WHOLE_TENANT, Reach
from tests.archive.catalog.examples import NOW_US, author
from tests.archive.catalog.holds import TERMS
from tests.support.catalog.search import DAY

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
