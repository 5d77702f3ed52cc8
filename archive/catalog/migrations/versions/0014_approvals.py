"""What two persons must want: proposals, approvals, and whether one person is enough.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
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


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.row"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Empty tables."""
    _table(
        "proposal",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("proposed_by", ROW, nullable=False),
        sa.Column("proposed_us", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_us", sa.BigInteger),
        sa.Column("carried_us", sa.BigInteger),
        sa.Column("one_person", sa.Integer),
        sa.Column("expired_us", sa.BigInteger),
        _refers("proposal", "proposed_by", "user"),
    )
    op.create_index("ix_proposal_tenant_proposed_us", "proposal", ["tenant", "proposed_us"])
    _table(
        "approval",
        sa.Column("proposal", ROW, nullable=False),
        sa.Column("given_by", ROW, nullable=False),
        sa.Column("given_us", sa.BigInteger, nullable=False),
        sa.Column("one_person", sa.Integer, nullable=False),
        sa.Column("withdrawn_us", sa.BigInteger),
        _refers("approval", "proposal", "proposal"),
        _refers("approval", "given_by", "user"),
    )
    op.create_index("ix_approval_tenant_proposal", "approval", ["tenant", "proposal"])
    _table(
        "one_person",
        sa.Column("declared_us", sa.BigInteger, nullable=False),
        sa.Column("proposal", ROW),
        sa.Column("ended_us", sa.BigInteger),
        _refers("one_person", "proposal", "proposal"),
    )
    op.create_index("ix_one_person_tenant_ended_us", "one_person", ["tenant", "ended_us"])
