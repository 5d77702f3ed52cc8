"""Facts that outlive audio: sealed copies, and what of a recording a plan and a tombstone mean.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and the columns of plans and tombstones; what there is meant wholes."""
    table = "kept_facts"
    op.create_table(
        table,
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", sa.LargeBinary(16), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("key_id", sa.LargeBinary(16), nullable=False),
        sa.Column("kept_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("row", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{table}_tenant"),
        sa.UniqueConstraint("tenant", "recording", name=f"uq_{table}_tenant_recording"),
        sa.UniqueConstraint("tenant", "digest", name=f"uq_{table}_tenant_digest"),
    )
    whole = sa.text("'whole'")
    for told in ("planned_recording", "tombstone"):
        column = sa.Column("scope", sa.Text, nullable=False, server_default=whole)
        op.add_column(told, column)
    op.add_column("tombstone", sa.Column("facts_until_us", sa.BigInteger))
