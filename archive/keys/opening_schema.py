"""What a keystore needs to remember the entries under which keys were opened, as a migration.

Knows nothing of what is judged. The table `opened` has what came before, and is left as it is.
"""

from typing import Final

# `number` has no gaps: one that is missing was taken away. `at_us` is the entry's own time in
# `opening_entry`, and that of the first opening in `opening`.
OPENING_MIGRATION: Final = """
    CREATE TABLE opening_entry (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        act TEXT NOT NULL,
        at_us INTEGER NOT NULL
    );
    CREATE TABLE opening (
        entry INTEGER NOT NULL REFERENCES opening_entry (number),
        key_id BLOB NOT NULL,
        role TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        PRIMARY KEY (entry, key_id)
    ) WITHOUT ROWID;
"""
