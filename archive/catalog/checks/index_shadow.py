"""The rows of a recording or ledger page beside those that its stored events make of it anew.

Made by the derivation itself, in a transaction of which nothing stays. Knows nothing of files.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, Row, Select, Table, bindparam, func, select

from archive.catalog.access.grants import NotGranted, VerifyGrant
from archive.catalog.database.database_errors import OF_ONE_CALL, is_away
from archive.catalog.database.engine import trying
from archive.catalog.index.derivation import derive_recording
from archive.catalog.index.facts_rows import is_audio_gone
from archive.catalog.index.indexed_parts import has_parts, indexed_parts, recording_row
from archive.catalog.index.namings import doubt_namings
from archive.catalog.index.page_rows import derive_page
from archive.catalog.retention.retention_classes import class_content
from archive.catalog.tables.catalog import (
    call_id,
    ledger_page,
    leg,
    leg_address,
    leg_agent,
    leg_name,
    leg_naming,
    leg_stream,
    mark,
    mention,
    naming,
    naming_word,
    part,
    recording,
    refused_call,
    refused_mention,
    retention_class,
    text_piece,
    tolerance,
)
from archive.catalog.tables.derived_forms import FORM, SOONER
from archive.catalog.tables.tenants import tenant_row
from archive.ids import PageId, PartName, RecordingId

_Cells = dict[str, object]
_Columns = tuple[object, ...]
# What hangs on a recording and is made of its events.
_HANGING: Final = (
    leg,
    leg_address,
    leg_agent,
    leg_stream,
    leg_name,
    call_id,
    mark,
    text_piece,
    mention,
    tolerance,
)


def _named(naming_of: Column[int], *columns: Column[Any]) -> Select[_Columns]:
    """Columns of what the legs of a recording are called."""
    return (
        select(*columns)
        .join_from(leg_naming, naming_of.table, naming_of == leg_naming.c.naming)
        .where(
            leg_naming.c.tenant == bindparam("tenant"), leg_naming.c.recording == bindparam("own")
        )
        .order_by(leg_naming.c.row)
    )


_OF_ONE: Final = {
    **{
        table: select(table)
        .where(table.c.tenant == bindparam("tenant"), table.c.recording == bindparam("own"))
        .order_by(table.c.row)
        for table in _HANGING
    },
    leg_naming: _named(naming.c.row, leg_naming.c.leg, leg_naming.c.side, naming.c.content),
    naming_word: _named(naming_word.c.naming, naming_word.c.folded),
}
# Which recordings are of one call depends on those, too, that were destroyed since.
_NOT_DERIVED: Final = frozenset(
    {"row", "tenant", "id", "conversation", "retention_class", "size_bytes"}
)
_OF_ROWS: Final = frozenset({"row", "tenant", "recording", "leg"})


@dataclass(frozen=True, slots=True)
class IndexShadow:
    """What the index has of a recording: its parts, its events by serial, and columns that differ.

    `is_waiting`: its rows are of an older form, and are about to be made anew.
    """

    parts: frozenset[PartName] = frozenset()
    events: Mapping[int, bytes] = field(default_factory=dict)
    differing: tuple[str, ...] = ()
    is_waiting: bool = False


def index_shadow(engine: Engine, own: RecordingId | PageId, grant: VerifyGrant) -> IndexShadow:
    """Make the rows of one anew beside those that are there; writers wait for it meanwhile."""
    if grant.target != str(own):
        raise NotGranted("the grant is for something else")
    with trying(engine) as connection:
        tenant = tenant_row(connection, grant.tenant)
        if isinstance(own, PageId):
            return _of_page(connection, tenant, own)
        row = recording_row(connection, tenant, own)
        if row is None or is_audio_gone(connection, tenant, row):
            return IndexShadow()
        return _of_recording(connection, tenant, own, row)


def _of_recording(connection: Connection, tenant: int, own: RecordingId, row: int) -> IndexShadow:
    had = indexed_parts(connection, tenant, own)
    form = connection.scalar(select(recording.c.derived).where(recording.c.row == row))
    if _is_waiting(form) or not has_parts(connection, tenant, row):
        return IndexShadow(had.names, had.events, is_waiting=_is_waiting(form))
    before = _rows(connection, tenant, row)
    kept = _kept_class(connection, row)
    doubt_namings(connection, tenant, row)
    try:
        derive_recording(connection, tenant, row)
    except OF_ONE_CALL as failed:
        if is_away(failed):
            raise
        return IndexShadow(had.names, had.events)  # Its events are not those of its parts, or odd.
    differing = _differing(before, _rows(connection, tenant, row))
    if kept != class_content(connection, tenant, row):
        differing += ("retention_class",)
    if _size(connection, tenant, row) != _size_of_parts(connection, tenant, row):
        differing += ("recording.size_bytes",)
    return IndexShadow(had.names, had.events, differing)


def _of_page(connection: Connection, tenant: int, own: PageId) -> IndexShadow:
    had = indexed_parts(connection, tenant, RecordingId(own.raw))
    calls = select(refused_call).where(
        refused_call.c.tenant == tenant, refused_call.c.page == own.raw
    )
    before = connection.execute(calls).all()
    events = {each.serial: each.body for each in before}
    wanted = select(ledger_page.c.derived).where(
        ledger_page.c.tenant == tenant, ledger_page.c.id == own.raw
    )
    if any(map(_is_waiting, connection.scalars(wanted).all())):
        return IndexShadow(had.names, events, is_waiting=True)
    mentions = (
        select(refused_mention)
        .where(refused_mention.c.tenant == tenant, refused_mention.c.page == own.raw)
        .order_by(refused_mention.c.serial, refused_mention.c.row)
    )
    told = _of_calls(connection, calls, mentions)
    try:
        derive_page(connection, tenant, own.raw)
    except OF_ONE_CALL as failed:
        if is_away(failed):
            raise
        return IndexShadow(had.names, events)
    made = _of_calls(connection, calls, mentions)
    return IndexShadow(had.names, events, _differing(told, made))


def _of_calls(
    connection: Connection, calls: Select[_Columns], mentions: Select[_Columns]
) -> dict[Table, list[_Cells]]:
    """What is derived of the calls of a page; who is told of is known by its order."""
    wanted = {refused_call: calls, refused_mention: mentions}
    return {
        table: [_plain(each) for each in connection.execute(asked)]
        for table, asked in wanted.items()
    }


def _is_waiting(form: int | None) -> bool:
    return form is not None and SOONER <= form < FORM


def _rows(connection: Connection, tenant: int, row: int) -> dict[Table, list[_Cells]]:
    """All that is derived of a recording; legs are known by their order."""
    own = connection.execute(select(recording).where(recording.c.row == row)).one()
    cells = {name: value for name, value in own._mapping.items() if name not in _NOT_DERIVED}
    found: dict[Table, list[_Cells]] = {recording: [cells]}
    order: dict[int, int] = {}
    for table, wanted in _OF_ONE.items():
        rows = connection.execute(wanted, {"tenant": tenant, "own": row}).all()
        if table is leg:
            order = {each.row: at for at, each in enumerate(rows)}
        found[table] = [
            _plain(each) | ({"leg": order.get(each.leg)} if "leg" in each._fields else {})
            for each in rows
        ]
    return found


def _plain(row: Row[tuple[object, ...]]) -> _Cells:
    return {name: value for name, value in row._mapping.items() if name not in _OF_ROWS}


def _differing(
    before: Mapping[Table, list[_Cells]], after: Mapping[Table, list[_Cells]]
) -> tuple[str, ...]:
    """Names of the columns whose values differ; of the table where only their combinations do."""
    found: list[str] = []
    for table, rows in before.items():
        if _counted(rows) == _counted(after[table]):
            continue
        names = rows[0] if rows else after[table][0]
        columns = [
            f"{table.name}.{name}"
            for name in names
            if Counter(each[name] for each in rows) != Counter(each[name] for each in after[table])
        ]
        found += columns or [table.name]
    return tuple(found)


def _counted(rows: list[_Cells]) -> Counter[tuple[object, ...]]:
    return Counter(tuple(each.values()) for each in rows)


def _kept_class(connection: Connection, row: int) -> str | None:
    return connection.scalar(
        select(retention_class.c.content)
        .join_from(recording, retention_class, recording.c.retention_class == retention_class.c.row)
        .where(recording.c.row == row)
    )


def _size(connection: Connection, tenant: int, row: int) -> int | None:
    return connection.scalar(
        select(recording.c.size_bytes).where(recording.c.tenant == tenant, recording.c.row == row)
    )


def _size_of_parts(connection: Connection, tenant: int, row: int) -> int:
    own = (part.c.tenant == tenant, part.c.recording == row)
    return int(connection.scalar(select(func.sum(part.c.size_bytes)).where(*own)) or 0)
