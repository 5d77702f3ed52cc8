"""Jobs; there is none yet.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "job",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("arguments", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("ordered_us", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_us", sa.BigInteger, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("begun_us", sa.BigInteger),
        sa.Column("until_us", sa.BigInteger),
        sa.Column("beaten_us", sa.BigInteger),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("history", sa.Text, nullable=False),
        sa.Column("cancel_us", sa.BigInteger),
        sa.Column("result", sa.Text),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_job_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_job"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_tenant_kind_state", "job", ["tenant", "kind", "state"])
    op.create_index(
        "uq_job_tenant_kind_running",
        "job",
        ["tenant", "kind"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
