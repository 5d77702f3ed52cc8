"""Slack of an SQLite database: bytes of its pages that belong to no row, overwritten with zeros.

`secure_delete` overwrites a row where it is deleted. When a page of a b-tree overflows, rows move
to another page, and their old bytes stay behind between its cells, where no delete finds them.
Knows the layout of pages (sqlite.org/fileformat2.html, 1.6), nothing of tables.
"""

import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Byte 0 of a page of a b-tree (interior or leaf, of an index or a table), and its header's length.
_HEADER_BYTES: Final = {2: 12, 5: 12, 10: 8, 13: 8}
# The first page begins with the header of the file.
_FILE_HEADER_BYTES: Final = 100
# Every other kind of page begins with a page's number or is empty: byte 0 of a smaller one is 0, 1.
MAX_PAGES: Final = 2 << 24
_HEADER: Final = struct.Struct(">BHHHB")
_FREE_BLOCK: Final = struct.Struct(">HH")
_PAGES: Final = "SELECT pgno, data FROM sqlite_dbpage WHERE pgno BETWEEN ? AND ?"
_WRITE: Final = "UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?"
# A transaction's worth: a few milliseconds.
PAGES_A_STEP: Final = 128


@dataclass(slots=True)
class Scrub:
    """Goes through all pages once, some at a time; `next_page` is where it goes on."""

    next_page: int = 1

    @property
    def is_begun(self) -> bool:
        """Whether any page was looked at: after the end false where all was left alone."""
        return self.next_page > 1

    def step(self, connection: sqlite3.Connection) -> bool:
        """Overwrite the slack of some pages, in transactions of its own; false after the last.

        Raises `sqlite3.Error`. A database whose pages cannot be told apart is left alone.
        """
        (last,) = connection.execute("PRAGMA page_count").fetchone()
        if self.next_page > last or last >= MAX_PAGES or not _is_told_apart(connection):
            return False
        until = self.next_page + PAGES_A_STEP - 1
        if _clean(connection, self.next_page, until):
            _overwrite(connection, self.next_page, until)
        self.next_page = until + 1
        return True


def without_slack(number: int, page: bytes) -> bytes:
    """The page as it is, with zeros where it has no row; any other page unchanged."""
    return _zeroed(page, _slack(number, page))


def _is_told_apart(connection: sqlite3.Connection) -> bool:
    """Whether pages can be read, and begin as `_HEADER_BYTES` has it only where they have rows.

    With auto_vacuum some pages are a map of the others (1.8), and begin with any number up to 5.
    """
    found = connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'sqlite_dbpage'")
    (vacuums,) = connection.execute("PRAGMA auto_vacuum").fetchone()
    return found.fetchone() is not None and not vacuums


def _clean(connection: sqlite3.Connection, first: int, last: int) -> list[tuple[bytes, int]]:
    """Pages that have slack, as they should be, and their numbers."""
    return [
        (clean, number)
        for number, page in connection.execute(_PAGES, (first, last))
        if (clean := without_slack(number, page)) is not page
    ]


def _overwrite(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Looked at again under the lock: they may be others by now."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(_WRITE, _clean(connection, first, last))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _slack(number: int, page: bytes) -> Iterator[tuple[int, int]]:
    """Where bytes begin and end that belong to no cell."""
    at = _FILE_HEADER_BYTES if number == 1 else 0
    kind, free, cells, content, _ = _HEADER.unpack_from(page, at)
    begin = at + _HEADER_BYTES.get(kind, len(page)) + 2 * cells
    # 0 is 65,536.
    content = content or 1 << 16
    if not begin <= content <= len(page):
        return
    yield begin, content
    while content <= free <= len(page) - _FREE_BLOCK.size:
        following, size = _FREE_BLOCK.unpack_from(page, free)
        yield free + _FREE_BLOCK.size, min(free + size, len(page))
        free = following if following > free else 0


def _zeroed(page: bytes, slack: Iterator[tuple[int, int]]) -> bytes:
    found = [(begin, end) for begin, end in slack if page.count(0, begin, end) < end - begin]
    if not found:
        return page
    clean = bytearray(page)
    for begin, end in found:
        clean[begin:end] = bytes(end - begin)
    return bytes(clean)


def cut_log(connection: sqlite3.Connection) -> bool:
    """Fold the log in and cut it; return whether it is gone.

    Somebody else who reads at this moment keeps it: nobody waits for him, the next time counts.
    """
    (waited_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout=0")
    try:
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout={waited_ms}")
    return not is_busy
