"""What auditors read in the journal: its pages, and who heard a call.

Questions only; each key leads with the tenant. Knows nothing of who may ask, which is in the
journal too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, or_, select, true

from archive.catalog.access.grants import Target
from archive.catalog.journal.entries import (
    MAX_PAGE,
    SHOWING,
    Action,
    JournalEntry,
    entry_of,
    is_of_one_recording,
    told_entries,
)
from archive.catalog.tables.catalog import conversation, journal, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId, TenantId

Order = Literal["oldest", "newest"]

# What shows, plays or hands out something of the call that is named, was played or was not to.
REVEALING: Final[tuple[Action, ...]] = (*SHOWING, "played", "broke_glass", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalQuery:
    """Which entries: "" and None say nothing; times from `from_us` until before `to_us`.

    `behind` is the place of the last entry of the page before, 0: there is none.
    """

    order: Order = "newest"
    behind: int = 0
    actor: str = ""
    action: Action | None = None
    from_us: int | None = None
    to_us: int | None = None
    limit: int = MAX_PAGE


def tail(connection: Connection, tenant: TenantId, query: JournalQuery) -> tuple[JournalEntry, ...]:
    """A page of the tenant's entries in the order of their times, at most `MAX_PAGE` of them."""
    row = tenant_row(connection, tenant)
    last_us = connection.scalar(select(journal.c.at_us).where(journal.c.seq == query.behind))
    page = _matching(row, query).limit(min(query.limit, MAX_PAGE))
    if last_us is not None:
        page = page.where(_behind(query, last_us))
    return tuple(entry_of(each, tenant) for each in connection.execute(page))


def _matching(tenant: int, query: JournalQuery) -> Select[tuple[object, ...]]:
    at_us, seq = journal.c.at_us, journal.c.seq
    order = (at_us.desc(), seq.desc()) if query.order == "newest" else (at_us, seq)
    return (
        told_entries()
        .where(
            journal.c.tenant == tenant,
            journal.c.actor == query.actor if query.actor else true(),
            journal.c.action == query.action if query.action else true(),
            at_us >= query.from_us if query.from_us is not None else true(),
            at_us < query.to_us if query.to_us is not None else true(),
        )
        .order_by(*order)
    )


def _behind(query: JournalQuery, last_us: int) -> ColumnElement[bool]:
    """Later than the last entry of the page before, in the order that is asked for."""
    at_us, seq = journal.c.at_us, journal.c.seq
    if query.order == "newest":
        return and_(at_us <= last_us, or_(at_us < last_us, seq < query.behind))
    return and_(at_us >= last_us, or_(at_us > last_us, seq > query.behind))


def who_heard(
    connection: Connection,
    tenant: TenantId,
    target: Target,
    *,
    behind: int = 0,
    limit: int = MAX_PAGE,
) -> tuple[JournalEntry, ...]:
    """A page of what showed a call or recording, or was refused of it, in the order of writing.

    Of a call by every name that it has had and by its recordings; of a recording also by its call.
    """
    row = tenant_row(connection, tenant)
    call = _call_of(connection, row, target)
    names = {target.raw, *_names(connection, row, call)}
    recordings = set(_recordings(connection, row, call))
    page = (
        told_entries()
        .where(
            journal.c.tenant == row,
            journal.c.target.in_(_written(names | recordings)),
            # The ids lead the way: `+ 0` and `|| ''` keep all other indexes out of it.
            journal.c.seq + 0 > behind,
            (journal.c.action + "").in_(REVEALING),
            _is_about(target, recordings),
        )
        .order_by(journal.c.seq)
        .limit(min(limit, MAX_PAGE))
    )
    return tuple(entry_of(each, tenant) for each in connection.execute(page))


def _is_about(target: Target, recordings: set[bytes]) -> ColumnElement[bool]:
    """Of a recording: not about another one of its call alone."""
    if not isinstance(target, RecordingId):
        return true()
    others = journal.c.target.in_(_written(recordings - {target.raw}))
    return not_(and_(others, is_of_one_recording()))


def _written(ids: set[bytes]) -> list[str]:
    return sorted(each.hex() for each in ids)


def _names(connection: Connection, tenant: int, call: int | None) -> Iterator[bytes]:
    yield from connection.scalars(select(conversation.c.id).where(conversation.c.row == call))
    yield from connection.scalars(
        select(conversation.c.id).where(
            conversation.c.tenant == tenant, conversation.c.merged_into == call
        )
    )


def _recordings(connection: Connection, tenant: int, call: int | None) -> Iterator[bytes]:
    return iter(
        connection.scalars(
            select(recording.c.id).where(
                recording.c.tenant == tenant, recording.c.conversation == call
            )
        )
    )


def _call_of(connection: Connection, tenant: int, target: Target) -> int | None:
    if isinstance(target, RecordingId):
        of_it = select(recording.c.conversation).where(
            recording.c.tenant == tenant, recording.c.id == target.raw
        )
    else:
        of_it = select(func.coalesce(conversation.c.merged_into, conversation.c.row)).where(
            conversation.c.tenant == tenant, conversation.c.id == target.raw
        )
    return connection.scalar(of_it)
