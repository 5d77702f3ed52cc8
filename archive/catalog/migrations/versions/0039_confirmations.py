"""Persons are confirmed; a way in that was laid for who had one before is told as a reset.

A session knows when its password was shown in it: of those that are there nobody knows.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# A code was made for who had no credential in force: where one was set before, it was a reset.
_CODES_THAT_RESET = """UPDATE sign_in_code SET is_reset = 1 WHERE EXISTS (
    SELECT 1 FROM credential WHERE credential."user" = sign_in_code."user"
    AND credential.set_us < sign_in_code.made_us)"""


def upgrade() -> None:
    """Nobody is confirmed yet."""
    for table in ("sign_in_code", "os_name"):
        reset = sa.Column("is_reset", sa.Integer, nullable=False, server_default=sa.text("0"))
        op.add_column(table, reset)
    op.add_column("session", sa.Column("shown_us", sa.BigInteger))
    op.execute(_CODES_THAT_RESET)
    op.create_table(
        "confirmation",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("user", ROW, nullable=False),
        sa.Column("given_us", sa.BigInteger, nullable=False),
        sa.Column("given_by", ROW),
        sa.Column("ended_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("row", name="pk_confirmation"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_confirmation_tenant"),
        sa.ForeignKeyConstraint(["user"], ["user.row"], name="fk_confirmation_user"),
        sa.ForeignKeyConstraint(["given_by"], ["user.row"], name="fk_confirmation_given_by"),
    )
    op.create_index("ix_confirmation_tenant_user", "confirmation", ["tenant", "user"])
