"""Agents belong to teams, by which roles reach.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Who is in the table already is in no team until the next import."""
    for name, kind in (("team", sa.Text()), ("team_folded", FOLDED)):
        column = sa.Column(name, kind, nullable=False, server_default=sa.text("''"))
        op.add_column("agent_period", column)
