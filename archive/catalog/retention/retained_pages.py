"""What decides how long pages of the ledger are kept, read from the index for many at a time.

Knows no policy. A page is read by the times of its calls; where its files lie is `intentions`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Function, Row, ScalarSelect, Select, bindparam, func, select

from archive.catalog.tables.catalog import ledger_page, refused_call
from archive.catalog.tables.derived_forms import FORM
from archive.ids import RecordingId

# Calls whose pages are read by one statement of each kind.
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainedPage:
    """A page; when the oldest and the youngest of its calls began (µs since 1970 UTC).

    `is_known`: all its parts are here, and its calls are told in today's form.
    """

    page: RecordingId
    oldest_us: int
    youngest_us: int
    size_bytes: int
    is_known: bool


def retained_pages(
    connection: Connection, tenant: int, pages: Sequence[RecordingId]
) -> tuple[RetainedPage, ...]:
    """Those of these that are pages, in the order of their ids; one without calls is left out."""
    named = {"own_tenant": tenant, "pages": [each.raw for each in pages]}
    rows = connection.execute(_RETAINED, named)
    return tuple(_page(row) for row in rows if row.youngest_us is not None)


def _retained() -> Select[tuple[object, ...]]:
    own = ledger_page.c
    return (
        select(
            own.id,
            _began(func.min).label("oldest_us"),
            _began(func.max).label("youngest_us"),
            func.sum(own.size_bytes).label("size_bytes"),
            func.count(own.part.distinct()).label("there"),
            func.max(own.part).label("highest"),
            func.max(own.is_last).label("has_last"),
            func.min(own.derived).label("oldest_form"),
            func.max(own.derived).label("newest_form"),
        )
        .where(
            own.tenant == bindparam("own_tenant"), own.id.in_(bindparam("pages", expanding=True))
        )
        .group_by(own.id)
        .order_by(own.id)
    )


def _began(which: Callable[..., Function[int]]) -> ScalarSelect[int]:
    """When the oldest or the youngest call of a page began; each page by its key."""
    # No column of the index of times by itself, and one that is not in it: SQLite would rather go
    # through the times of all calls.
    own = select(which(refused_call.c.started_us + 0)).where(
        refused_call.c.tenant == bindparam("own_tenant"),
        refused_call.c.page == ledger_page.c.id,
        refused_call.c.status >= 0,
    )
    return own.correlate(ledger_page).scalar_subquery()


# Asked with every part that comes: to put it together takes longer than to ask it.
_RETAINED: Final = _retained()


def _page(row: Row[tuple[object, ...]]) -> RetainedPage:
    """Parts are numbered from 0."""
    has_all = bool(row.has_last) and row.there == row.highest + 1
    return RetainedPage(
        page=RecordingId(row.id),
        oldest_us=row.oldest_us,
        youngest_us=row.youngest_us,
        size_bytes=int(row.size_bytes),
        is_known=has_all and row.oldest_form == row.newest_form == FORM,
    )


def pages_from(
    connection: Connection, tenant: int, from_us: int, before_us: int
) -> tuple[int, tuple[RetainedPage, ...]]:
    """The next pages whose youngest call began from one moment on and before another.

    Also from when on the ones behind them are; `before_us`: there are none.
    """
    of_tenant = (refused_call.c.tenant == tenant, refused_call.c.started_us < before_us)
    further = (
        select(refused_call.c.started_us)
        .where(*of_tenant, refused_call.c.started_us > from_us)
        .order_by(refused_call.c.started_us)
        .offset(_AT_ONCE)
        .limit(1)
    )
    until_us = int(connection.scalar(further) or before_us)
    wanted = select(refused_call.c.page).where(
        *of_tenant, refused_call.c.started_us >= from_us, refused_call.c.started_us < until_us
    )
    named = [RecordingId(each) for each in connection.scalars(wanted.distinct())]
    found = retained_pages(connection, tenant, named)
    return until_us, tuple(each for each in found if each.youngest_us < until_us)


def count_pages(connection: Connection, tenant: int) -> int:
    wanted = select(func.count(ledger_page.c.id.distinct())).where(ledger_page.c.tenant == tenant)
    return int(connection.execute(wanted).scalar_one())


def page_keys(
    connection: Connection, tenant: int, pages: Sequence[RecordingId]
) -> Mapping[RecordingId, int]:
    rows = connection.execute(
        select(ledger_page.c.id, func.count(ledger_page.c.key_id.distinct()))
        .where(ledger_page.c.tenant == tenant, ledger_page.c.id.in_([each.raw for each in pages]))
        .group_by(ledger_page.c.id)
    )
    return {RecordingId(row[0]): int(row[1]) for row in rows}
