"""What sources do in their own way, by recording.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Recordings that are there get theirs by `index rebuild`."""
    op.create_table(
        "tolerance",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_tolerance_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_tolerance"),
    )
    op.create_index(
        "ix_tolerance_tenant_source_code_started_us",
        "tolerance",
        ["tenant", "source", "code", "started_us"],
    )
    op.create_index("ix_tolerance_tenant_recording", "tolerance", ["tenant", "recording"])
