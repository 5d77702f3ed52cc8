"""What proves a person to a page: credentials, sign-in codes, sessions.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DIGEST = sa.LargeBinary(32)


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{name}_tenant"),
        sa.ForeignKeyConstraint(["user"], ["user.row"], name=f"fk_{name}_user"),
        sa.PrimaryKeyConstraint("row", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_tenant_user", name, ["tenant", "user"])


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _no_time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger)


def _credentials() -> None:
    _table(
        "credential",
        sa.Column("user", ROW, nullable=False),
        _text("kind"),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        _time("begun_us"),
        _no_time("set_us"),
        _no_time("last_step"),
        _no_time("ended_us"),
    )
    in_force = sa.text("set_us IS NOT NULL AND ended_us IS NULL")
    op.create_index(
        "uq_credential_in_force",
        "credential",
        ["tenant", "user", "kind"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def _codes() -> None:
    _table(
        "sign_in_code",
        sa.Column("user", ROW),
        sa.Column("digest", DIGEST, nullable=False),
        _text("stage"),
        _time("made_us"),
        sa.Column("made_by", ROW),
        _text("maker"),
        _time("expires_us"),
        _no_time("ended_us"),
        sa.ForeignKeyConstraint(["made_by"], ["user.row"], name="fk_sign_in_code_made_by"),
        sa.UniqueConstraint("digest", name="uq_sign_in_code_digest"),
    )


def _sessions() -> None:
    _table(
        "session",
        sa.Column("user", ROW, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("former_digest", DIGEST),
        _text("stage"),
        sa.Column("form_key", sa.LargeBinary(32), nullable=False),
        _text("purpose"),
        _time("began_us"),
        _time("rotated_us"),
        _time("used_us"),
        _time("idle_us"),
        _time("expires_us"),
        _no_time("ended_us"),
        sa.UniqueConstraint("digest", name="uq_session_digest"),
    )
    op.create_index("ix_session_tenant_former_digest", "session", ["tenant", "former_digest"])


def upgrade() -> None:
    """Empty tables."""
    _credentials()
    _codes()
    _sessions()
