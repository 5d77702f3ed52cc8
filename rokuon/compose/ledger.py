"""Every call of a window with its fate, for the command line, page after page.

Knows nothing of SQL or of how a call is refused.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from archive.catalog.engine import reading
from archive.catalog.ledger import LedgerRow, ledger_page
from archive.catalog.ledger_query import LedgerQuery
from archive.catalog.query import MAX_LIMIT, Window
from archive.grants import Ask, LedgerGrant, grant
from rokuon.compose.catalog import local_access, open_catalog
from rokuon.config.schema import Config

Shown = dict[str, object]


def ledger_of(
    config: Config, since: datetime, until: datetime, *, source: str, shown_in: ZoneInfo | None
) -> Iterator[list[Shown]]:
    """The calls that began in the window, oldest first, as many pages as there are.

    Journalled once, before the first. A page is read when it is asked for.
    """
    zone = shown_in or ZoneInfo("UTC")
    window = Window(start_at=since, end_at=until, zone=zone)
    detail = {"from": since.isoformat(), "to": until.isoformat(), "ledger": source}
    engine = open_catalog(config)
    granted = grant(engine, LedgerGrant, Ask(access=local_access(), detail={**detail}))
    query: LedgerQuery | None = LedgerQuery(window=window, source=source, limit=MAX_LIMIT)
    while query is not None:
        with reading(engine) as connection:
            page = ledger_page(connection, query, granted)
        yield [_row(row, zone) for row in page.rows]
        after = page.next_cursor
        query = None if after is None else replace(query, after=after)


def _row(row: LedgerRow, zone: ZoneInfo) -> Shown:
    at = datetime.fromtimestamp(row.at_us / 1_000_000, UTC).astimezone(zone)
    return {
        "at": at.isoformat(timespec="milliseconds"),
        "source": row.source,
        "call_id": row.call_id,
        "parties": " / ".join(row.parties),
        "fate": row.fate,
        "status": row.status,
        "reason": row.reason,
        "detail": row.detail,
        "recording": "" if row.recording is None else str(row.recording),
    }
