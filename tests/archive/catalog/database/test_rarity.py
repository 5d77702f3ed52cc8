"""What a database is told of conditions that hardly any row fulfils."""

from sqlalchemy import column, select
from sqlalchemy.dialects import postgresql, sqlite

from archive.catalog.database.rarity import rare

_ASKED = select(column("row")).where(rare(column("recording") == column("other")))


def test_sqlite_is_told_in_its_own_words() -> None:
    """Without, it read a tenant's marks of a kind from end to end."""
    told = str(_ASKED.compile(dialect=sqlite.dialect()))

    assert told.endswith("WHERE likelihood(recording = other, 0.000001)")


def test_postgresql_has_the_condition_alone() -> None:
    """It has no such function: every search within a reach was refused."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped

    assert str(_ASKED.compile(dialect=dialect)).endswith("WHERE recording = other")
