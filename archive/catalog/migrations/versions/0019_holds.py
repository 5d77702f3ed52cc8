"""Legal holds and what they hold; there is none yet.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FIXED = (
    "id, matter, reason, review_on, whole_conversation, future, author, placed_by, placed_us,"
    " journal"
)
# What was held, by whom and since when must be true years later.
_KEPT_SQLITE = (
    """CREATE TRIGGER hold_is_not_deleted BEFORE DELETE ON hold
    BEGIN SELECT RAISE(ABORT, 'legal holds are never deleted'); END""",
    """CREATE TRIGGER hold_recording_is_not_deleted BEFORE DELETE ON hold_recording
    BEGIN SELECT RAISE(ABORT, 'legal holds are never deleted'); END""",
    f"""CREATE TRIGGER hold_is_not_rewritten BEFORE UPDATE OF {_FIXED} ON hold
    BEGIN SELECT RAISE(ABORT, 'legal holds are ended, not rewritten'); END""",
)
_KEPT_POSTGRESQL = (
    """CREATE FUNCTION legal_holds_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'legal holds are ended, not rewritten or deleted'; END $$""",
    """CREATE TRIGGER hold_stays BEFORE DELETE OR TRUNCATE ON hold
    FOR EACH STATEMENT EXECUTE FUNCTION legal_holds_are_kept()""",
    """CREATE TRIGGER hold_recording_stays BEFORE DELETE OR TRUNCATE ON hold_recording
    FOR EACH STATEMENT EXECUTE FUNCTION legal_holds_are_kept()""",
    f"""CREATE TRIGGER hold_is_not_rewritten BEFORE UPDATE OF {_FIXED} ON hold
    FOR EACH STATEMENT EXECUTE FUNCTION legal_holds_are_kept()""",
)


def upgrade() -> None:
    """Make the tables, which keep every row."""
    _make_hold()
    _make_hold_recording()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _KEPT_SQLITE if is_sqlite else _KEPT_POSTGRESQL:
        op.execute(statement)


def _make_hold() -> None:
    op.create_table(
        "hold",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("matter", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("review_on", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("whole_conversation", sa.Integer, nullable=False),
        sa.Column("future", sa.Integer, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("placed_by", ROW),
        sa.Column("placed_us", sa.BigInteger, nullable=False),
        sa.Column("journal", ROW, nullable=False),
        sa.Column("active_us", sa.BigInteger),
        sa.Column("cancelled_us", sa.BigInteger),
        sa.Column("released_us", sa.BigInteger),
        sa.Column("grace_until_us", sa.BigInteger),
        sa.Column("one_person", sa.Integer),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_hold_tenant"),
        sa.ForeignKeyConstraint(["placed_by"], ["user.row"], name="fk_hold_placed_by"),
        sa.PrimaryKeyConstraint("row", name="pk_hold"),
        sa.UniqueConstraint("tenant", "id", name="uq_hold_tenant_id"),
    )


def _make_hold_recording() -> None:
    op.create_table(
        "hold_recording",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("hold", ROW, nullable=False),
        sa.Column("recording", sa.LargeBinary(16), nullable=False),
        sa.Column("noted_us", sa.BigInteger, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("destroyed_us", sa.BigInteger),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_hold_recording_tenant"),
        sa.ForeignKeyConstraint(["hold"], ["hold.row"], name="fk_hold_recording_hold"),
        sa.PrimaryKeyConstraint("row", name="pk_hold_recording"),
        sa.UniqueConstraint(
            "tenant", "hold", "recording", name="uq_hold_recording_tenant_hold_recording"
        ),
    )
    op.create_index("ix_hold_recording_tenant_recording", "hold_recording", ["tenant", "recording"])
