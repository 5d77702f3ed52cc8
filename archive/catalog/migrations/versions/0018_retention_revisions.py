"""Retention policies that were taken over; there is none yet.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# By which policy something was kept or destroyed must be true years later.
_KEPT_SQLITE = tuple(
    f"""CREATE TRIGGER retention_revision_is_not_{what}d
    BEFORE {what.upper()} ON retention_revision
    BEGIN SELECT RAISE(ABORT, 'retention revisions are only added'); END"""
    for what in ("update", "delete")
)
_KEPT_POSTGRESQL = (
    """CREATE FUNCTION retention_revisions_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'retention revisions are only added'; END $$""",
    """CREATE TRIGGER retention_revision_stays
    BEFORE UPDATE OR DELETE OR TRUNCATE ON retention_revision
    FOR EACH STATEMENT EXECUTE FUNCTION retention_revisions_are_only_added()""",
)


def upgrade() -> None:
    """Make the table, which keeps every row."""
    op.create_table(
        "retention_revision",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("taken_us", sa.BigInteger, nullable=False),
        sa.Column("in_force_us", sa.BigInteger, nullable=False),
        sa.Column("is_retroactive", sa.Integer, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("one_person", sa.Integer, nullable=False),
        sa.Column("journal", ROW, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_retention_revision_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_retention_revision"),
        sa.UniqueConstraint("tenant", "number", name="uq_retention_revision_tenant_number"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _KEPT_SQLITE if is_sqlite else _KEPT_POSTGRESQL:
        op.execute(statement)
