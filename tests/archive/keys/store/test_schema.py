"""The keystore's database: how it is opened, brought up to date, and what it never allows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.keys.errors import KeystoreNewer, KeystoreTooOld
from archive.keys.store import schema
from archive.keys.store.schema import (
    FIRST_VERSION,
    MIGRATIONS,
    open_database,
    savepoint,
    transaction,
)

EPOCH = "INSERT INTO epoch VALUES (1, 7, x'00', 'current', NULL)"


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def test_a_new_keystore_is_private_durable_and_wipes_what_it_deletes(tmp_path: Path) -> None:
    """A wrapped key that stays in a free page could be brought back after its destruction."""
    path = tmp_path / "keystore.db"
    connection = open_database(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert version_of(path) == FIRST_VERSION


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


@pytest.mark.parametrize("version", [1, 7, 99])
def test_a_keystore_from_before_the_first_release_is_refused(tmp_path: Path, version: int) -> None:
    """And left as it is: the version that made it opens what it holds."""
    path = tmp_path / "keystore.db"
    with closing(open_database(path)) as connection:
        connection.execute(EPOCH)
        connection.execute(f"PRAGMA user_version={version}")

    with pytest.raises(KeystoreTooOld, match=f"keystore version {version}"):
        open_database(path)
    assert version_of(path) == version


def with_a_second_step(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A later version, made up."""
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, step))


def test_a_second_step_changes_what_the_first_one_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that others refer to is made anew, with its rows; this version then refuses it."""
    path = tmp_path / "keystore.db"
    with closing(open_database(path)) as connection:
        connection.execute(EPOCH)
        connection.execute("INSERT INTO shard VALUES (1, zeroblob(16), 3, 1, x'01')")
    again = "CREATE TABLE now AS SELECT * FROM epoch; DROP TABLE epoch;"
    with_a_second_step(monkeypatch, f"{again} ALTER TABLE now RENAME TO epoch;")
    with closing(open_database(path)) as connection:
        assert connection.execute("SELECT * FROM epoch").fetchall() == [
            (1, 7, b"\0", "current", None)
        ]
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert version_of(path) == FIRST_VERSION + 1
    open_database(path).close()
    monkeypatch.undo()

    with pytest.raises(KeystoreNewer):
        open_database(path)


def test_a_second_step_that_breaks_off_leaves_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start begins it again."""
    path = tmp_path / "keystore.db"
    with closing(open_database(path)) as connection:
        connection.execute(EPOCH)
    with_a_second_step(monkeypatch, "DELETE FROM epoch; INSERT INTO no_such_table VALUES (1);")

    with pytest.raises(sqlite3.OperationalError, match="no_such_table"):
        open_database(path)
    monkeypatch.undo()
    with closing(open_database(path)) as connection:
        assert connection.execute("SELECT count(*) FROM epoch").fetchone() == (1,)


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
