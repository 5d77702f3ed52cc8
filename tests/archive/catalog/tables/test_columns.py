"""The kinds of columns, in both databases."""

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from archive.catalog.tables.columns import FOLDED, ROW

SQLITE = sqlite.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


def test_a_key_is_what_each_database_counts_up_by_itself() -> None:
    """SQLite does so for INTEGER alone; PostgreSQL's INTEGER is too small for events."""
    assert ROW.compile(dialect=SQLITE) == "INTEGER"
    assert ROW.compile(dialect=POSTGRESQL) == "BIGINT"


def test_folded_texts_are_sorted_by_code_point() -> None:
    """What begins with a word is a stretch of the index, whatever the database speaks."""
    table = Table("named", MetaData(), Column("folded", FOLDED))

    assert 'COLLATE "C"' in str(CreateTable(table).compile(dialect=POSTGRESQL))
    assert "COLLATE" not in str(CreateTable(table).compile(dialect=SQLITE))
