"""What rows that were removed have left in the files of an embedded catalog: overwritten, cut off.

Knows nothing of what was removed. A catalog on PostgreSQL has VACUUM for it (docs/destruction.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as Database

from sqlalchemy import Engine

from archive.disk.sqlite_slack import Scrub, cut_log


def overwrite_some(engine: Engine, scrub: Scrub) -> bool:
    """Go on with a pass over all pages; false when it has reached the end."""
    if engine.dialect.name != "sqlite":
        return False
    with _database(engine) as database:
        return scrub.step(database)


def cut_catalog_log(engine: Engine) -> bool:
    """Whether the log is gone; somebody who reads keeps it."""
    if engine.dialect.name != "sqlite":
        return True
    with _database(engine) as database:
        return cut_log(database)


@contextmanager
def _database(engine: Engine) -> Iterator[Database]:
    """SQLite's own connection, in no transaction."""
    pooled = engine.raw_connection()
    try:
        driver = pooled.driver_connection
        assert isinstance(driver, Database)
        yield driver
    finally:
        pooled.close()
