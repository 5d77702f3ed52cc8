"""The write-ahead log of an SQLite database: folded into it and cut to nothing.

Knows nothing of what is written in it. What a transaction deletes is still there in older images
of the same page, and the database itself has it until the log is folded in.
"""

import sqlite3


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
