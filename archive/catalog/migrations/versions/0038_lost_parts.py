"""Of a part that the archive has no more its row says why: no file is there, or a damaged one.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of all that are there nothing of that kind is known."""
    lost = sa.Column("lost", sa.Text, nullable=False, server_default=sa.text("''"))
    op.add_column("part", lost)
