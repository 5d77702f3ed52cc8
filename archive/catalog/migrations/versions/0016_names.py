"""A search by name is answered from the index alone: it need not look at each leg so called.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index gains what a search asks of a name: the side, the leg and the recording."""
    op.drop_index("ix_leg_name_tenant_folded_started_us", "leg_name")
    op.create_index(
        "ix_leg_name_tenant_folded_started_us_side_leg_recording",
        "leg_name",
        ["tenant", "folded", "started_us", "side", "leg", "recording"],
    )
