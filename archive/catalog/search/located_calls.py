"""The conversations of a ranking as the catalog tells them, within a reach.

Knows nothing of scores. What is about to be destroyed is in no answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, Table, func, select

from archive.access.reach import Within
from archive.catalog.access.reach import within
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
    wanted = (
        select_recordings()
        .where(recording.c.tenant == tenant, recording.c.conversation.in_(conversations))
        .where(~is_under_way(tenant, recording.c.id), *within(tenant, allowed))
    )
    # Asked for in this order, SQLite would go through all of the tenant's to have them sorted.
    rows = sorted(connection.execute(wanted), key=lambda row: (row.started_us, row.id))
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


def conversation_row(connection: Connection, tenant: int, call: ConversationId) -> int | None:
    """The row of a call, by any name that it has had."""
    row = func.coalesce(conversation.c.merged_into, conversation.c.row)
    named = select(row).where(conversation.c.tenant == tenant, conversation.c.id == call.raw)
    found: int | None = connection.scalar(named)
    return found


def conversation_ids(
    connection: Connection, tenant: int, rows: Iterable[int]
) -> Mapping[int, ConversationId]:
    """By their rows: `+ 0`, not by all of the tenant."""
    wanted = select(conversation.c.row, conversation.c.id).where(
        conversation.c.tenant + 0 == tenant, conversation.c.row.in_(sorted(rows))
    )
    return {row: ConversationId(raw) for row, raw in connection.execute(wanted)}


def _tags(connection: Connection, tenant: int, rows: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Of all kinds: asked for one, SQLite reads all that the tenant has of it."""
    wanted = _hanging(mark, tenant, rows).with_only_columns(
        mark.c.recording, mark.c.kind, mark.c.folded
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row, kind, value in connection.execute(wanted):
        if kind == "tag":
            found[row].append(value)
    return found


def _ids(connection: Connection, tenant: int, rows: Sequence[int]) -> Mapping[int, Sequence[str]]:
    wanted = _hanging(call_id, tenant, rows).with_only_columns(
        call_id.c.recording, call_id.c.folded
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row, value in connection.execute(wanted):
        found[row].append(value)
    return found


def _hanging(table: Table, tenant: int, rows: Sequence[int]) -> Select[tuple[object, ...]]:
    """What hangs on recordings, by their rows: `+ 0`, not by all of the tenant."""
    own = (table.c.tenant == recording.c.tenant) & rare(table.c.recording == recording.c.row)
    joined = select(table).join_from(recording, table, own)
    return joined.where(recording.c.tenant + 0 == tenant, recording.c.row.in_(rows))
