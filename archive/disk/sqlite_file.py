"""Which errors of SQLite are said of a database's file and its disk, not of what was asked.

Knows nothing of tables. A connection that met one may hold on to a file system that is no more.
"""

import sqlite3
from typing import Final

# Of SQLite's extended codes the last byte is the kind.
_KIND: Final = 0xFF
_OF_THE_FILE: Final = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)


def is_of_the_file(failed: object) -> bool:
    """Whether the file, or the disk under it, is what failed."""
    code: int = getattr(failed, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & _KIND in _OF_THE_FILE
