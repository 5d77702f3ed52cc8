"""Numbers and names that are told beside participants, where streams sound, and who called.

Rows of before say that nobody has read them for these. Knows nothing of `tables.py`: a migration
says what was true on its day.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

ROW: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONG: Final = sa.BigInteger()
SHORT: Final = sa.SmallInteger()
TEXT: Final = sa.Text()
BYTES: Final = sa.LargeBinary()
# Sorted by code point in every database.
FOLDED: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_INDEXES: Final = (
    ("mention", "tenant", "kind", "folded", "started_us", "told_as", "nth", "recording"),
    ("mention", "tenant", "recording"),
    ("refused_mention", "tenant", "kind", "folded", "started_us", "page", "serial"),
    ("refused_mention", "tenant", "page"),
)
# With the rows that each has alone.
_PARTIAL: Final = {
    "ix_recording_unread": "read_form = 0",
    "ix_recording_undirected": "direction = 'unknown'",
}


def upgrade() -> None:
    """Add columns to rows that are there, two tables, and indexes."""
    _add("recording", "read_form", SHORT, "0")
    op.add_column("part", sa.Column("sounds", TEXT))
    _add("leg", "party", TEXT, "''")
    _add("leg", "party_because", TEXT, "''")
    _mentions("mention", ("recording", ROW))
    _mentions("refused_mention", ("page", BYTES), ("serial", LONG))
    for table, *columns in _INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    for name, where in _PARTIAL.items():
        rows = sa.text(where)
        columns = ["tenant", "started_us"]
        op.create_index(name, "recording", columns, sqlite_where=rows, postgresql_where=rows)


def _add(table: str, name: str, kind: sa.types.TypeEngine[Any], default: str) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=sa.text(default)))


def _mentions(table: str, *whose: tuple[str, sa.types.TypeEngine[Any]]) -> None:
    columns = (
        *whose, ("started_us", LONG), ("nth", SHORT), ("kind", TEXT), ("told_as", TEXT),
        ("text", TEXT), ("e164", TEXT), ("folded", FOLDED),
    )  # fmt: skip
    op.create_table(
        table,
        sa.Column("row", ROW, primary_key=True, autoincrement=True),
        sa.Column("tenant", ROW, nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in columns),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{table}_tenant"),
        sa.PrimaryKeyConstraint("row", name=f"pk_{table}"),
    )
