"""Proposals know which recordings they are about.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Of those that there are it is not known: who reaches the whole tenant sees them."""
    op.create_table(
        "proposal_recording",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("proposal", ROW, nullable=False),
        sa.Column("recording", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_proposal_recording"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_proposal_recording_tenant"),
        sa.ForeignKeyConstraint(
            ["proposal"], ["proposal.row"], name="fk_proposal_recording_proposal"
        ),
    )
    op.create_index(
        "ix_proposal_recording_tenant_proposal", "proposal_recording", ["tenant", "proposal"]
    )
