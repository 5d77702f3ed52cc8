"""The sequence of changes: which recordings have other rows than before, in the order of commits.

Written in the transaction that changes them; there is one writer at a time, so nobody commits a
smaller place later. Knows nothing of what changed.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, literal, select

from archive.catalog.tables.catalog import recording, recording_change
from archive.locate.columns.manifest import Place

# Copies that are further behind are made anew: that takes minutes, and so would these.
KEPT: Final = 250_000
# How often a single change looks whether there are too many.
_TRIMMED_EVERY: Final = 1 << 10
# Read at once.
_BATCH: Final = 20_000

_change = recording_change.c
_LAST: Final = select(func.coalesce(func.max(_change.sequence), 0)).where(
    _change.tenant == bindparam("own_tenant")
)
# Asked of every recording that comes: to put it together takes as long as to ask it.
_NOTE: Final = (
    insert(recording_change)
    .values(
        tenant=bindparam("own_tenant"),
        sequence=_LAST.scalar_subquery() + 1,
        changed_row=bindparam("own_row"),
        drawn=bindparam("own_drawn"),
    )
    .returning(_change.sequence)
)
_DRAWN: Final = select(_change.drawn).where(
    _change.tenant == bindparam("own_tenant"), _change.sequence == bindparam("own_sequence")
)
_SINCE: Final = (
    select(_change.sequence, _change.changed_row, _change.drawn)
    .where(_change.tenant == bindparam("own_tenant"), _change.sequence > bindparam("own_sequence"))
    .order_by(_change.sequence)
    .limit(bindparam("most"))
)
_FIRST: Final = select(func.min(_change.sequence)).where(_change.tenant == bindparam("own_tenant"))


@dataclass(frozen=True, slots=True)
class Changed:
    """Recordings that changed up to a place, by row; `is_all`: nothing came behind it."""

    place: Place
    recordings: tuple[int, ...]
    is_all: bool


def note_change(connection: Connection, tenant: int, row: int) -> None:
    """A recording has other rows now, or none."""
    values = {"own_tenant": tenant, "own_row": row, "own_drawn": _drawn()}
    place: int = connection.execute(_NOTE, values).scalar_one()
    if place % _TRIMMED_EVERY == 0:
        _trim(connection, tenant)


def note_changes(connection: Connection, tenant: int, which: ColumnElement[bool]) -> None:
    """All recordings of which this holds have, or are about to."""
    last = connection.scalar(_LAST, {"own_tenant": tenant}) or 0
    place = func.row_number().over(order_by=recording.c.row) + last
    found = select(recording.c.tenant, place, recording.c.row, literal(_drawn())).where(
        recording.c.tenant == tenant, which
    )
    columns = ["tenant", "sequence", "changed_row", "drawn"]
    new = insert(recording_change).from_select(columns, found)
    # psycopg's cursor is closed by then, and would not know.
    counted = connection.execute(new, execution_options={"preserve_rowcount": True})
    if counted.rowcount >= _TRIMMED_EVERY:
        _trim(connection, tenant)


def known_changes(connection: Connection, tenant: int) -> range:
    """The places that there still are."""
    first = connection.scalar(_FIRST, {"own_tenant": tenant})
    return range(1, 1) if first is None else range(first, last_change(connection, tenant) + 1)


def last_change(connection: Connection, tenant: int) -> int:
    """The last place, 0 where nothing has changed yet."""
    return int(connection.scalar(_LAST, {"own_tenant": tenant}) or 0)


def last_place(connection: Connection, tenant: int) -> Place:
    sequence = last_change(connection, tenant)
    return Place(sequence, _drawn_for(connection, tenant, sequence) or 0)


def leads_on(connection: Connection, tenant: int, place: Place) -> bool:
    """Whether the changes behind a place are all there, and it is one of this catalog.

    One that was restored may have gone on: with the same number it then has another change.
    """
    if place.sequence == 0:
        return known_changes(connection, tenant).start == 1
    return _drawn_for(connection, tenant, place.sequence) == place.drawn


def changes_since(connection: Connection, tenant: int, sequence: int) -> Changed:
    """The next ones behind a place, as many as are read at once."""
    behind = {"own_tenant": tenant, "own_sequence": sequence, "most": _BATCH}
    rows = connection.execute(_SINCE, behind).all()
    recordings = tuple(dict.fromkeys(row for _, row, _ in rows))
    last = Place(rows[-1][0], rows[-1][2]) if rows else Place(sequence, 0)
    return Changed(last, recordings, len(rows) < _BATCH)


def _drawn() -> int:
    return secrets.randbits(63)


def _drawn_for(connection: Connection, tenant: int, sequence: int) -> int | None:
    place = {"own_tenant": tenant, "own_sequence": sequence}
    drawn: int | None = connection.scalar(_DRAWN, place)
    return drawn


def _trim(connection: Connection, tenant: int) -> None:
    last = connection.scalar(_LAST, {"own_tenant": tenant}) or 0
    too_old = (_change.tenant == tenant, _change.sequence <= last - KEPT)
    connection.execute(delete(recording_change).where(*too_old))
