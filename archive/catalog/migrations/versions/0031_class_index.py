"""Recordings indexed by class and end, in the place of two indexes, and lines of plans by stage.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new ones, then take the old ones away: ten million recordings take a minute."""
    op.create_index(
        "ix_recording_tenant_retention_class_ended_us_size_bytes",
        "recording",
        ["tenant", "retention_class", "ended_us", "size_bytes"],
    )
    op.drop_index("ix_recording_tenant_ended_us_retention_class_size_bytes", "recording")
    op.drop_index("ix_recording_tenant_retention_class", "recording")
    op.create_index(
        "ix_planned_recording_tenant_stage_plan", "planned_recording", ["tenant", "stage", "plan"]
    )
    op.drop_index("ix_planned_recording_tenant_plan_stage", "planned_recording")
