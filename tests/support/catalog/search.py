"""What tests of search share."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from archive.access.query import Clue, SearchQuery, Window
from archive.catalog.access.grants import Ask, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.search import SearchPage, search
from archive.ids import DEFAULT_TENANT, TenantId
from tests.archive.catalog.examples import TOKYO, access


def window(start: str, end: str, zone: ZoneInfo = TOKYO) -> Window:
    return Window(
        start_at=datetime.fromisoformat(start).replace(tzinfo=zone),
        end_at=datetime.fromisoformat(end).replace(tzinfo=zone),
        zone=zone,
    )


DAY = window("2026-10-29T00:00", "2026-10-30T00:00")


ALWAYS = Window(
    start_at=datetime.min.replace(tzinfo=UTC), end_at=datetime.max.replace(tzinfo=UTC), zone=TOKYO
)


def ask(engine: Engine, query: SearchQuery, tenant: TenantId = DEFAULT_TENANT) -> SearchPage:
    granted = grant(engine, SearchGrant, Ask(access=access(tenant)))
    with reading(engine) as connection:
        return search(connection, query, granted)


def found(engine: Engine, *clues: Clue, within: Window = DAY) -> list[str]:
    page = ask(engine, SearchQuery(window=within, clues=clues))
    return [str(each.recording) for each in page.found]
