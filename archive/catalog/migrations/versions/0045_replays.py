"""Parts say which packets came a second time, long after the first.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of parts that are there nothing is known; `index rebuild` tells it."""
    op.add_column("part", sa.Column("replays", sa.Text))
