"""The journal tells which recordings a search showed, and is asked by account and by action.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries that are there say nothing of what was shown: that was not kept."""
    op.add_column("journal", sa.Column("shown", sa.LargeBinary))
    for column in ("action", "actor"):
        op.create_index(f"ix_journal_tenant_{column}_at_us", "journal", ["tenant", column, "at_us"])
