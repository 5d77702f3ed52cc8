"""Pages of a search and of the ledger, given out only when the journal says what they show.

Nobody else asks for pages. Knows nothing of who asks beyond his grant, nor of how is searched.
"""

from collections.abc import Iterable

from sqlalchemy import Engine

from archive.catalog.engine import reading, writing
from archive.catalog.ledger import LedgerRows, ledger_page
from archive.catalog.ledger_query import LedgerQuery
from archive.catalog.query import SearchQuery
from archive.catalog.search import SearchPage, search
from archive.grants import Grant, LedgerGrant, SearchGrant
from archive.ids import RecordingId
from archive.journal import Entry, append


def show_page(engine: Engine, query: SearchQuery, grant: SearchGrant) -> SearchPage:
    """One page of the search; that it is shown is committed when this returns."""
    with reading(engine) as connection:
        page = search(connection, query, grant)
    write_shown(engine, grant, (each.recording for each in page.found))
    return page


def show_ledger(engine: Engine, query: LedgerQuery, grant: LedgerGrant) -> LedgerRows:
    """One page of the ledger; which recordings it shows is committed when this returns."""
    with reading(engine) as connection:
        page = ledger_page(connection, query, grant)
    write_shown(engine, grant, (row.recording for row in page.rows if row.recording is not None))
    return page


def write_shown(engine: Engine, grant: Grant, shown: Iterable[RecordingId]) -> None:
    """Commit that these recordings are on a page which is about to be shown."""
    ids = tuple(shown)
    entry = Entry(
        tenant=grant.tenant,
        at_us=grant.access.at_us,
        actor=grant.access.actor,
        action="found",
        target="",
        reason=grant.access.purpose,
        detail={"search": grant.seq, "count": len(ids)},
        shown=ids,
    )
    with writing(engine) as connection:
        append(connection, entry)
