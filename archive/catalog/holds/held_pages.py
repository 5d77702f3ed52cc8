"""The pages of the ledger that a legal hold means, and their keys held with those of recordings.

No row is written of it: which pages a hold means follows from its scope and their calls. Knows
nothing of when a page must go.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select

from archive.catalog.register.legal_holds import StoredHold, holds_in_force, note_keys
from archive.catalog.retention.retained_pages import RetainedPage, retained_pages
from archive.catalog.tables.catalog import ledger_page
from archive.ids import KeyId, RecordingId
from archive.keys.guard.hold_client import HoldClient
from archive.lifecycle.hold_scope import ByQuery

# Before the first part of a page.
FIRST: Final = 0
# Parts of pages that are looked at at once.
_AT_ONCE: Final = 500


def means_page(own: StoredHold, page: RetainedPage) -> bool:
    """Whether a search within its window, whatever else it asks for, could be about these calls.

    Of a call that was turned away nobody knows the queue, the agent or what it would have been
    about: what cannot be said keeps. A list names recordings.
    """
    scope = own.terms.scope
    if own.state == "cancelled" or not isinstance(scope, ByQuery):
        return False
    is_there = own.terms.future or page.oldest_us < own.placed_us
    window = scope.query.window
    return is_there and page.oldest_us < window.end_us and page.youngest_us >= window.start_us


def hold_pages(
    connection: Connection,
    tenant: int,
    own: StoredHold,
    key_client: HoldClient,
    behind: int = FIRST,
) -> int:
    """Have the keys of all pages held that it means, of those that came behind a place.

    Returns the place of the last one. Raises `KeyUnavailable`, `KeyRefused`.
    """
    if not isinstance(own.terms.scope, ByQuery):
        return behind
    while rows := connection.execute(
        select(ledger_page.c.row, ledger_page.c.id)
        # By their rows: SQLite would rather read all of the tenant's.
        .where(ledger_page.c.tenant + 0 == tenant, ledger_page.c.row > behind)
        .order_by(ledger_page.c.row)
        .limit(_AT_ONCE)
    ).all():
        pages = retained_pages(connection, tenant, [RecordingId(row.id) for row in rows])
        _hold(connection, tenant, own, key_client, pages)
        behind = rows[-1].row
    return behind


def hold_new_pages(
    connection: Connection, tenant: int, own: Sequence[RecordingId], key_client: HoldClient
) -> None:
    """Hold those of these that are pages, of which a part has come; raises as `hold_pages` does.

    Of a hold that is being placed its placing does it, before it counts.
    """
    pages = retained_pages(connection, tenant, own)
    for each in holds_in_force(connection, tenant) if pages else ():
        if each.state == "active":
            note_keys(connection, each.number, _hold(connection, tenant, each, key_client, pages))


def _hold(
    connection: Connection,
    tenant: int,
    own: StoredHold,
    key_client: HoldClient,
    pages: Sequence[RetainedPage],
) -> int:
    """How many keys it has by now; 0 where none of these is meant."""
    meant = [each.page.raw for each in pages if means_page(own, each)]
    wanted = select(ledger_page.c.key_id).where(
        ledger_page.c.tenant == tenant, ledger_page.c.id.in_(meant)
    )
    if not meant:
        return 0
    return key_client.hold_keys(own.id, [KeyId(key) for key in connection.scalars(wanted)]).total
