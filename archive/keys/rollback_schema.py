"""What a keystore needs so that an older one in its place is seen, as one of its migrations.

Knows nothing of what is compared. A trigger notes each recording of which a key was destroyed.
"""

from typing import Final

# `what`: the id of a recording (16 bytes) or its digest (32) until it is counted.
ROLLBACK_MIGRATION: Final = """
    CREATE TABLE uncounted (what BLOB PRIMARY KEY) WITHOUT ROWID;
    INSERT INTO uncounted SELECT DISTINCT recording_digest FROM destroyed;
    CREATE TABLE tally (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        recordings INTEGER NOT NULL,
        total BLOB NOT NULL CHECK (length(total) = 32)
    );
    INSERT INTO tally VALUES (1, 0, zeroblob(32));
    CREATE TRIGGER recording_destroyed AFTER DELETE ON data_key BEGIN
        INSERT OR IGNORE INTO uncounted VALUES (old.recording);
    END;
"""
# Whenever two persons opened it with less than was counted: never deleted. `journal` is the place
# of the catalog's entry that says who they were; `counted` is NULL where nobody could say.
FREED_MIGRATION: Final = """
    CREATE TABLE freed (
        id INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        known INTEGER NOT NULL,
        counted INTEGER,
        journal INTEGER NOT NULL
    );
"""
