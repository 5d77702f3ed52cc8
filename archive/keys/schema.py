"""The keystore's tables and how an older keystore becomes a newer one.

Knows nothing of what is wrapped in them.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from archive.ids import RecordingId
from archive.keys.database import Database
from archive.keys.errors import KeystoreNewer
from archive.keys.opening_schema import OPENING_MIGRATION
from archive.keys.rollback_schema import (
    COMPARISON_MIGRATION,
    FREED_MIGRATION,
    ROLLBACK_MIGRATION,
)
from archive.keys.turn_schema import TURN_MIGRATION
from archive.tombstone_digest import digest_of

# A second process (status on the command line) waits this long for a writer.
BUSY_TIMEOUT_S: Final = 5.0
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    # KiB. A key is asked for twice and then never again: more would only be full later.
    "cache_size=-512",
)

# A shard and an intake key have one row per epoch that wraps them: a turn writes the new wrap
# beside the old one. Days are counted from 1970-01-01 UTC.
#
# Step 2: a data key that is destroyed loses its row, for only a DELETE is something that a foreign
# key can forbid; what is left of it is in `destroyed`. See docs/guard.md.
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
    """
    CREATE TABLE destroyed (
        key_id BLOB PRIMARY KEY CHECK (length(key_id) = 16),
        recording_digest BLOB NOT NULL CHECK (length(recording_digest) = 32),
        at_us INTEGER NOT NULL,
        run BLOB NOT NULL CHECK (length(run) = 16)
    ) WITHOUT ROWID;
    INSERT INTO destroyed (key_id, recording_digest, at_us, run)
        SELECT key_id, digest_of(recording),
            coalesce(archived_us, adopted_us, created_us), zeroblob(16)
        FROM data_key WHERE state = 'destroyed';
    CREATE INDEX destroyed_recording ON destroyed (recording_digest);
    CREATE INDEX destroyed_in_run ON destroyed (run, recording_digest);
    CREATE TABLE census (
        tenant BLOB PRIMARY KEY,
        recordings INTEGER NOT NULL,
        keys INTEGER NOT NULL,
        destroyed_recordings INTEGER NOT NULL,
        destroyed_keys INTEGER NOT NULL
    ) WITHOUT ROWID;
    INSERT INTO census
        SELECT tenant,
            count(DISTINCT CASE WHEN state = 'destroyed' THEN NULL ELSE recording END),
            sum(state != 'destroyed'),
            count(DISTINCT CASE WHEN state = 'destroyed' THEN recording END),
            sum(state = 'destroyed')
        FROM data_key JOIN (SELECT DISTINCT id, tenant FROM shard) AS owner
            ON owner.id = data_key.shard
        GROUP BY tenant;
    CREATE TABLE kept_key (
        key_id BLOB PRIMARY KEY CHECK (length(key_id) = 16),
        recording BLOB NOT NULL,
        part INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        shard INTEGER NOT NULL,
        wrapped BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('live', 'adopted')),
        created_us INTEGER NOT NULL,
        adopted_us INTEGER,
        archived_us INTEGER,
        UNIQUE (recording, part, generation)
    ) WITHOUT ROWID;
    INSERT INTO kept_key SELECT * FROM data_key WHERE state != 'destroyed';
    DROP TABLE data_key;
    ALTER TABLE kept_key RENAME TO data_key;
    CREATE INDEX data_key_by_state ON data_key (state, created_us);
    CREATE TABLE fence (
        tenant BLOB PRIMARY KEY,
        generation INTEGER NOT NULL,
        placings INTEGER NOT NULL CHECK (placings >= 0)
    ) WITHOUT ROWID;
    CREATE TABLE hold (
        id BLOB PRIMARY KEY CHECK (length(id) = 16),
        tenant BLOB NOT NULL,
        generation INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('placing', 'active', 'ending'))
    ) WITHOUT ROWID;
    CREATE TABLE hold_key (
        key_id BLOB NOT NULL REFERENCES data_key (key_id) ON DELETE RESTRICT,
        hold BLOB NOT NULL REFERENCES hold (id) ON DELETE RESTRICT,
        PRIMARY KEY (key_id, hold)
    ) WITHOUT ROWID;
    CREATE INDEX hold_key_of ON hold_key (hold);
    CREATE TABLE plan (
        id BLOB PRIMARY KEY CHECK (length(id) = 16),
        tenant BLOB NOT NULL,
        digest BLOB NOT NULL,
        share_ppm INTEGER NOT NULL CHECK (share_ppm BETWEEN 0 AND 1000000),
        asked_us INTEGER NOT NULL,
        due_us INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'ended'))
    ) WITHOUT ROWID;
    CREATE TABLE planned (
        plan BLOB NOT NULL REFERENCES plan (id),
        recording BLOB NOT NULL,
        keys INTEGER NOT NULL CHECK (keys > 0),
        PRIMARY KEY (plan, recording)
    ) WITHOUT ROWID;
    CREATE TABLE spent (
        tenant BLOB NOT NULL,
        hour INTEGER NOT NULL,
        recordings INTEGER NOT NULL,
        PRIMARY KEY (tenant, hour)
    ) WITHOUT ROWID;
    CREATE TABLE clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        highest_us INTEGER NOT NULL
    );
    INSERT INTO clock (id, highest_us) VALUES (1, 0);
    """,
    TURN_MIGRATION,
    ROLLBACK_MIGRATION,
    FREED_MIGRATION,
    OPENING_MIGRATION,
    COMPARISON_MIGRATION,
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
    connection.create_function("digest_of", 1, _digest_of, deterministic=True)
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


def _digest_of(recording: bytes) -> bytes:
    return digest_of(RecordingId(recording))


def _migrate(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise KeystoreNewer(f"keystore version {version}; this program knows {len(MIGRATIONS)}")
        for migration in MIGRATIONS[version:]:
            for statement in statements(migration):
                connection.execute(statement)
        if version < len(MIGRATIONS):
            connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one; a trigger with what it does is one."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if statement.strip(" \n;") and sqlite3.complete_statement(statement):
            yield statement
            statement = ""
