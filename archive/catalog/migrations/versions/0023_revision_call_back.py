"""Revisions of the retention policy that were called back before they were in force.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What never decided must be known years later, too.
_KEPT_SQLITE = tuple(
    f"""CREATE TRIGGER revision_call_back_is_not_{what}d
    BEFORE {what.upper()} ON revision_call_back
    BEGIN SELECT RAISE(ABORT, 'call-backs are only added'); END"""
    for what in ("update", "delete")
)
_KEPT_POSTGRESQL = (
    """CREATE FUNCTION revision_call_backs_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'call-backs are only added'; END $$""",
    """CREATE TRIGGER revision_call_back_stays
    BEFORE UPDATE OR DELETE OR TRUNCATE ON revision_call_back
    FOR EACH STATEMENT EXECUTE FUNCTION revision_call_backs_are_only_added()""",
)


def upgrade() -> None:
    """Make the table, which keeps every row."""
    op.create_table(
        "revision_call_back",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("called_us", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("journal", ROW, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_revision_call_back_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_revision_call_back"),
        sa.UniqueConstraint("tenant", "number", name="uq_revision_call_back_tenant_number"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _KEPT_SQLITE if is_sqlite else _KEPT_POSTGRESQL:
        op.execute(statement)
