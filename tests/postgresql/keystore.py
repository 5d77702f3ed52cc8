"""The keystore's tables in PostgreSQL, and a connection that runs the guard's statements there.

What PostgreSQL needs beyond them is here in one place: its locks. Nothing of Rokuon runs so yet.
"""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg
from sqlalchemy.engine import make_url

from archive.keys.store import statements
from archive.keys.store.database import Database, Rows, SqlValue
from archive.keys.store.schema import open_database

# Each behind those that it refers to.
_TABLES: Final = (
    *("epoch", "shard", "data_key", "destroyed", "fence", "hold", "hold_key"),
    *("plan", "planned", "census", "spent", "clock"),
)
_TYPES: Final = {"BLOB": "bytea", "INTEGER": "bigint", "WITHOUT ROWID": ""}
NOTHING: Final[Mapping[str, SqlValue]] = {}


@dataclass(slots=True)
class PostgresqlDatabase:
    """A connection as the guard wants it; without `locks` it reads the fence as anybody does."""

    connection: psycopg.Connection[tuple[Any, ...]]
    locks: bool = True

    def execute(self, sql: str, parameters: Mapping[str, SqlValue] = NOTHING, /) -> Rows:
        statement = re.sub(r":(\w+)", r"%(\1)s", self._with_locks(sql))
        try:
            return self.connection.execute(statement.encode(), parameters)
        except psycopg.errors.IntegrityError as refused:
            raise sqlite3.IntegrityError(str(refused)) from refused

    def _with_locks(self, sql: str) -> str:
        if sql == "BEGIN IMMEDIATE":
            return "BEGIN"
        if sql.endswith(statements.UNLESS_HELD):
            rows = sql.removesuffix(statements.UNLESS_HELD)
            return f"{rows} FOR KEY SHARE OF data_key{statements.UNLESS_HELD}"
        if sql == statements.LOCK_FENCE and self.locks and self._is_in_transaction:
            return f"{sql} FOR SHARE"
        return sql

    @property
    def _is_in_transaction(self) -> bool:
        return self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE


def connect(url: str, *, locks: bool = True) -> PostgresqlDatabase:
    """Connect to a database by its SQLAlchemy URL."""
    given = make_url(url)
    host = given.query["host"]
    assert isinstance(host, str)
    connection = psycopg.connect(
        host=host, user=given.username, dbname=given.database, autocommit=True
    )
    return PostgresqlDatabase(connection, locks)


def make_tables(database: Database) -> None:
    """The guard's tables and indexes as SQLite ends up with them, in PostgreSQL's words."""
    with TemporaryDirectory() as folder:
        ours = open_database(Path(folder) / "keystore.db")
        for table in _TABLES:
            made = ours.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
                " AND type IN ('table', 'index') ORDER BY type DESC",
                (table,),
            ).fetchall()
            for (statement,) in made:
                database.execute(_translated(statement))
        ours.close()
    database.execute("INSERT INTO clock (id, highest_us) VALUES (1, 0)")


def _translated(statement: str) -> str:
    for ours, theirs in _TYPES.items():
        statement = re.sub(rf"\b{ours}\b", theirs, statement)
    return statement
