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
# A hash in the place of the plain sum: all is counted anew. `keys`: how many a hold keeps, counted
# with each, so that a keystore that knows fewer is seen. `confirmed`: how many were destroyed again
# on the word of two persons alone.
COMPARISON_MIGRATION: Final = """
    DROP TABLE tally;
    CREATE TABLE tally (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        recordings INTEGER NOT NULL,
        total BLOB NOT NULL CHECK (length(total) = 2048)
    );
    INSERT INTO tally VALUES (1, 0, zeroblob(2048));
    DELETE FROM uncounted;
    INSERT INTO uncounted SELECT DISTINCT recording_digest FROM destroyed;
    ALTER TABLE freed ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE hold ADD COLUMN keys INTEGER NOT NULL DEFAULT 0;
    UPDATE hold SET keys = (SELECT count(*) FROM hold_key WHERE hold_key.hold = hold.id);
"""
