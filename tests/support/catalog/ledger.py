"""What tests of ledger share."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Engine

from archive.access.query import Window
from archive.call.adoption import Adoption
from archive.call.events import CallEnded, CallRefused
from archive.catalog.access.grants import Ask, LedgerGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.ledger import LedgerRow, ledger_page
from archive.catalog.search.ledger_query import LedgerCursor, LedgerQuery
from tests.archive.catalog.examples import MINUTE_US, SECOND_US, STARTED_US, TOKYO, access, adoption

DAY = Window(
    start_at=datetime.fromtimestamp(STARTED_US / SECOND_US, UTC),
    end_at=datetime.fromtimestamp((STARTED_US + 24 * 60 * MINUTE_US) / SECOND_US, UTC),
    zone=TOKYO,
)


def refused(number: int, reason: str = "full", source: str = "sbc-tokyo") -> CallRefused:
    return CallRefused(
        at_us=STARTED_US + number * SECOND_US, source=source, transport="udp", peer="192.0.2.7",
        call_id=f"refused-{number}", from_value="", to_value="", status=503, reason=reason,
    )  # fmt: skip


def page(number: int, *refusals: CallRefused) -> Adoption:
    """A ledger page, as it is adopted."""
    ended = CallEnded(at_us=refusals[-1].at_us, reason="session_ended")
    return replace(adoption(number, (*refusals, ended)), packets=())


def pages(engine: Engine, query: LedgerQuery, granted: LedgerGrant) -> Iterator[list[LedgerRow]]:
    """Page after page, each by the cursor of the one before as it is written down."""
    while True:
        with reading(engine) as connection:
            page = ledger_page(connection, query, granted)
        yield [*page.rows]
        if page.next_cursor is None:
            return
        query = replace(query, after=LedgerCursor.parse(str(page.next_cursor)))


def ledger_grant(engine: Engine) -> LedgerGrant:
    return grant(engine, LedgerGrant, Ask(access=access()))


def rows(engine: Engine, source: str = "", limit: int = 500) -> list[LedgerRow]:
    query = LedgerQuery(window=DAY, source=source, limit=limit)
    return [row for page in pages(engine, query, ledger_grant(engine)) for row in page]
