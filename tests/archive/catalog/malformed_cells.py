"""Cells that hold what nobody can read: what each kind of column may be made to say.

Whoever writes them has the catalog's file, or its server.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Connection, Engine, Integer, LargeBinary, Table, insert

from archive.catalog.register.cells import JSON_TEXTS, WORDS
from archive.catalog.tables.catalog import catalog

# Of the rows that are made here alone; far from those that a database gives.
ROW: Final = 1_000_000
_TRIGGERS: Final = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_NUMBERS: Final = {
    "a word in a number": "'x'",
    "bytes in a number": "X'00'",
    "half a number": "1.5",
}
_TEXTS: Final = {
    "bytes in a text": "X'41'",
    "a NUL in a text": "CAST(X'4100' AS TEXT)",
    "a text that is no UTF-8": "CAST(X'41FF' AS TEXT)",
}
_BLOBS: Final = {
    "a text in bytes": "'x'",
    "a huge number in bytes": "9223372036854775807",
    "empty bytes": "X''",
}
# What PostgreSQL takes too.
CONTENTS: Final = {
    "a time before 1970": "-1",
    "a time behind the last year": "9000000000000000000",
    "an id of another length": "CAST('0011' AS BYTES)",
    "no JSON": "'{'",
    "an unknown word": "'x'",
}
KINDS: Final = (*_NUMBERS, *_TEXTS, *_BLOBS, *CONTENTS)


@dataclass(frozen=True, slots=True)
class Malformed:
    """A column, and the SQL expression that it is set to."""

    table: Table
    column: str
    expression: str

    def statement(self, row: int, of_bytes: str = "BLOB") -> str:
        """What sets it in one row; `of_bytes` is how the database calls them."""
        (key,) = self.table.primary_key
        expression = self.expression.replace("BYTES", of_bytes)
        return (
            f'UPDATE "{self.table.name}" SET "{self.column}" = {expression}'  # noqa: S608  # our own words
            f" WHERE {key.name} = {row}"
        )


def malformed(kind: str) -> Iterator[Malformed]:
    """Every column that may be malformed so."""
    for table in catalog.sorted_tables:
        for column in table.c:
            expression = _expression(column, kind)
            if expression and not column.primary_key:
                yield Malformed(table, column.name, expression)


def _expression(column: Column[object], kind: str) -> str:
    name = f"{column.table.name}.{column.name}"
    if isinstance(column.type, Integer):
        return _NUMBERS.get(kind, "") or _time(column, kind)
    if isinstance(column.type, LargeBinary):
        is_fixed = column.type.length is not None or kind != "an id of another length"
        return _BLOBS.get(kind, "") or (CONTENTS.get(kind, "") if is_fixed and "id" in kind else "")
    if (kind == "no JSON" and name in JSON_TEXTS) or (kind == "an unknown word" and name in WORDS):
        return CONTENTS[kind]
    return _TEXTS.get(kind, "")


def _time(column: Column[object], kind: str) -> str:
    is_time = column.name.endswith("_us") and not column.name.startswith("valid_")
    return CONTENTS[kind] if is_time and "time" in kind else ""


def malform(engine: Engine, cells: Mapping[Malformed, int]) -> None:
    """Set each in the row that is given; nothing that guards the catalog is in the way."""
    if engine.dialect.name == "sqlite":
        malform_file(str(engine.url.database), cells)
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("SET session_replication_role = replica")
        for each, row in cells.items():
            cursor.execute(each.statement(row, "bytea"))
        cursor.execute("SET session_replication_role = origin")
        raw.commit()
    finally:
        raw.close()


def malform_file(file: str, cells: Mapping[Malformed, int]) -> None:
    """The same in the file of an embedded catalog."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")
        for (name,) in connection.execute(_TRIGGERS).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for each, row in cells.items():
            connection.execute(each.statement(row))


def put_rows(connection: Connection) -> None:
    """A row in every table, which may lead to those of others."""
    for table in catalog.sorted_tables:
        values = {column.name: _value(column) for column in table.c}
        if table.name == "token":
            values["service"] = None
        connection.execute(insert(table), values)


def _value(column: Column[object]) -> object:
    name = f"{column.table.name}.{column.name}"
    if isinstance(column.type, Integer):
        return ROW if column.primary_key or column.foreign_keys else 1
    if isinstance(column.type, LargeBinary):
        return bytes(column.type.length or 1)
    if name in WORDS:
        return sorted(WORDS[name])[-1]
    return "{}" if name in JSON_TEXTS else "x"
