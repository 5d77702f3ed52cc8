"""Errors of a database's file."""

import sqlite3
from pathlib import Path

import pytest

from archive.disk.sqlite_file import is_of_the_file


def test_what_is_said_of_the_file_is_told_from_what_is_said_of_a_statement(tmp_path: Path) -> None:
    """A mistake of ours must not look like a broken disk, nor the other way round."""
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all, though long enough to look at" * 100)
    with pytest.raises(sqlite3.DatabaseError) as of_file:
        sqlite3.connect(broken).execute("SELECT * FROM anything")
    with pytest.raises(sqlite3.OperationalError) as of_path:
        sqlite3.connect(tmp_path / "nowhere" / "at.db")
    with pytest.raises(sqlite3.OperationalError) as of_statement:
        sqlite3.connect(":memory:").execute("SELECT * FROM anything")

    assert is_of_the_file(of_file.value)
    assert is_of_the_file(of_path.value)
    assert not is_of_the_file(of_statement.value)
    assert not is_of_the_file(ValueError())
