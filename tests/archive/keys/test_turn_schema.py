"""The tables and triggers that a turn needs, whoever changes the keystore after it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from archive.keys.schema import MIGRATIONS, open_database, statements
from archive.keys.turn_schema import TURN_MIGRATION

TRIGGERS = {"data_key_is_unbacked", "data_key_destroyed"}


def test_the_triggers_are_there_after_all_migrations(tmp_path: Path) -> None:
    """A later migration that makes `data_key` anew would drop them, and nobody would notice."""
    connection = open_database(tmp_path / "keystore.db")

    there = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    assert {name for (name,) in there} >= TRIGGERS


def test_an_older_keystore_keeps_its_epoch_and_what_refers_to_it(tmp_path: Path) -> None:
    """Every installation has one; its recordings hang on it."""
    path = tmp_path / "keystore.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for statement in statements(MIGRATIONS[0]):
            old.execute(statement)
        old.execute("INSERT INTO epoch VALUES (1, 7, x'00', 'current')")
        old.execute("INSERT INTO shard VALUES (1, zeroblob(16), 3, 1, x'01')")
        old.execute("PRAGMA user_version=1")
    connection = open_database(path)

    assert connection.execute("SELECT * FROM epoch").fetchall() == [(1, 7, b"\0", "current", None)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_trigger_is_one_statement() -> None:
    """There are semicolons in it."""
    found = [each for each in statements(TURN_MIGRATION) if "TRIGGER" in each]

    assert len(found) == len(TRIGGERS)
    assert all(each.strip().endswith("END;") for each in found)
