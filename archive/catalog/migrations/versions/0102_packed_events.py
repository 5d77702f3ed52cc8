"""The events of a recording in a row or two, where each had one of its own.

Those that are there move as their recordings are derived anew, some at a time. Knows nothing of
`tables.py`: a migration says what was true on its day.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

ROW: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table; no row is touched."""
    op.create_table(
        "packed_events",
        sa.Column("row", ROW, primary_key=True, autoincrement=True),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("form", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_packed_events_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_packed_events"),
    )
    op.create_index("ix_packed_events_tenant_recording", "packed_events", ["tenant", "recording"])
