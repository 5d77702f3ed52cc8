"""Rows taken out of the index: all that it has of a recording, and those that hang on nothing.

Knows nothing of why, nor of the files: who removes for good writes a tombstone first.
"""

from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, select

from archive.catalog.database.engine import reading, writing
from archive.catalog.index.namings import let_unused_go, namings_of
from archive.catalog.locating.source_rows import note_leaving
from archive.catalog.retention.retention_classes import declassify
from archive.catalog.tables.catalog import (
    INDEX_TABLES,
    conversation,
    ledger_page,
    leg_naming,
    naming,
    naming_word,
    recording,
    refused_call,
)

# Rows that hang on nothing, in one transaction.
_AT_ONCE: Final = 500


def remove_recording(connection: Connection, tenant: int, row: int) -> None:
    """Delete a recording's rows; its conversation goes where nobody is left in it."""
    left = connection.scalar(
        select(recording.c.conversation).where(recording.c.tenant == tenant, recording.c.row == row)
    )
    note_leaving(connection, tenant, row)
    declassify(connection, tenant, row)
    namings = namings_of(connection, tenant, row)
    for table in INDEX_TABLES:
        if "recording" in table.c:
            of_it = (table.c.tenant == tenant, table.c.recording == row)
            connection.execute(delete(table).where(*of_it))
    connection.execute(
        delete(recording).where(recording.c.tenant == tenant, recording.c.row == row)
    )
    let_unused_go(connection, tenant, namings)
    if left is not None:
        _remove_empty(connection, tenant, int(left))


def _remove_empty(connection: Connection, tenant: int, row: int) -> None:
    """Take a conversation away with all names that lead to it, unless it has a recording."""
    others = select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.conversation == row
    )
    if connection.scalar(others.limit(1)) is None:
        of_tenant = conversation.c.tenant == tenant
        for named in (conversation.c.merged_into == row, conversation.c.row == row):
            connection.execute(delete(conversation).where(of_tenant, named))


def remove_orphans(engine: Engine) -> None:
    """Remove rows of recordings and pages that are not there; nobody waits during the search.

    Nothing that we do leaves any; whoever has the database may.
    """
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
    of_leg = select(leg_naming.c.row).where(
        leg_naming.c.tenant == naming.c.tenant, leg_naming.c.naming == naming.c.row
    )
    of_naming = select(naming.c.row).where(
        naming.c.tenant == naming_word.c.tenant, naming.c.row == naming_word.c.naming
    )
    return [
        *of_recordings,
        (refused_call, of_page.exists()),
        (naming, of_leg.exists()),
        (naming_word, of_naming.exists()),
    ]


def _orphans(engine: Engine, table: Table, hangs: ColumnElement[bool]) -> list[int]:
    with reading(engine) as connection:
        return list(connection.scalars(select(table.c.row).where(~hangs).limit(_AT_ONCE)))
