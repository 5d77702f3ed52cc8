"""A catalog of SQLite in PostgreSQL: the same rows under the same indexes, counted as it counts.

Knows no table; PostgreSQL's own words for what is quick in bulk are all here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Table, create_engine
from sqlalchemy.engine import URL, make_url

from archive.catalog.tables.catalog import catalog
from tests.postgresql.cluster import programs, running

_AT_ONCE: Final = 50_000


@contextmanager
def served(file: Path, folder: Path) -> Iterator[str]:
    """The URL of a copy of the catalog in `file`, whose server keeps its data in `folder`.

    Raises `CalledProcessError`.
    """
    binaries = programs()
    if binaries is None:
        raise SystemExit("no PostgreSQL here: apt-get install postgresql")
    with running(binaries, folder.resolve()) as cluster:
        url = cluster.new_catalog()
        _copy_all(file, make_url(url))
        yield url


def _copy_all(file: Path, url: URL) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, closing(sqlite3.connect(file)) as source:
        # No trigger keeps rows that are the register's, nor looks for what a key points to.
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        indexes = _take_indexes(connection)
        for table in catalog.sorted_tables:
            connection.exec_driver_sql(f'TRUNCATE "{table.name}" CASCADE')
        for table in catalog.sorted_tables:
            _copy(source, connection, table)
        for made_by in indexes:
            connection.exec_driver_sql(made_by)
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def _take_indexes(connection: Connection) -> list[str]:
    """What makes the indexes that no constraint owns; they are gone until then."""
    found = connection.exec_driver_sql(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'public' AND indexname LIKE 'ix%%'"
    ).all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    return [made_by for _, made_by in found]


def _copy(source: sqlite3.Connection, connection: Connection, table: Table) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    rows = source.execute(f'SELECT {columns} FROM "{table.name}"')  # noqa: S608  # our own names
    target = connection.connection.cursor()
    with target.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        while some := rows.fetchmany(_AT_ONCE):
            for row in some:
                copy.write_row(row)
