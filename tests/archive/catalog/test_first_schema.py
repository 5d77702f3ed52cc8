"""The first schema makes what the chain of migrations before it ended in, table by table.

Column by column by their names: the first schema has them in the order of `tables.py`.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from alembic import command
from sqlalchemy import Connection, Engine

from archive.catalog.engine import catalog_url, open_engine, reading, writing
from archive.catalog.migrate import migrations
from archive.catalog.tables import catalog
from tests.archive.catalog import examples

_FIRST: Final = Path(__file__).parents[3] / "archive/catalog/migrations/first"
_PRAGMAS: Final = ("user_version", "application_id", "encoding", "auto_vacuum", "page_size")

Shape = dict[str, object]


def _made(url: str, versions: Path | None = None) -> Engine:
    engine, config = open_engine(url), migrations()
    if versions is not None:
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", str(versions))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return engine


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def _items(create_table: str) -> list[str]:
    """What stands between the outer parentheses, at the commas of that depth."""
    inner = create_table[create_table.index("(") + 1 : create_table.rindex(")")]
    depth, found = 0, [""]
    for sign in inner:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return sorted(_plain(each) for each in found)


def _index(file: sqlite3.Connection, name: str) -> list[str]:
    """By name and direction of its columns, not by where they stand in the table."""
    return [str(row[2:]) for row in file.execute(f'PRAGMA index_xinfo("{name}")')]


def sqlite_shape(path: Path) -> Shape:
    """All that a file of SQLite says of its schema, and every row that lies in it."""
    shape: Shape = {}
    with closing(sqlite3.connect(path)) as file:
        for pragma in _PRAGMAS:
            shape[pragma] = file.execute(f"PRAGMA {pragma}").fetchall()
        for kind, name, sql in file.execute("SELECT type, name, sql FROM sqlite_master").fetchall():
            own = (kind, name)
            if kind == "table":
                shape[str(own)] = _items(sql)
                columns = file.execute(f'PRAGMA table_xinfo("{name}")').fetchall()
                shape[f"columns of {name}"] = sorted(row[1:] for row in columns)
                keys = file.execute(f'PRAGMA foreign_key_list("{name}")').fetchall()
                shape[f"keys of {name}"] = sorted(row[2:] for row in keys)
                listed = file.execute(f'PRAGMA index_list("{name}")').fetchall()
                indexes = [(row[1:], _index(file, row[1])) for row in listed]
                # In their order, by which SQLite chooses between two that are as good; the chain
                # made the two of `leg` in no order that was always the same.
                shape[f"indexes of {name}"] = sorted(indexes) if name == "leg" else indexes
                shape[f"kind of {name}"] = file.execute(f'PRAGMA table_list("{name}")').fetchall()
                if name != "alembic_version":
                    shape[f"rows of {name}"] = file.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608  # our own names
            else:
                # Guards to the byte: `guards.py` knows their digests.
                shape[str(own)] = sql if kind == "trigger" else sql and _plain(sql)
    return shape


_POSTGRESQL: Final = {
    "relations": "SELECT relname, relkind, relpersistence, relreplident, relrowsecurity,"
    " reloptions, relacl, pg_get_userbyid(relowner), reltablespace FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace ORDER BY 1",
    "columns": "SELECT table_name, column_name, column_default, is_nullable, data_type,"
    " character_maximum_length, numeric_precision, collation_name, is_identity, is_generated"
    " FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2",
    "attributes": "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),"
    " a.attnotnull, a.attstorage, a.attcompression, a.attacl, a.attstattarget"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0"
    " AND NOT a.attisdropped ORDER BY 1, 2, a.attnum",
    "constraints": "SELECT conrelid::regclass::text, conname, contype, condeferrable,"
    " convalidated, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes"
    " WHERE schemaname = current_schema() ORDER BY 1, 2",
    "triggers": "SELECT t.tgrelid::regclass::text, t.tgname, t.tgenabled,"
    " pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY 1, 2",
    "functions": "SELECT proname, pg_get_functiondef(oid), proacl, pg_get_userbyid(proowner)"
    " FROM pg_proc WHERE pronamespace = current_schema()::regnamespace ORDER BY 1",
    "sequences": "SELECT * FROM pg_sequences WHERE schemaname = current_schema()"
    " ORDER BY sequencename",
    "owned": "SELECT table_name, column_name,"
    " pg_get_serial_sequence(quote_ident(table_name), column_name)"
    " FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2",
    "grants": "SELECT grantee, table_name, privilege_type, is_grantable"
    " FROM information_schema.role_table_grants WHERE table_schema = current_schema()"
    " ORDER BY 1, 2, 3",
    "types": "SELECT typname, typtype FROM pg_type"
    " WHERE typnamespace = current_schema()::regnamespace ORDER BY 1",
    "extensions": "SELECT extname, extversion FROM pg_extension ORDER BY 1",
}


def postgresql_shape(connection: Connection) -> Shape:
    """All that a server says of a schema, and how many rows each table has."""
    shape: Shape = {
        name: [tuple(row) for row in connection.exec_driver_sql(sql.replace("%", "%%"), ())]
        for name, sql in _POSTGRESQL.items()
    }
    shape["rows"] = {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar()  # noqa: S608  # our own names
        for name in catalog.tables
    }
    return shape


def _differ(one: Shape, other: Shape) -> Iterator[tuple[str, object, object]]:
    for name in sorted({*one, *other}):
        if one.get(name) != other.get(name):
            yield name, one.get(name), other.get(name)


def test_a_file_is_the_one_that_the_chain_made(tmp_path: Path) -> None:
    """Tables, columns, keys, indexes and their order, guards to the byte; no rows in either."""
    chain, first = tmp_path / "chain.db", tmp_path / "first.db"
    _made(catalog_url(chain)).dispose()
    _made(catalog_url(first), _FIRST).dispose()

    shape = sqlite_shape(chain)
    assert list(_differ(shape, sqlite_shape(first))) == []
    assert len([name for name in shape if name.startswith("columns of")]) > len(catalog.tables)
    assert len([name for name in shape if name.startswith("('trigger'")]) == 21


@pytest.mark.postgresql
def test_a_server_has_what_the_chain_made() -> None:
    """Columns, defaults, constraints, indexes, triggers, functions, sequences, grants."""
    chain = _made(examples.SERVERS[-1].new_database())
    first = _made(examples.SERVERS[-1].new_database(), _FIRST)

    with reading(chain) as one, reading(first) as other:
        shape, made = postgresql_shape(one), postgresql_shape(other)
    assert list(_differ(shape, made)) == []
    assert len(str(shape["triggers"]).split("CREATE TRIGGER")) == 13
