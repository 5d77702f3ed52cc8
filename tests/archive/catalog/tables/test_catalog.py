"""The tables in code, in SQLite and in PostgreSQL."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, UniqueConstraint, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.schema import CreateIndex, CreateTable

from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.sealed_rows import SEALED
from archive.catalog.tables.catalog import INDEX_TABLES, catalog
from archive.catalog.tables.columns import ID, ROW
from tests.archive.catalog.examples import new_catalog, new_database

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
LONGEST_NAME = 63


def test_the_migrations_make_these_tables(tmp_path: Path) -> None:
    """A column that only the code knows fails on the first installation that upgrades."""
    with reading(new_catalog(tmp_path)) as connection:
        compared = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=compared)

        assert compare_metadata(context, catalog) == []


@pytest.mark.both
def test_the_migrations_make_these_indexes(tmp_path: Path) -> None:
    """Of the rows that they name, too, which the comparison above leaves out.

    A search is quick by an index whose rows are those that it asks for, and slow by another one.
    """
    declared = new_database(tmp_path / "declared.db")
    with writing(declared) as connection:
        catalog.create_all(connection)
    made = new_catalog(tmp_path)

    assert indexes(made) == indexes(declared)
    assert "ix_recording_unread" in str(indexes(made))
    declared.dispose()
    made.dispose()


def indexes(engine: Engine) -> dict[str, str]:
    there = inspect(engine)
    return {
        str(index["name"]): f"{name} {index['column_names']} {index['unique']} {rows_of(index)}"
        for name in catalog.tables
        for index in there.get_indexes(name)
    }


def rows_of(index: ReflectedIndex) -> str:
    return str({key: str(value) for key, value in index.get("dialect_options", {}).items()})


def test_every_key_leads_with_the_tenant() -> None:
    """No lookup may touch another tenant's rows, and monthly partitions need it."""
    for table in catalog.tables.values():
        unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        keys = [list(each.columns) for each in unique] + [
            list(each.columns) for each in table.indexes
        ]
        for key in keys:
            # A seal is found by the row that it is of, whose number no other tenant's has.
            assert key[0].name in {"tenant", "digest", "of_table"} or table.name == "tenant"


def test_postgresql_takes_every_table() -> None:
    """No type and no name that only SQLite would take."""
    for table in catalog.sorted_tables:
        (key,) = table.primary_key.columns
        # A row that lies beside another one has that one's key.
        type_of_key = "BIGINT" if key.foreign_keys else "BIGSERIAL"
        told = str(CreateTable(table).compile(dialect=POSTGRESQL))
        assert f"{key.name} {type_of_key} NOT NULL" in told
        for index in table.indexes:
            assert index.name is not None
            assert len(index.name) <= LONGEST_NAME
            assert str(CreateIndex(index).compile(dialect=POSTGRESQL))


def test_the_register_does_not_point_into_the_index() -> None:
    """The index is deleted and replayed; nothing that stays may hang on one of its rows.

    A key that names no table in the database is a row of somebody's all the same.
    """
    register = {table.name for table in catalog.tables.values()} - {t.name for t in INDEX_TABLES}
    stray = [
        f"{table.name}.{column.name}"
        for table in catalog.tables.values()
        if table.name in register
        for column in table.columns
        if column.type is ROW and not column.primary_key
        if {key.column.table.name for key in column.foreign_keys} - register
        or not (column.foreign_keys or column.name in register)
    ]

    # Of the sealed tables, whichever the code beside it says.
    assert stray == ["row_seal.of_row"]
    assert {table.name for table in SEALED} <= register


def test_the_register_names_recordings_by_the_id_that_they_keep() -> None:
    """Their rows have other numbers after every rebuild."""
    index = {table.name for table in INDEX_TABLES}
    named = {
        f"{table.name}.{column.name}": column.type
        for table in catalog.tables.values()
        if table.name not in index
        for column in table.columns
        if column.name in index
    }

    assert named
    assert [name for name, kind in named.items() if kind is not ID] == []
