"""Rows of the index that hang on nothing: of recordings and pages that are not there.

Nothing that we do leaves any; whoever has the database may. Knows nothing of recordings.
"""

from typing import Final

from sqlalchemy import ColumnElement, Engine, Table, delete, select

from archive.catalog.database.engine import reading, writing
from archive.catalog.tables.catalog import INDEX_TABLES, ledger_page, recording, refused_call

_AT_ONCE: Final = 500


def remove_orphans(engine: Engine) -> None:
    """Remove them; nobody waits while they are looked for."""
    for table, hangs in _hanging():
        while rows := _orphans(engine, table, hangs):
            with writing(engine) as connection:
                connection.execute(delete(table).where(table.c.row.in_(rows), ~hangs))


def _hanging() -> list[tuple[Table, ColumnElement[bool]]]:
    """Each table with the condition that a row of it hangs on something; children first."""
    of_recordings: list[tuple[Table, ColumnElement[bool]]] = [
        (
            table,
            select(recording.c.row)
            .where(recording.c.tenant == table.c.tenant, recording.c.row == table.c.recording)
            .exists(),
        )
        for table in INDEX_TABLES
        if "recording" in table.c
    ]
    of_page = select(ledger_page.c.row).where(
        ledger_page.c.tenant == refused_call.c.tenant, ledger_page.c.id == refused_call.c.page
    )
    return [*of_recordings, (refused_call, of_page.exists())]


def _orphans(engine: Engine, table: Table, hangs: ColumnElement[bool]) -> list[int]:
    with reading(engine) as connection:
        return list(connection.scalars(select(table.c.row).where(~hangs).limit(_AT_ONCE)))
