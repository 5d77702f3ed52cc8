"""How many recordings a search has on each day: what is counted, up to a bound that is told.

Knows how is searched (`search.py`), nothing of who asks beyond his grant.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from sqlalchemy import Connection, Select

from archive.access.query import Fit, SearchQuery, Window
from archive.catalog.access.grants import EVERYTHING, NotGranted, SearchGrant
from archive.catalog.search.search import recent
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.moments import microseconds

# The newest so many are counted; the days before are told as not counted.
MAX_COUNTED: Final = 20_000
# As many bars as anybody tells apart; a longer window has bars of several days.
MAX_BARS: Final = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """A stretch of days, and how many recordings began in it; None where they are not counted."""

    first: date
    last: date
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The bars of a window from its first day on; `is_all` where none had to be left out.

    `guessed` of the recordings, counted as far, fit by a guess of sides alone.
    """

    bars: tuple[DayBar, ...]
    counted: int
    is_all: bool
    guessed: int = 0


def count_days(connection: Connection, query: SearchQuery, grant: SearchGrant) -> Days:
    """Count what a search finds by the days, in its zone, on which it began.

    What began before the window counts for its first day.
    """
    if grant.target != EVERYTHING:
        raise NotGranted("a search needs a grant for searching")
    tenant, within = tenant_row(connection, grant.tenant), grant.access.within
    bars = bars_of(_begun(connection, recent(tenant, query, within)), query.window)
    if not query.people:
        return bars
    by_guess = recent(tenant, replace(query, fit=Fit.GUESSED), within)
    return replace(bars, guessed=len(_begun(connection, by_guess)[:MAX_COUNTED]))


def _begun(connection: Connection, found: Select[tuple[object, ...]]) -> Sequence[int]:
    """When the newest of these began, in µs since 1970 UTC: one more than is counted, if any."""
    began = found.with_only_columns(recording.c.started_us, maintain_column_froms=True)
    return list(connection.scalars(began.limit(MAX_COUNTED + 1)))


def bars_of(newest_first: Sequence[int], window: Window) -> Days:
    """The bars of a window for what began at these times, in µs since 1970 UTC; the newest
    `MAX_COUNTED` of them.
    """
    is_all = len(newest_first) <= MAX_COUNTED
    counted = newest_first[:MAX_COUNTED]
    edges = _edges(window)
    begins = [_begin_us(each, window) for each in edges]
    counts = [0] * (len(edges) - 1)
    for began_us in counted:
        counts[_bar_of(begins, began_us, len(counts))] += 1
    # The bar in which the counting ended is not whole either.
    known = 0 if is_all else _bar_of(begins, counted[-1], len(counts)) + 1
    bars = tuple(
        DayBar(first=first, last=after - timedelta(days=1), count=count if at >= known else None)
        for at, ((first, after), count) in enumerate(zip(pairwise(edges), counts, strict=True))
    )
    return Days(bars=bars, counted=len(counted), is_all=is_all)


def _bar_of(begins: Sequence[int], began_us: int, bars: int) -> int:
    return min(max(bisect_right(begins, began_us) - 1, 0), bars - 1)


def _edges(window: Window) -> list[date]:
    """The first day of each bar, and the day after the last one."""
    first = window.start_at.astimezone(window.zone).date()
    last = (window.end_at - timedelta(microseconds=1)).astimezone(window.zone).date()
    days = max((last - first).days, 0) + 1
    each = -(-days // MAX_BARS)
    return [first + timedelta(days=at) for at in range(0, days, each)] + [
        first + timedelta(days=days)
    ]


def _begin_us(day: date, window: Window) -> int:
    return microseconds(datetime.combine(day, time(), window.zone))
