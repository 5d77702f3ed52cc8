"""A page of a search, given out only when the journal says which recordings it shows.

Nobody else asks for pages. Knows nothing of who asks beyond his grant, nor of how is searched.
"""

from sqlalchemy import Connection, Engine

from archive.catalog.engine import AsyncEngine, read, reading, write, writing
from archive.catalog.query import SearchQuery
from archive.catalog.search import SearchPage, search
from archive.grants import SearchGrant
from archive.journal import Entry, append


def show_page(engine: Engine, query: SearchQuery, grant: SearchGrant) -> SearchPage:
    """One page of the search; that it is shown is committed when this returns."""
    with reading(engine) as connection:
        page = search(connection, query, grant)
    with writing(engine) as connection:
        append(connection, _entry(page, grant))
    return page


async def show_page_async(
    catalog: AsyncEngine, query: SearchQuery, grant: SearchGrant
) -> SearchPage:
    """The same from an event loop."""
    page = await read(catalog, lambda connection: search(connection, query, grant))

    def journalled(connection: Connection) -> int:
        return append(connection, _entry(page, grant))

    await write(catalog, journalled)
    return page


def _entry(page: SearchPage, grant: SearchGrant) -> Entry:
    return Entry(
        tenant=grant.tenant,
        at_us=grant.access.at_us,
        actor=grant.access.actor,
        action="found",
        target="",
        reason=grant.access.purpose,
        detail={"search": grant.seq, "count": len(page.found)},
        shown=tuple(each.recording for each in page.found),
    )
