"""The keystore's database: how it is opened, brought up to date, and what it never allows."""

import sqlite3
from pathlib import Path

import pytest

from archive.ids import RecordingId
from archive.keys.errors import KeystoreNewer
from archive.keys.schema import MIGRATIONS, open_database, savepoint, transaction
from archive.tombstone_digest import digest_of


def test_a_new_keystore_is_private_durable_and_wipes_what_it_deletes(tmp_path: Path) -> None:
    """A wrapped key that stays in a free page could be brought back after its destruction."""
    path = tmp_path / "keystore.db"
    connection = open_database(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_its_cache_is_full_within_minutes(tmp_path: Path) -> None:
    """What is only full after weeks looks like a leak until then, and nobody asks twice."""
    (kib,) = open_database(tmp_path / "keystore.db").execute("PRAGMA cache_size").fetchone()

    assert -1_024 <= kib < 0


def test_opening_again_migrates_nothing(tmp_path: Path) -> None:
    """A restart is not an upgrade."""
    open_database(tmp_path / "keystore.db").close()

    assert open_database(tmp_path / "keystore.db").execute("SELECT * FROM epoch").fetchall() == []


def test_a_keystore_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """An older program would not know which keys are destroyed."""
    connection = open_database(tmp_path / "keystore.db")
    connection.execute("PRAGMA user_version=999")
    connection.close()

    with pytest.raises(KeystoreNewer):
        open_database(tmp_path / "keystore.db")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Half an adoption would be a shard without its key, or a key without its shard."""
    connection = open_database(tmp_path / "keystore.db")

    def fail_halfway() -> None:
        with transaction(connection):
            connection.execute("INSERT INTO epoch VALUES (1, 0, x'00', 'current', NULL)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert connection.execute("SELECT count(*) FROM epoch").fetchone() == (0,)


@pytest.mark.parametrize("row", ["NULL, 'live'", "NULL, 'adopted'", "x'11', 'destroyed'"])
def test_the_database_itself_refuses_a_key_in_the_wrong_state(tmp_path: Path, row: str) -> None:
    """A row is a key that is there: what is destroyed has none."""
    connection = open_database(tmp_path / "keystore.db")

    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"  # noqa: S608 - the rows above
            f" created_us) VALUES (zeroblob(16), x'00', 0, 0, 1, {row}, 0)"
        )


_FIRST_VERSION = """
INSERT INTO epoch VALUES (1, 0, x'00', 'past');
INSERT INTO epoch VALUES (2, 0, x'00', 'current');
INSERT INTO shard VALUES (1, x'0A', 0, 1, x'00');
INSERT INTO shard VALUES (1, x'0A', 0, 2, x'00');
INSERT INTO shard VALUES (2, x'0B', 0, 2, x'00');
INSERT INTO data_key VALUES (
    x'00000000000000000000000000000001',
    x'00000000000000000000000000000001', 0, 0, 1, x'11', 'adopted', 5, 6, 7);
INSERT INTO data_key VALUES (
    x'00000000000000000000000000000002',
    x'00000000000000000000000000000001', 1, 0, 1, x'22', 'live', 5, NULL, NULL);
INSERT INTO data_key VALUES (
    x'00000000000000000000000000000003',
    x'00000000000000000000000000000002', 0, 0, 1, NULL, 'destroyed', 5, 6, NULL);
INSERT INTO data_key VALUES (
    x'00000000000000000000000000000004',
    x'00000000000000000000000000000003', 0, 0, 2, x'44', 'adopted', 5, 6, NULL);
"""


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A keystore as the first version left it, with a key destroyed."""
    path = tmp_path / "keystore.db"
    connection = sqlite3.connect(path)
    connection.executescript(MIGRATIONS[0] + _FIRST_VERSION + "PRAGMA user_version = 1;")
    connection.close()
    return path


def test_an_older_keystore_keeps_its_keys(first_version: Path) -> None:
    """Wraps, states and times as they were; only what was destroyed has lost its row."""
    rows = open_database(first_version).execute("SELECT * FROM data_key").fetchall()

    assert rows == [
        (some_id(1), some_id(1), 0, 0, 1, b"\x11", "adopted", 5, 6, 7),
        (some_id(2), some_id(1), 1, 0, 1, b"\x22", "live", 5, None, None),
        (some_id(4), some_id(3), 0, 0, 2, b"\x44", "adopted", 5, 6, None),
    ]


def test_an_older_keystore_still_knows_what_it_destroyed(first_version: Path) -> None:
    """And counts what it has, once for each key however many epochs wrap its shard."""
    connection = open_database(first_version)

    assert connection.execute("SELECT * FROM destroyed").fetchall() == [
        (some_id(3), digest_of(RecordingId(some_id(2))), 6, bytes(16))
    ]
    assert connection.execute("SELECT * FROM census").fetchall() == [
        (b"\x0a", 1, 2, 1, 1),
        (b"\x0b", 1, 1, 0, 0),
    ]


def some_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def test_a_savepoint_that_fails_takes_nothing_else_along(tmp_path: Path) -> None:
    """One held recording of a batch."""
    connection = open_database(tmp_path / "keystore.db")

    def fail_in_the_middle() -> None:
        with savepoint(connection):
            connection.execute("INSERT INTO epoch VALUES (2, 0, x'00', 'past', NULL)")
            raise ZeroDivisionError

    with transaction(connection):
        connection.execute("INSERT INTO epoch VALUES (1, 0, x'00', 'past', NULL)")
        with pytest.raises(ZeroDivisionError):
            fail_in_the_middle()
        with savepoint(connection):
            connection.execute("INSERT INTO epoch VALUES (3, 0, x'00', 'past', NULL)")
    assert connection.execute("SELECT id FROM epoch").fetchall() == [(1,), (3,)]
