"""The first schema of the keystore: its tables, and the triggers that note what becomes of keys.

Frozen: what a later version changes is a step of its own. Knows nothing of what is wrapped in them.
"""

from typing import Final

FIRST_SCHEMA: Final = """
    -- Of an epoch, a shard and the pairs there is one row for each epoch that wraps them: a turn
    -- writes the new wrap beside the old one. `next` is the epoch to which a turn is under way.
    CREATE TABLE epoch (
        id INTEGER PRIMARY KEY,
        created_us INTEGER NOT NULL,
        wrapped_probe BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('next', 'current', 'past', 'destroyed')),
        destroyed_us INTEGER,
        CHECK ((state = 'destroyed') = (destroyed_us IS NOT NULL))
    );
    CREATE UNIQUE INDEX one_current_epoch ON epoch (state) WHERE state = 'current';
    CREATE UNIQUE INDEX one_next_epoch ON epoch (state) WHERE state = 'next';
    CREATE TABLE turn (
        epoch INTEGER PRIMARY KEY REFERENCES epoch (id),
        phase TEXT NOT NULL CHECK (phase IN ('wraps', 'backup', 'old_wraps')),
        begun_us INTEGER NOT NULL,
        total INTEGER NOT NULL
    );
    -- Days are counted from 1970-01-01 UTC.
    CREATE TABLE shard (
        id INTEGER NOT NULL,
        tenant BLOB NOT NULL,
        day INTEGER NOT NULL,
        epoch INTEGER NOT NULL REFERENCES epoch (id),
        wrapped_key BLOB NOT NULL,
        PRIMARY KEY (id, epoch)
    );
    CREATE INDEX shard_of_day ON shard (tenant, day, epoch);
    -- A data key that is destroyed loses its row, for only a DELETE is something that a foreign key
    -- can forbid; what is left of it is in `destroyed`. See docs/guard.md.
    CREATE TABLE data_key (
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
    CREATE INDEX data_key_by_state ON data_key (state, created_us);
    CREATE INDEX data_key_by_shard ON data_key (shard);
    CREATE TABLE destroyed (
        key_id BLOB PRIMARY KEY CHECK (length(key_id) = 16),
        recording_digest BLOB NOT NULL CHECK (length(recording_digest) = 32),
        at_us INTEGER NOT NULL,
        run BLOB NOT NULL CHECK (length(run) = 16)
    ) WITHOUT ROWID;
    CREATE INDEX destroyed_recording ON destroyed (recording_digest);
    CREATE INDEX destroyed_in_run ON destroyed (run, recording_digest);
    CREATE TABLE intake_key (
        id BLOB NOT NULL,
        suite INTEGER NOT NULL,
        epoch INTEGER NOT NULL REFERENCES epoch (id),
        wrapped_seeds BLOB,
        public BLOB NOT NULL,
        created_us INTEGER NOT NULL,
        destroyed_us INTEGER,
        used_epoch INTEGER,
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

    -- A shard is touched once a key of it was destroyed; a key is unbacked until a verified
    -- keystore backup holds it.
    CREATE TABLE touched_shard (shard INTEGER PRIMARY KEY);
    CREATE TABLE unbacked (key_id BLOB PRIMARY KEY) WITHOUT ROWID;
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
    CREATE TABLE spool_report (
        epoch INTEGER NOT NULL,
        at_us INTEGER NOT NULL
    );
    CREATE TABLE spool_intake (
        intake_key BLOB PRIMARY KEY,
        parts INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE census (
        tenant BLOB PRIMARY KEY,
        recordings INTEGER NOT NULL,
        keys INTEGER NOT NULL,
        destroyed_recordings INTEGER NOT NULL,
        destroyed_keys INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE fence (
        tenant BLOB PRIMARY KEY,
        generation INTEGER NOT NULL,
        placings INTEGER NOT NULL CHECK (placings >= 0)
    ) WITHOUT ROWID;
    -- `keys`: how many it keeps, counted with each, so that a keystore that knows fewer is seen.
    CREATE TABLE hold (
        id BLOB PRIMARY KEY CHECK (length(id) = 16),
        tenant BLOB NOT NULL,
        generation INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('placing', 'active', 'ending')),
        keys INTEGER NOT NULL DEFAULT 0
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

    -- So that an older keystore in the place of this one is seen. `what`: the id of a recording
    -- (16 bytes) or its digest (32) until it is counted.
    CREATE TABLE uncounted (what BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE tally (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        recordings INTEGER NOT NULL,
        total BLOB NOT NULL CHECK (length(total) = 2048)
    );
    INSERT INTO tally VALUES (1, 0, zeroblob(2048));
    CREATE TRIGGER recording_destroyed AFTER DELETE ON data_key BEGIN
        INSERT OR IGNORE INTO uncounted VALUES (old.recording);
    END;
    -- Whenever two persons opened it with less than was counted: never deleted. `journal` is the
    -- place of the catalog's entry that says who they were; `counted` is NULL where nobody could
    -- say; `confirmed`: how many were destroyed again on the word of two persons alone.
    CREATE TABLE freed (
        id INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        known INTEGER NOT NULL,
        counted INTEGER,
        journal INTEGER NOT NULL,
        confirmed INTEGER NOT NULL DEFAULT 0
    );

    -- The entries under which keys were opened. `number` has no gaps: one that is missing was taken
    -- away. `at_us` is the entry's own time in `opening_entry`, and that of the first opening in
    -- `opening`.
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
