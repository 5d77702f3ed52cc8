"""Since when a hold keeps no key any more; and the few recordings whose keys are to be held.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column, and the index among the many that are held."""
    op.add_column("hold", sa.Column("let_go_us", sa.BigInteger))
    op.create_index(
        "ix_hold_recording_meant",
        "hold_recording",
        ["tenant", "hold", "recording"],
        sqlite_where=sa.text("state = 'meant'"),
        postgresql_where=sa.text("state = 'meant'"),
    )
