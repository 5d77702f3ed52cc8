"""What the guard needs of a database: to execute a statement with named values.

Knows nothing of SQLite's own ways; a connection of `sqlite3` is one, and tests have others.
"""

from collections.abc import Mapping
from typing import Any, Protocol

SqlValue = bytes | str | int | None
Values = dict[str, SqlValue]


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """The next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """All rows."""


class Database(Protocol):
    """A connection that is in no transaction unless told so."""

    def execute(self, sql: str, parameters: Mapping[str, SqlValue] = ..., /) -> Rows:
        """Run one statement; its values are named `:name`."""
