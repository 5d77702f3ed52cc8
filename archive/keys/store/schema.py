"""How the keystore's file is opened, and how an older keystore becomes a newer one.

Knows nothing of what its tables hold.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from archive.keys.errors import KeystoreNewer, KeystoreTooOld
from archive.keys.store.database import Database
from archive.keys.store.first_schema import FIRST_SCHEMA

# A second process (status on the command line) waits this long for a writer.
BUSY_TIMEOUT_S: Final = 5.0
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    # KiB. A key is asked for twice and then never again: more would only be full later.
    "cache_size=-512",
)

# Step by step what the keystore became, each frozen. Its version is the number of the last one.
MIGRATIONS: Final = (FIRST_SCHEMA,)
# Versions below are from before the first release: no step leads on from them.
FIRST_VERSION: Final = 100


def open_database(path: Path) -> sqlite3.Connection:
    """Open the keystore (mode 0600), made or brought up to date as needed.

    The connection may be used by one thread at a time, whichever it is.
    Raises `KeystoreNewer`, `KeystoreTooOld` or `sqlite3.Error`.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    _migrate(connection)
    # Only now: a table that others refer to can be made anew as long as they are off.
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


@contextmanager
def transaction(connection: Database) -> Iterator[None]:
    """All of it or nothing, and on disk when it ends."""
    connection.execute("BEGIN IMMEDIATE")
    with ExitStack() as undo:
        undo.callback(connection.execute, "ROLLBACK")
        yield
        undo.pop_all()
    connection.execute("COMMIT")


@contextmanager
def savepoint(connection: Database) -> Iterator[None]:
    """All of it or nothing, inside a transaction that goes on either way."""
    connection.execute("SAVEPOINT part")
    with ExitStack() as undo:
        undo.callback(connection.execute, "RELEASE SAVEPOINT part")
        undo.callback(connection.execute, "ROLLBACK TO SAVEPOINT part")
        yield
        undo.pop_all()
    connection.execute("RELEASE SAVEPOINT part")


def _migrate(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        newest = FIRST_VERSION + len(MIGRATIONS) - 1
        if 0 < version < FIRST_VERSION:
            raise KeystoreTooOld(f"keystore version {version}, from before the first release")
        if version > newest:
            raise KeystoreNewer(f"keystore version {version}; this program knows {newest}")
        taken = version - FIRST_VERSION + 1 if version else 0
        for migration in MIGRATIONS[taken:]:
            for statement in statements(migration):
                connection.execute(statement)
        if version < newest:
            connection.execute(f"PRAGMA user_version={newest}")


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one; a trigger with what it does is one."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if statement.strip(" \n;") and sqlite3.complete_statement(statement):
            yield statement
            statement = ""
