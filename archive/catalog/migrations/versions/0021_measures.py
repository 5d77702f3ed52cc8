"""What cases do to recordings, and what is restricted from when on; nothing is yet.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{name}_tenant"),
        sa.PrimaryKeyConstraint("row", name=f"pk_{name}"),
    )


def upgrade() -> None:
    """Empty tables."""
    _table(
        "case_measure",
        sa.Column("recording", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("whole_conversation", sa.Integer, nullable=False),
        sa.Column("taken_us", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("one_person", sa.Integer, nullable=False),
        sa.Column("journal", ROW, nullable=False),
        sa.Column("lifted_us", sa.BigInteger),
        sa.Column("lifted_journal", sa.BigInteger),
    )
    for column in ("recording", "case_id"):
        op.create_index(f"ix_case_measure_tenant_{column}", "case_measure", ["tenant", column])
    _table(
        "use_limit",
        sa.Column("recording", sa.LargeBinary(16), nullable=False),
        sa.Column("asset", sa.Text, nullable=False),
        sa.Column("from_us", sa.BigInteger, nullable=False),
        sa.Column("purposes", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.UniqueConstraint(
            "tenant", "recording", "asset", name="uq_use_limit_tenant_recording_asset"
        ),
    )
    _table(
        "limit_round",
        sa.Column("revisions", sa.Text, nullable=False),
        sa.Column("after", sa.BigInteger, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("begun_us", sa.BigInteger, nullable=False),
        sa.Column("ended_us", sa.BigInteger),
        sa.UniqueConstraint("tenant", name="uq_limit_round_tenant"),
    )
