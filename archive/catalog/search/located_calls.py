"""The conversations of a ranking as the catalog tells them, within a reach.

Knows nothing of scores. What is about to be destroyed is in no answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    func,
    select,
)

from archive.access.reach import Within
from archive.catalog.access.reach import REACHES_KEPT, within
from archive.catalog.access.use import moment
from archive.catalog.database.rarity import rare
from archive.catalog.destruction.planned_recordings import is_under_way
from archive.catalog.search.calls import FoundRecording, select_recordings, with_legs
from archive.catalog.tables.catalog import call_id, conversation, mark, recording
from archive.ids import ConversationId


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCalls:
    """Recordings by row number, with their tags and ids, folded."""

    found: Mapping[int, FoundRecording]
    conversations: Mapping[int, Sequence[int]]  # the rows of each, oldest first
    tags: Mapping[int, Sequence[str]]
    ids: Mapping[int, Sequence[str]]


def stored_calls(
    connection: Connection, tenant: int, allowed: Within, conversations: Sequence[int]
) -> StoredCalls:
    """Of these conversations what is within reach; the rows of columns are read elsewhere."""
    wanted = _wanted(tenant, allowed.timeless)
    found = connection.execute(wanted, {"calls": list(conversations), **moment(allowed)})
    # Asked for in this order, SQLite would go through all of the tenant's to have them sorted.
    rows = sorted(found, key=lambda row: (row.started_us, row.id))
    own = [row.row for row in rows]
    of_one: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        of_one[row.conversation].append(row.row)
    return StoredCalls(
        found=dict(zip(own, with_legs(connection, tenant, rows), strict=True)),
        conversations=of_one,
        tags=_tags(connection, tenant, own),
        ids=_ids(connection, tenant, own),
    )


@lru_cache(REACHES_KEPT)
def _wanted(tenant: int, allowed: Within) -> Select[tuple[object, ...]]:
    calls: BindParameter[int] = bindparam("calls", expanding=True)
    return (
        select_recordings()
        .where(recording.c.tenant == tenant, recording.c.conversation.in_(calls))
        .where(~is_under_way(tenant, recording.c.id), *within(tenant, allowed))
    )


def conversation_row(connection: Connection, tenant: int, call: ConversationId) -> int | None:
    row = func.coalesce(conversation.c.merged_into, conversation.c.row)
    named = select(row).where(conversation.c.tenant == tenant, conversation.c.id == call.raw)
    found: int | None = connection.scalar(named)
    return found


def conversation_ids(
    connection: Connection, tenant: int, rows: Iterable[int]
) -> Mapping[int, ConversationId]:
    wanted = {"own_tenant": tenant, "own_rows": sorted(rows)}
    return {row: ConversationId(raw) for row, raw in connection.execute(_NAMES, wanted)}


def _tags(connection: Connection, tenant: int, rows: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Of all kinds: asked for one, SQLite reads all that the tenant has of it."""
    wanted = {"own_tenant": tenant, "own_rows": rows}
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row, kind, value in connection.execute(_MARKS, wanted):
        if kind == "tag":
            found[row].append(value)
    return found


def _ids(connection: Connection, tenant: int, rows: Sequence[int]) -> Mapping[int, Sequence[str]]:
    wanted = {"own_tenant": tenant, "own_rows": rows}
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row, value in connection.execute(_IDS, wanted):
        found[row].append(value)
    return found


def _of(table: Table) -> tuple[ColumnElement[bool], ...]:
    """By their rows: `+ 0`, not by all of the tenant."""
    return (
        table.c.tenant + 0 == bindparam("own_tenant"),
        table.c.row.in_(bindparam("own_rows", expanding=True)),
    )


def _hanging(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    own = (table.c.tenant == recording.c.tenant) & rare(table.c.recording == recording.c.row)
    return select(*columns).join_from(recording, table, own).where(*_of(recording))


_NAMES: Final = select(conversation.c.row, conversation.c.id).where(*_of(conversation))
_MARKS: Final = _hanging(mark, mark.c.recording, mark.c.kind, mark.c.folded)
_IDS: Final = _hanging(call_id, call_id.c.recording, call_id.c.folded)
