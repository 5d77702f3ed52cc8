"""Parts say where they break off, so that a recording knows whether anything is missing.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Parts that are there keep their loss as it was told; `index rebuild` tells it anew."""
    op.add_column(
        "part", sa.Column("open_ends", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    op.add_column(
        "part", sa.Column("sequences", sa.Text, nullable=False, server_default=sa.text("'[]'"))
    )
