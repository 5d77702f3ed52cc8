"""Of a plan that has ended: who ended it, and since when the key daemon destroys nothing of it.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those that were stopped before the key daemon is told once more."""
    by = sa.Column("ended_by", sa.Text, nullable=False, server_default=sa.text("''"))
    op.add_column("destruction_plan", by)
    op.add_column("destruction_plan", sa.Column("keys_ended_us", sa.BigInteger))
