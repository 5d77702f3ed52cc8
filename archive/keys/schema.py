"""The keystore's tables and how an older keystore becomes a newer one.

Knows nothing of what is wrapped in them.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from archive.keys.errors import KeystoreNewer

# A second process (status on the command line) waits this long for a writer.
BUSY_TIMEOUT_S: Final = 5.0
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    # KiB. A key is asked for twice and then never again: more would only be full later.
    "cache_size=-512",
)

# A shard and an intake key have one row per epoch that wraps them: a turn writes the new wrap
# beside the old one. A destroyed data key keeps its row, without a key, so that it cannot return.
# Days are counted from 1970-01-01 UTC.
MIGRATIONS: Final = (
    """
    CREATE TABLE epoch (
        id INTEGER PRIMARY KEY,
        created_us INTEGER NOT NULL,
        wrapped_probe BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('current', 'past', 'destroyed'))
    );
    CREATE UNIQUE INDEX one_current_epoch ON epoch (state) WHERE state = 'current';
    CREATE TABLE shard (
        id INTEGER NOT NULL,
        tenant BLOB NOT NULL,
        day INTEGER NOT NULL,
        epoch INTEGER NOT NULL REFERENCES epoch (id),
        wrapped_key BLOB NOT NULL,
        PRIMARY KEY (id, epoch)
    );
    CREATE INDEX shard_of_day ON shard (tenant, day, epoch);
    CREATE TABLE data_key (
        key_id BLOB PRIMARY KEY CHECK (length(key_id) = 16),
        recording BLOB NOT NULL,
        part INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        shard INTEGER NOT NULL,
        wrapped BLOB,
        state TEXT NOT NULL CHECK (state IN ('live', 'adopted', 'destroyed')),
        created_us INTEGER NOT NULL,
        adopted_us INTEGER,
        archived_us INTEGER,
        CHECK ((state = 'destroyed') = (wrapped IS NULL)),
        UNIQUE (recording, part, generation)
    ) WITHOUT ROWID;
    CREATE INDEX data_key_by_state ON data_key (state, created_us);
    CREATE TABLE intake_key (
        id BLOB NOT NULL,
        suite INTEGER NOT NULL,
        epoch INTEGER NOT NULL REFERENCES epoch (id),
        wrapped_seeds BLOB,
        public BLOB NOT NULL,
        created_us INTEGER NOT NULL,
        destroyed_us INTEGER,
        CHECK ((destroyed_us IS NULL) = (wrapped_seeds IS NOT NULL)),
        PRIMARY KEY (id, epoch)
    );
    CREATE TABLE signing_key (
        public BLOB NOT NULL,
        epoch INTEGER NOT NULL REFERENCES epoch (id),
        wrapped_seed BLOB NOT NULL,
        created_us INTEGER NOT NULL,
        PRIMARY KEY (public, epoch)
    );
    CREATE TABLE opened (
        id INTEGER PRIMARY KEY,
        role TEXT NOT NULL,
        key_id BLOB NOT NULL,
        reason TEXT NOT NULL,
        journal_id INTEGER NOT NULL,
        at_us INTEGER NOT NULL
    );
    """,
)


def open_database(path: Path) -> sqlite3.Connection:
    """Open the keystore (mode 0600), made or brought up to date as needed.

    The connection may be used by one thread at a time, whichever it is.
    Raises `KeystoreNewer` or `sqlite3.Error`.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    _migrate(connection)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, and on disk when it ends."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _migrate(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise KeystoreNewer(f"keystore version {version}; this program knows {len(MIGRATIONS)}")
        for migration in MIGRATIONS[version:]:
            for statement in filter(str.strip, migration.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
