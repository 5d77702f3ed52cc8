"""Calls that were turned away, by the ledger page that tells of them.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """An empty table."""
    op.create_table(
        "refused_call",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("from_value", sa.Text, nullable=False),
        sa.Column("to_value", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_refused_call_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_refused_call"),
    )
    op.create_index("ix_refused_call_tenant_started_us", "refused_call", ["tenant", "started_us"])
    op.create_index("ix_refused_call_tenant_recording", "refused_call", ["tenant", "recording"])
