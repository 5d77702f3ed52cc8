"""What the last walk over all recordings has found that must go, and that has no end.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "due_count",
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("recordings", sa.BigInteger, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("no_end", sa.BigInteger, nullable=False),
        sa.Column("oldest_no_end_us", sa.BigInteger),
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_due_count"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_due_count_tenant"),
        sa.UniqueConstraint("tenant", name="uq_due_count_tenant"),
    )
