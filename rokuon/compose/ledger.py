"""Every call of a window with its fate, for the command line.

Knows nothing of SQL or of how a call is refused.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from archive.catalog.engine import reading
from archive.catalog.ledger import LedgerRow, ledger
from archive.catalog.query import Window
from archive.grants import Ask, SearchGrant, grant
from rokuon.compose.catalog import local_access, open_catalog
from rokuon.config.schema import Config

Shown = dict[str, object]


def ledger_of(
    config: Config, since: datetime, until: datetime, *, source: str, shown_in: ZoneInfo | None
) -> list[Shown]:
    """The calls that began in the window, oldest first; journalled as a search."""
    zone = shown_in or ZoneInfo("UTC")
    window = Window(start_at=since, end_at=until, zone=zone)
    detail = {"from": since.isoformat(), "to": until.isoformat(), "ledger": source}
    engine = open_catalog(config)
    granted = grant(engine, SearchGrant, Ask(access=local_access(), detail={**detail}))
    with reading(engine) as connection:
        return [_row(row, zone) for row in ledger(connection, window, granted, source=source)]


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
