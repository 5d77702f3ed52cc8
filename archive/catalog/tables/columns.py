"""What the catalog's tables are made of: names, kinds of columns, the columns of all, tenants.

Knows nothing of what is kept. Times are int64 µs since 1970 UTC, ids 16-byte blobs, row ids
integers that nobody outside sees; every key leads with the tenant.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from archive.catalog.tables.stored_text import clean_text, fit_text

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# SQLite gives ids by itself only to a column that it calls INTEGER.
ROW: Final = BigInteger().with_variant(Integer(), "sqlite")
ID: Final = LargeBinary(16)
DIGEST: Final = LargeBinary(32)


class CleanText(TypeDecorator[str]):
    """A text of the register, without what a database refuses; who looks for it asks so, too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's
        """Clean a text on its way to the database."""
        return value if value is None else clean_text(value)


class ToldText(TypeDecorator[str]):
    """A text of the index, as others say it: clean, and no longer than an index takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's
        """Make a text fit on its way to the database."""
        return value if value is None else fit_text(value)


# Sorted by code point in every database, so that a range of texts is a stretch of the index.
FOLDED: Final = ToldText().with_variant(ToldText(collation="C"), "postgresql")
# Between the flags of a recording, which are one value.
FLAGS_JOINED: Final = ","

catalog = MetaData(naming_convention=NAMING)


def own_row() -> Column[int]:
    """The key that the database gives."""
    return Column("row", ROW, primary_key=True, autoincrement=True)


def of_tenant() -> Column[int]:
    return Column("tenant", ROW, ForeignKey("tenant.row"), nullable=False)


def required(name: str, kind: type[Integer | Text | ToldText]) -> Column[object]:
    """A value that is never missing."""
    return Column(name, CleanText if kind is Text else kind, nullable=False)


tenant = Table("tenant", catalog, own_row(), Column("id", ID, nullable=False, unique=True))
