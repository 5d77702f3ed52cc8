"""What a keystore needs so that its epochs can turn, as one of its migrations.

Knows nothing of what is wrapped. Triggers keep what a turn must know of other people's changes.
"""

from typing import Final

# `next` is the epoch to which a turn is under way. SQLite cannot change a CHECK: the table is made
# anew, with foreign keys switched off. A shard is touched once a key of it was destroyed; a key is
# unbacked until a verified keystore backup holds it.
TURN_MIGRATION: Final = """
    CREATE TABLE epoch_now (
        id INTEGER PRIMARY KEY,
        created_us INTEGER NOT NULL,
        wrapped_probe BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('next', 'current', 'past', 'destroyed')),
        destroyed_us INTEGER,
        CHECK ((state = 'destroyed') = (destroyed_us IS NOT NULL))
    );
    INSERT INTO epoch_now SELECT id, created_us, wrapped_probe, state, NULL FROM epoch;
    DROP TABLE epoch;
    ALTER TABLE epoch_now RENAME TO epoch;
    CREATE UNIQUE INDEX one_current_epoch ON epoch (state) WHERE state = 'current';
    CREATE UNIQUE INDEX one_next_epoch ON epoch (state) WHERE state = 'next';
    CREATE TABLE turn (
        epoch INTEGER PRIMARY KEY REFERENCES epoch (id),
        phase TEXT NOT NULL CHECK (phase IN ('wraps', 'backup', 'old_wraps')),
        begun_us INTEGER NOT NULL,
        total INTEGER NOT NULL
    );
    CREATE INDEX data_key_by_shard ON data_key (shard);
    CREATE TABLE touched_shard (shard INTEGER PRIMARY KEY);
    CREATE TABLE unbacked (key_id BLOB PRIMARY KEY) WITHOUT ROWID;
    INSERT INTO unbacked SELECT key_id FROM data_key;
    CREATE TRIGGER data_key_is_unbacked AFTER INSERT ON data_key BEGIN
        INSERT OR IGNORE INTO unbacked VALUES (new.key_id);
    END;
    CREATE TRIGGER data_key_destroyed AFTER DELETE ON data_key BEGIN
        INSERT OR IGNORE INTO touched_shard VALUES (old.shard);
        DELETE FROM unbacked WHERE key_id = old.key_id;
    END;
    CREATE TABLE keystore_set (
        name TEXT PRIMARY KEY,
        epoch INTEGER NOT NULL REFERENCES epoch (id),
        made_us INTEGER NOT NULL,
        keys INTEGER NOT NULL
    );
    ALTER TABLE intake_key ADD COLUMN used_epoch INTEGER;
    CREATE TABLE spool_report (
        epoch INTEGER NOT NULL,
        at_us INTEGER NOT NULL
    );
    CREATE TABLE spool_intake (
        intake_key BLOB PRIMARY KEY,
        parts INTEGER NOT NULL
    ) WITHOUT ROWID;
"""
