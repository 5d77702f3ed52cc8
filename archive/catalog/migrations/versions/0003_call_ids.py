"""Ids by which others know a call, searched for exactly.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Recordings that are there get theirs by `index rebuild`."""
    op.create_table(
        "call_id",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_call_id_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_call_id"),
    )
    op.create_index(
        "ix_call_id_tenant_folded_started_us_recording",
        "call_id",
        ["tenant", "folded", "started_us", "recording"],
    )
    op.create_index("ix_call_id_tenant_recording", "call_id", ["tenant", "recording"])
