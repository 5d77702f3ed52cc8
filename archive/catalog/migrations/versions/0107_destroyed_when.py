"""Tombstones are found by when they were placed, too: what a month destroyed.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_tombstone_tenant_destroyed_us", "tombstone", ["tenant", "destroyed_us"])
