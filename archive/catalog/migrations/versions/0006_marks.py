"""Marks that the route of an inline call puts on its recordings: queue, tags, on whose behalf.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Recordings that are there get theirs by `index rebuild`."""
    op.create_table(
        "mark",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_mark_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_mark"),
    )
    op.create_index(
        "ix_mark_tenant_kind_folded_started_us_recording",
        "mark",
        ["tenant", "kind", "folded", "started_us", "recording"],
    )
    op.create_index("ix_mark_tenant_recording", "mark", ["tenant", "recording"])
