"""What a keystore of a former version becomes."""

import sqlite3
from pathlib import Path

from archive.ids import ID_BYTES, KeyId, RecordingId
from archive.keys.openings import Openings, WantedKey
from archive.keys.schema import MIGRATIONS, open_database
from tests.archive.keys.entries import entry_text
from tests.archive.keys.scene import NOW_US

OWN = RecordingId(b"r" * ID_BYTES)
_BEFORE = """
CREATE TABLE opened (id INTEGER PRIMARY KEY, role, key_id, reason, journal_id, at_us);
INSERT INTO opened VALUES (1, 'api', x'00', 'quality', 999999999, 5);
"""


def test_an_older_keystore_remembers_entries_from_its_first_start_on(tmp_path: Path) -> None:
    """What it had opened before is counted: those openings have no digest."""
    path = tmp_path / "keystore.db"
    before = sqlite3.connect(path)
    before.executescript(_BEFORE)
    before.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
    before.close()

    openings = Openings(open_database(path), lambda: NOW_US)
    openings.allow("api", WantedKey(KeyId(bytes(ID_BYTES)), OWN), entry_text(OWN, at_us=NOW_US))

    listed = openings.listed(0)
    assert (listed.earlier, len(listed.rows), listed.last) == (1, 1, 1)
