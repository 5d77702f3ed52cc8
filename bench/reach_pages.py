"""The first page of all calls of a year for who reaches a part of them: one team, a queue, nobody.

Asked of the catalog itself, journal and HTTP left out. Knows no table.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from archive.access.query import SearchQuery, Window
from archive.access.reach import EVERYWHERE, Reach, ReachRule, Within
from archive.catalog.access.grants import Access, Ask, SearchGrant, grant
from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.search.search import search
from archive.ids import DEFAULT_TENANT
from bench.archived_calls import PURPOSE, SMALL_TEAM
from bench.questions import FOUND_ON_A_PAGE, Sample, Waited, timed

YEAR: Final = timedelta(days=365)
_REACHES: Final[tuple[tuple[str, Reach], ...]] = (
    ("everything", EVERYWHERE),
    ("a queue of one call in nine", (ReachRule(queues=frozenset({"support"})),)),
    ("a team of five in three hundred", (ReachRule(teams=frozenset({SMALL_TEAM})),)),
    ("a team without calls", (ReachRule(teams=frozenset({"nobody"})),)),
)


def reach_pages(file: Path, sample: Sample, times: int) -> Iterator[Waited]:
    """Each reach in turn."""
    engine = open_engine(catalog_url(file))
    window = Window(start_at=sample.ends - YEAR, end_at=sample.ends, zone=ZoneInfo("Asia/Tokyo"))
    query = SearchQuery(window=window, limit=FOUND_ON_A_PAGE)
    for name, reach in _REACHES:
        granted = _granted(engine, reach, sample)

        def ask(granted: SearchGrant = granted) -> None:
            with reading(engine) as connection:
                search(connection, query, granted)

        ask()
        yield timed(f"a year, within {name}", [ask] * times)
    engine.dispose()


def _granted(engine: Engine, reach: Reach, sample: Sample) -> SearchGrant:
    access = Access(
        tenant=DEFAULT_TENANT,
        actor="bench",
        at_us=sample.last_us,
        within=Within(reach=reach, purpose=PURPOSE),
        purpose=PURPOSE,
    )
    return grant(engine, SearchGrant, Ask(access=access))
