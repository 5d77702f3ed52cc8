"""A number at random for each change: by it a restored catalog is told from the one before.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; changes of before have 0, and their columns are of another form."""
    drawn = sa.Column("drawn", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("recording_change", drawn)
