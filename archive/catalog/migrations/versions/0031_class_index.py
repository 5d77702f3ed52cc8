"""One index of recordings by class and end, in the place of two: a simulation reads it alone.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the one, then take the two away: ten million recordings take a minute."""
    op.create_index(
        "ix_recording_tenant_retention_class_ended_us_size_bytes",
        "recording",
        ["tenant", "retention_class", "ended_us", "size_bytes"],
    )
    op.drop_index("ix_recording_tenant_ended_us_retention_class_size_bytes", "recording")
    op.drop_index("ix_recording_tenant_retention_class", "recording")
