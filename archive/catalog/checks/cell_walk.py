"""Every row of every table, read whatever stands in it: those that nobody can read, by name.

Knows nothing of what a row means.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, Executable, Table, literal_column, select

from archive.catalog.database.engine import reading
from archive.catalog.register.cells import CellFlaw, cell_flaws
from archive.catalog.tables.catalog import catalog

# In one view of the catalog, so that its log never waits long for who reads everything.
AT_ONCE: Final = 2_000
_BEFORE_ALL: Final = -(1 << 63)


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that cannot be read: its table, its key, and which columns are why."""

    table: str
    row: int
    columns: tuple[tuple[str, CellFlaw], ...]


def unreadable_rows(engine: Engine) -> Iterator[UnreadableRow]:
    """All of them, table by table; `engine` is one that reads any text."""
    for table in catalog.sorted_tables:
        last: int | None = _BEFORE_ALL
        while last is not None:
            with reading(engine) as connection:
                found, last = _page(connection, table, last)
            yield from found


def _page(
    connection: Connection, table: Table, after: int
) -> tuple[list[UnreadableRow], int | None]:
    """Those of one page, and the key of the page's last row; None: there is none behind it."""
    found: list[UnreadableRow] = []
    rows = connection.execute(_wanted(table, after)).mappings().all()
    (key,) = (each.name for each in table.primary_key)
    for row in rows:
        flaws = tuple(cell_flaws(table, row))  # type: ignore[arg-type]  # keys are names here
        if flaws:
            found.append(UnreadableRow(table.name, row[key], flaws))
    return found, rows[-1][key] if len(rows) == AT_ONCE else None


def _wanted(table: Table, after: int) -> Executable:
    """Without the columns' types, which would not let everything pass."""
    (key,) = table.primary_key
    columns: list[ColumnElement[object]] = [
        literal_column(f'"{each.name}"').label(each.name) for each in table.c
    ]
    return select(*columns).select_from(table).where(key > after).order_by(key).limit(AT_ONCE)
