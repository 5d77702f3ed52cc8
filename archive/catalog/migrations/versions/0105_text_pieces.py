"""What was written about calls, in the pieces by which it is found.

Of recordings that are there they are made as those are derived anew, some at a time. Knows nothing
of `tables.py`: a migration says what was true on its day.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None

ROW: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Sorted by code point in every database.
FOLDED: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# Beside its own those by which is found what may not be ranked.
_INDEXES: Final = (
    ("text_piece", "tenant", "piece", "started_us", "recording"),
    ("text_piece", "tenant", "recording"),
    ("use_limit", "tenant", "asset", "recording"),
    ("case_measure", "tenant", "lifted_us", "recording"),
)


def upgrade() -> None:
    """Add the table; no row is touched. Measures that stand lead to their recordings."""
    op.create_table(
        "text_piece",
        sa.Column("row", ROW, primary_key=True, autoincrement=True),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("piece", FOLDED, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_text_piece_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_text_piece"),
    )
    for table, *columns in _INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    op.drop_index("ix_case_measure_tenant_recording", "case_measure")
