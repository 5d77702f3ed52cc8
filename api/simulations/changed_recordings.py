"""The recordings that a simulated policy would change, page by page, as a search shows recordings.

Each is judged as the sums were made, at the same moment. Knows nothing of the web or of jobs.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine

from api.simulations.simulation import Change, Simulated, Supposition
from archive.catalog.access.grants import SearchGrant
from archive.catalog.database.engine import reading
from archive.catalog.retention.retained import call_place, reached_of, retained_behind
from archive.catalog.search.shown import write_shown
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ConversationId
from retention.runner.judgement.protections import standing_of

# A page is over when it has so many, or when so many batches were looked through for it.
ENOUGH: Final = 100
_BATCHES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPage:
    """Those of a page, and the call behind which the next page begins (None: there is none)."""

    changed: tuple[Simulated, ...]
    behind: ConversationId | None


def changed_page(
    engine: Engine, what: Supposition, behind: ConversationId | None, granted: SearchGrant
) -> ChangedPage:
    """One page of what lies within the grant's reach; that it is shown is committed before."""
    with reading(engine) as connection:
        page = _page(connection, what, behind, granted)
    write_shown(engine, granted, (each.found.recording for each in page.changed))
    return page


def _page(
    connection: Connection, what: Supposition, behind: ConversationId | None, granted: SearchGrant
) -> ChangedPage:
    tenant = tenant_row(connection, granted.tenant)
    place = call_place(connection, tenant, behind) if behind else 0
    changed: list[Simulated] = []
    last: ConversationId | None = None
    for _ in range(_BATCHES):
        place, found = retained_behind(connection, tenant, place)
        if not found:
            return ChangedPage(changed=tuple(changed), behind=None)
        last = found[-1].call
        own = [each.recording for each in found]
        standing = standing_of(connection, tenant, own)
        reached = reached_of(connection, tenant, own, granted.access.within)
        changed += (
            each
            for each in what.of(found, standing)
            if each.change is not Change.SAME and each.found.recording in reached
        )
        if len(changed) >= ENOUGH:
            break
    return ChangedPage(changed=tuple(changed), behind=last)
