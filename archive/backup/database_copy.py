"""A copy of an SQLite database that is in use, of one moment, and whether a copy is whole.

Knows nothing of what is in it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archive.backup.errors import SetUnverified

COPY_MODE = 0o600


@contextmanager
def copied(source: Path, target: Path) -> Iterator[sqlite3.Connection]:
    """Copy a database to a new file of its own mode; what the block changes is in the copy alone.

    Raises `sqlite3.Error`, `OSError`.
    """
    target.unlink(missing_ok=True)
    target.touch(mode=COPY_MODE)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        yield copy


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy to look at it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def check_pages(connection: sqlite3.Connection) -> None:
    """Raise `SetUnverified` where the database is damaged."""
    (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise SetUnverified(f"the database is damaged: {said}")
