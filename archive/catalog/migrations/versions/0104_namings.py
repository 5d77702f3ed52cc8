"""What legs are called: each set of names once, where each leg had a row for each word.

Those that are there move as their recordings are derived anew, some at a time. Knows nothing of
`tables.py`: a migration says what was true on its day.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

ROW: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT: Final = sa.Text()
# Sorted by code point in every database.
FOLDED: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INDEXES: Final = (
    ("naming_word", "tenant", "folded", "naming"),
    ("naming_word", "tenant", "naming"),
    ("leg_naming", "tenant", "naming", "started_us", "side", "recording"),
    ("leg_naming", "tenant", "recording"),
)


def upgrade() -> None:
    """Add three tables; no row is touched."""
    _table("naming", ("digest", sa.LargeBinary()), ("content", TEXT))
    _table("naming_word", ("naming", ROW), ("folded", FOLDED))
    _table(
        "leg_naming",
        *(("leg", ROW), ("recording", ROW), ("started_us", sa.BigInteger())),
        *(("side", TEXT), ("naming", ROW)),
    )
    for table, *columns in _INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def _table(name: str, *columns: tuple[str, sa.types.TypeEngine[Any]]) -> None:
    once = [sa.UniqueConstraint("tenant", "digest", name="uq_naming_tenant_digest")]
    op.create_table(
        name,
        sa.Column("row", ROW, primary_key=True, autoincrement=True),
        sa.Column("tenant", ROW, nullable=False),
        *(sa.Column(each, kind, nullable=False) for each, kind in columns),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{name}_tenant"),
        sa.PrimaryKeyConstraint("row", name=f"pk_{name}"),
        *(once if name == "naming" else ()),
    )
