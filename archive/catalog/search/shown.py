"""Pages of a search, of the ledger, linked calls: given out when the journal says what they show.

Nobody else asks for pages. Knows nothing of who asks beyond his grant, nor of how is searched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine

from archive.access.query import MarkClue, SearchQuery
from archive.access.use import Limit
from archive.catalog.access.grants import Grant, LedgerGrant, ReadGrant, SearchGrant
from archive.catalog.access.use import limits_on
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import under_way_among
from archive.catalog.destruction.tombstones import tombstones_of_hours
from archive.catalog.journal.entries import Entry, append
from archive.catalog.register.kept_facts import digests_of_facts
from archive.catalog.search.ledger import LedgerRows, ledger_page
from archive.catalog.search.ledger_query import LedgerQuery
from archive.catalog.search.linked_calls import linked_calls
from archive.catalog.search.search import SearchPage, search
from archive.catalog.search.unrecorded import count_unrecorded
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId
from archive.locate.inferred_links import InferredLinks


def show_page(
    engine: Engine, query: SearchQuery, grant: SearchGrant, *, sees_ledger: bool = False
) -> SearchPage:
    """One page of the search; that it is shown is committed when this returns.

    Who asks `sees_ledger` where no reach of his ends before any of it.
    """
    with reading(engine) as connection:
        page = _served(connection, grant, search(connection, query, grant))
        own = tuple(each.recording for each in page.found)
        limits = _limits(connection, grant, own)
        page = replace(page, destroyed=_destroyed(connection, query, grant), limits=limits)
        if sees_ledger:
            tenant = tenant_row(connection, grant.tenant)
            page = replace(page, unrecorded=count_unrecorded(connection, tenant, query))
    write_shown(engine, grant, own)
    return page


def _served(connection: Connection, grant: Grant, page: SearchPage) -> SearchPage:
    """What is about to be destroyed is on no page."""
    tenant = tenant_row(connection, grant.tenant)
    going = under_way_among(connection, tenant, [each.recording for each in page.found])
    if not going:
        return page
    return replace(page, found=tuple(each for each in page.found if each.recording not in going))


def _destroyed(connection: Connection, query: SearchQuery, grant: SearchGrant) -> int:
    """So many recordings of the hours of a search, and of its queues, are gone; within reach.

    Of which nothing is found any more: what is told of the others is found, or does not fit.
    """
    asked = {
        each.folded for each in query.clues if isinstance(each, MarkClue) and each.kind == "queue"
    }
    tenant = tenant_row(connection, grant.tenant)
    left = tombstones_of_hours(
        connection,
        tenant,
        grant.access.within.reach,
        from_us=query.window.start_us,
        to_us=query.window.end_us,
    )
    found = digests_of_facts(connection, tenant, [each.digest for each in left])
    gone = (each for each in left if each.digest not in found)
    return sum(not asked or not asked.isdisjoint(each.remains.facts.queues) for each in gone)


def _limits(
    connection: Connection, grant: Grant, own: Sequence[RecordingId]
) -> Mapping[RecordingId, Limit]:
    tenant = tenant_row(connection, grant.tenant)
    return limits_on(connection, tenant, grant.access.within, own) if own else {}


def show_ledger(engine: Engine, query: LedgerQuery, grant: LedgerGrant) -> LedgerRows:
    """One page of the ledger; which recordings it shows is committed when this returns."""
    with reading(engine) as connection:
        page = ledger_page(connection, query, grant)
        own = tuple(row.recording for row in page.rows if row.recording is not None)
        page = replace(page, limits=_limits(connection, grant, own))
    write_shown(engine, grant, own)
    return page


def show_links(engine: Engine, own: Sequence[RecordingId], grant: ReadGrant) -> InferredLinks:
    """Which calls seem to go with one; where there are any, that they are shown is committed."""
    with reading(engine) as connection:
        linked = linked_calls(connection, own, grant)
    if linked.recordings:
        write_shown(engine, grant, linked.recordings)
    return linked.found


def write_shown(engine: Engine, grant: Grant, shown: Iterable[RecordingId], *others: Entry) -> None:
    """Commit that these recordings are on a page which is about to be shown; behind it others."""
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
        for each in (entry, *others):
            append(connection, each)
