"""What is noted of a destruction, whoever carries it out."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.ids import RecordingId
from archive.keys.schema import MIGRATIONS, open_database
from archive.keys.tally import count_some, has_uncounted, tally_of
from archive.set_hash import SetHash
from archive.tombstone_digest import digest_of
from tests.archive.keys.turning import Turning


def test_a_recording_is_counted_once_whatever_it_had_of_keys(tmp_path: Path) -> None:
    """The number is that of recordings."""
    turning = Turning(tmp_path)
    header, _ = turning.adopt()
    turning.destroy(header)
    assert has_uncounted(turning.opened.connection)
    count_some(turning.opened.connection)

    assert tally_of(turning.opened.connection).members == 1
    assert not has_uncounted(turning.opened.connection)


def test_an_older_keystore_counts_anew_what_it_knows_to_be_destroyed(tmp_path: Path) -> None:
    """Each recording once, also one that was not counted yet; and how many keys each hold has."""
    path = tmp_path / "keystore.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("digest_of", 1, lambda raw: digest_of(RecordingId(raw)))
        for migration in MIGRATIONS[:-1]:
            connection.executescript(migration)
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS) - 1}")
        for key, own in ((1, 1), (2, 1), (3, 2)):
            row = (bytes([key]) * 16, digest_of(RecordingId(bytes([own]) * 16)))
            connection.execute("INSERT INTO destroyed VALUES (?, ?, 1, zeroblob(16))", row)
        connection.execute("INSERT INTO uncounted VALUES (?)", (b"\x02" * 16,))
        connection.execute("INSERT INTO hold VALUES (?, zeroblob(16), 1, 'active')", (b"h" * 16,))
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("INSERT INTO hold_key VALUES (?, ?)", (b"k" * 16, b"h" * 16))
    with closing(open_database(path)) as connection:
        count_some(connection)
        held = connection.execute("SELECT keys FROM hold").fetchall()

        digests = [digest_of(RecordingId(bytes([own]) * 16)) for own in (1, 2)]
        assert tally_of(connection) == SetHash().with_all(digests)
        assert held == [(1,)]
