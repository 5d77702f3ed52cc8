"""Rows that decide who may do what have a seal; a plan says since when a person has stopped it.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The part `api` seals what stands when it starts."""
    op.create_table(
        "row_seal",
        sa.Column("row", _ROW, autoincrement=True, nullable=False),
        sa.Column("of_table", sa.Integer, nullable=False),
        sa.Column("of_row", _ROW, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("mac", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_row_seal"),
        sa.UniqueConstraint("of_table", "of_row", name="uq_row_seal_of_table_of_row"),
    )
    op.add_column("destruction_plan", sa.Column("stopped_us", sa.BigInteger))
