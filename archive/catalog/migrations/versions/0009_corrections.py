"""What somebody says of a recording after capture, and what it was before.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# They may go, with their recording; what they say stays as it is.
_KEPT_SQLITE = (
    """CREATE TRIGGER correction_keeps_its_words BEFORE UPDATE ON correction
    BEGIN SELECT RAISE(ABORT, 'corrections are only appended to'); END""",
    # REPLACE deletes and inserts.
    """CREATE TRIGGER correction_keeps_its_places BEFORE INSERT ON correction
    WHEN NEW.row IN (SELECT row FROM correction)
    BEGIN SELECT RAISE(ABORT, 'corrections are only appended to'); END""",
)
_KEPT_POSTGRESQL = (
    """CREATE FUNCTION corrections_are_appended_to() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'corrections are only appended to'; END $$""",
    """CREATE TRIGGER correction_keeps_its_words BEFORE UPDATE ON correction
    FOR EACH STATEMENT EXECUTE FUNCTION corrections_are_appended_to()""",
)


def _register() -> None:
    op.create_table(
        "correction",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", sa.LargeBinary(16), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("change", sa.LargeBinary, nullable=False),
        sa.Column("was", sa.Text, nullable=False),
        sa.Column("journal", ROW, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_correction_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_correction"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_correction_tenant_recording", "correction", ["tenant", "recording"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _KEPT_SQLITE if sqlite else _KEPT_POSTGRESQL:
        op.execute(statement)


def upgrade() -> None:
    """Nothing has been corrected yet: every number is in force."""
    _register()
    op.create_table(
        "leg_agent",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("leg", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("in_force", sa.SmallInteger, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_leg_agent_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_leg_agent"),
    )
    op.create_index("ix_leg_agent_tenant_recording", "leg_agent", ["tenant", "recording"])
    op.create_index(
        "ix_leg_agent_tenant_agent_id_started_us_recording",
        "leg_agent",
        ["tenant", "agent_id", "started_us", "recording"],
    )
    in_force = sa.Column("in_force", sa.SmallInteger, nullable=False, server_default=sa.text("1"))
    op.add_column("leg_address", in_force)
