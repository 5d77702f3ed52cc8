"""The row of a recording in the index by class and end, for PostgreSQL: SQLite has it in every one.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

from typing import Final

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NAME: Final = "ix_recording_tenant_retention_class_ended_us_size_bytes"


def upgrade() -> None:
    """Makes it anew: ten million recordings take a minute."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.drop_index(NAME, "recording")
    op.create_index(
        NAME,
        "recording",
        ["tenant", "retention_class", "ended_us", "size_bytes"],
        postgresql_include=["row"],
    )
