"""Copies of a database in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.backup.database_copy import check_pages, copied, read_only
from archive.backup.errors import SetUnverified


def test_a_copy_has_what_was_committed_and_no_more(tmp_path: Path) -> None:
    """Somebody else is writing all the while."""
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as live:
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("CREATE TABLE t (x)")
        live.execute("INSERT INTO t VALUES (1)")
        live.execute("BEGIN")
        live.execute("INSERT INTO t VALUES (2)")
        with copied(tmp_path / "a.db", tmp_path / "b.db"):
            pass
        live.execute("COMMIT")

    with read_only(tmp_path / "b.db") as copy:
        assert copy.execute("SELECT x FROM t").fetchall() == [(1,)]
        check_pages(copy)
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600


def test_a_damaged_page_is_found_out(tmp_path: Path) -> None:
    """Before anybody relies on it."""
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as live:
        live.execute("CREATE TABLE t (x)")
        live.executemany("INSERT INTO t VALUES (?)", [(bytes(1_000),)] * 20)
    content = bytearray((tmp_path / "a.db").read_bytes())
    content[4096:4200] = bytes(104)
    (tmp_path / "a.db").write_bytes(content)

    with (
        read_only(tmp_path / "a.db") as copy,
        pytest.raises((SetUnverified, sqlite3.DatabaseError)),
    ):
        check_pages(copy)
