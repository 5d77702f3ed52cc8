"""What is left of a destroyed recording; none has been destroyed yet.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Where one can be taken away, what was destroyed can come back.
_KEPT_SQLITE = tuple(
    f"""CREATE TRIGGER tombstone_is_not_{what}d BEFORE {what.upper()} ON tombstone
    BEGIN SELECT RAISE(ABORT, 'tombstones are only added'); END"""
    for what in ("update", "delete")
)
_KEPT_POSTGRESQL = (
    """CREATE FUNCTION tombstones_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'tombstones are only added'; END $$""",
    """CREATE TRIGGER tombstone_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON tombstone
    FOR EACH STATEMENT EXECUTE FUNCTION tombstones_are_only_added()""",
)


def upgrade() -> None:
    """Make the table, which keeps every row."""
    op.create_table(
        "tombstone",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("destroyed_us", sa.BigInteger, nullable=False),
        sa.Column("journal", ROW, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_tombstone_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_tombstone"),
        sa.UniqueConstraint("tenant", "digest", name="uq_tombstone_tenant_digest"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _KEPT_SQLITE if is_sqlite else _KEPT_POSTGRESQL:
        op.execute(statement)
