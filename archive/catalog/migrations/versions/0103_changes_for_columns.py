"""What changed in the index, for copies that follow it, and who is how far.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import secrets
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

ROW: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables; no row of others is touched."""
    op.create_table(
        "recording_change",
        sa.Column("row", ROW, primary_key=True, autoincrement=True),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("changed_row", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_recording_change_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_recording_change"),
        sa.UniqueConstraint("tenant", "sequence", name="uq_recording_change_tenant_sequence"),
    )
    identity = op.create_table(
        "index_identity",
        sa.Column("row", ROW, primary_key=True, autoincrement=True),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_index_identity"),
    )
    op.bulk_insert(identity, [{"id": secrets.token_bytes(16)}])
    op.create_table(
        "column_copy",
        sa.Column("row", ROW, primary_key=True, autoincrement=True),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("seen_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_column_copy_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_column_copy"),
        sa.UniqueConstraint("tenant", "id", name="uq_column_copy_tenant_id"),
    )
