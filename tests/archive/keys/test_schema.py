"""The keystore's database: how it is opened, brought up to date, and what it never allows."""

import sqlite3
from pathlib import Path

import pytest

from archive.keys.errors import KeystoreNewer
from archive.keys.schema import MIGRATIONS, open_database, transaction


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
            connection.execute("INSERT INTO epoch VALUES (1, 0, x'00', 'current')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert connection.execute("SELECT count(*) FROM epoch").fetchone() == (0,)


@pytest.mark.parametrize("row", ["x'11', 'destroyed'", "NULL, 'live'", "NULL, 'adopted'"])
def test_the_database_itself_refuses_a_key_in_the_wrong_state(tmp_path: Path, row: str) -> None:
    """Destroyed means without a key, and nothing else does."""
    connection = open_database(tmp_path / "keystore.db")

    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(
            "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"  # noqa: S608 - the rows above
            f" created_us) VALUES (zeroblob(16), x'00', 0, 0, 1, {row}, 0)"
        )
