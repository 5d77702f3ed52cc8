"""An entry of the journal that opens keys has an id, by which the key daemon remembers it.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries that are there have none: the key daemon was told the number of their row."""
    op.add_column("journal", sa.Column("opening", sa.LargeBinary(16)))
    has_one = sa.text("opening IS NOT NULL")
    op.create_index(
        "ix_journal_tenant_opening",
        "journal",
        ["tenant", "opening"],
        unique=True,
        sqlite_where=has_one,
        postgresql_where=has_one,
    )
