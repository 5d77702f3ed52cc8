"""What was told that begins periods of retention; nothing yet.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Why something was kept or destroyed must be true years later: a correction is one row more.
_KEPT_SQLITE = tuple(
    f"""CREATE TRIGGER retention_event_is_not_{what}d
    BEFORE {what.upper()} ON retention_event
    BEGIN SELECT RAISE(ABORT, 'retention events are only added'); END"""
    for what in ("update", "delete")
)
_KEPT_POSTGRESQL = (
    """CREATE FUNCTION retention_events_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'retention events are only added'; END $$""",
    """CREATE TRIGGER retention_event_stays
    BEFORE UPDATE OR DELETE OR TRUNCATE ON retention_event
    FOR EACH STATEMENT EXECUTE FUNCTION retention_events_are_only_added()""",
)


def upgrade() -> None:
    """Make the table, which keeps every row."""
    folded = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "retention_event",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("folded", folded, nullable=False),
        sa.Column("day", sa.Text),
        sa.Column("told_us", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("one_person", sa.Integer, nullable=False),
        sa.Column("journal", ROW, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_retention_event_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_retention_event"),
    )
    op.create_index(
        "ix_retention_event_tenant_folded_kind", "retention_event", ["tenant", "folded", "kind"]
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _KEPT_SQLITE if is_sqlite else _KEPT_POSTGRESQL:
        op.execute(statement)
