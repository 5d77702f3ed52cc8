"""What the guard needs of a database."""

import sqlite3

from archive.keys.store.database import Database


def test_a_connection_of_sqlite_is_one() -> None:
    """Statements with named values, rows, and how many were changed."""
    database: Database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY)")

    assert database.execute("INSERT INTO thing (id) VALUES (:id)", {"id": 3}).rowcount == 1
    assert database.execute("SELECT id FROM thing").fetchall() == [(3,)]
    assert database.execute("SELECT id FROM thing WHERE id = :id", {"id": 4}).fetchone() is None
