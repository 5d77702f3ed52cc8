"""That a proposal was rejected, by whom and why; what persons say of one.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None

ROW: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONG: Final = sa.BigInteger()
_TO: Final = (("tenant", "tenant"), ("proposal", "proposal"), ("given_by", "user"))

# Said with the column: SQLite adds no constraint to a table that is there.
_OF_USER: Final = 'CONSTRAINT fk_proposal_rejected_by REFERENCES "user" ("row")'


def upgrade() -> None:
    """Add three columns, which say nothing of proposals of before, and a table."""
    op.execute(f"ALTER TABLE proposal ADD COLUMN rejected_by {_row_type()} {_OF_USER}")
    op.add_column("proposal", sa.Column("rejected_us", LONG))
    op.add_column("proposal", sa.Column("rejection", sa.Text()))
    name = "proposal_comment"
    op.create_table(
        name,
        sa.Column("row", ROW, primary_key=True, autoincrement=True),
        *(sa.Column(own, ROW, nullable=False) for own, _ in _TO),
        sa.Column("given_us", LONG, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint([own], [f"{other}.row"], name=f"fk_{name}_{own}")
            for own, other in _TO
        ),
        sa.PrimaryKeyConstraint("row", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_tenant_proposal", name, ["tenant", "proposal"])


def _row_type() -> str:
    return ROW.compile(dialect=op.get_bind().dialect)
