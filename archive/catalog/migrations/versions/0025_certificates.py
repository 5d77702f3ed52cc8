"""Certificates of destruction; there is none yet.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Which certificate was given out must be true years later.
_KEPT_SQLITE = tuple(
    f"""CREATE TRIGGER certificate_is_not_{what}d
    BEFORE {what.upper()} ON certificate
    BEGIN SELECT RAISE(ABORT, 'certificates are only added'); END"""
    for what in ("update", "delete")
)
_KEPT_POSTGRESQL = (
    """CREATE FUNCTION certificates_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'certificates are only added'; END $$""",
    """CREATE TRIGGER certificate_stays
    BEFORE UPDATE OR DELETE OR TRUNCATE ON certificate
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_are_only_added()""",
)


def upgrade() -> None:
    """Make the table, which keeps every row."""
    op.create_table(
        "certificate",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("run", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("signed_us", sa.BigInteger, nullable=False),
        sa.Column("recordings", sa.Integer, nullable=False),
        sa.Column("one_person", sa.Integer, nullable=False),
        sa.Column("journal", ROW, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_certificate_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_certificate"),
        sa.UniqueConstraint("tenant", "number", name="uq_certificate_tenant_number"),
        sa.UniqueConstraint("tenant", "run", name="uq_certificate_tenant_run"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _KEPT_SQLITE if is_sqlite else _KEPT_POSTGRESQL:
        op.execute(statement)
