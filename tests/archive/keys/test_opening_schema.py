"""What a keystore of a former version becomes."""

import sqlite3
from pathlib import Path

from archive.ids import ID_BYTES, KeyId, RecordingId
from archive.keys.opening_schema import OPENING_MIGRATION
from archive.keys.openings import Openings, WantedKey
from archive.keys.schema import MIGRATIONS, open_database
from archive.tombstone_digest import digest_of
from tests.archive.keys.entries import entry_text
from tests.archive.keys.scene import NOW_US

OWN = RecordingId(b"r" * ID_BYTES)


def test_an_older_keystore_remembers_entries_from_its_first_start_on(tmp_path: Path) -> None:
    """What it had opened before is counted: those openings have no digest."""
    path = tmp_path / "keystore.db"
    before = sqlite3.connect(path)
    version = MIGRATIONS.index(OPENING_MIGRATION)
    before.create_function("digest_of", 1, lambda raw: digest_of(RecordingId(raw)))
    for migration in MIGRATIONS[:version]:
        before.executescript(migration)
    before.execute("INSERT INTO opened VALUES (1, 'api', x'00', 'quality', 999999999, 5)")
    before.execute(f"PRAGMA user_version = {version}")
    before.commit()
    before.close()

    openings = Openings(open_database(path), lambda: NOW_US)
    openings.allow("api", WantedKey(KeyId(bytes(ID_BYTES)), OWN), entry_text(OWN, at_us=NOW_US))

    listed = openings.listed(0)
    assert (listed.earlier, len(listed.rows), listed.last) == (1, 1, 1)
