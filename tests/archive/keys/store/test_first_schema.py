"""The keystore's first schema: that its triggers are there, whole."""

from pathlib import Path

from archive.keys.store.first_schema import FIRST_SCHEMA
from archive.keys.store.schema import open_database, statements

TRIGGERS = {"data_key_is_unbacked", "data_key_destroyed", "recording_destroyed"}


def test_the_triggers_are_there_after_all_migrations(tmp_path: Path) -> None:
    """A later migration that makes `data_key` anew would drop them, and nobody would notice."""
    connection = open_database(tmp_path / "keystore.db")

    there = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    assert {name for (name,) in there} >= TRIGGERS


def test_a_trigger_is_one_statement() -> None:
    """There are semicolons in it."""
    found = [each for each in statements(FIRST_SCHEMA) if "TRIGGER" in each]

    assert len(found) == len(TRIGGERS)
    assert all(each.strip().endswith("END;") for each in found)
