"""People, services, and tokens of either; who had a token before is a service of that name.

Nobody proved that a user of earlier versions is a person, so none is one. Their tokens go on as
they are, with the cases and the purpose that they could always state. Knows nothing of `tables.py`:
a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{name}_tenant"),
        sa.PrimaryKeyConstraint("row", name=f"pk_{name}"),
    )


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _no_time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger)


def _refers(table: str, column: str, to: str = "user") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.row"], name=f"fk_{table}_{column}")


def _named_once(table: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("tenant", "name", name=f"uq_{table}_tenant_name")


def _accounts() -> None:
    _table(
        "user",
        _text("name"),
        _time("created_us"),
        sa.Column("created_by", ROW),
        _no_time("disabled_us"),
        _text("purpose"),
        _refers("user", "created_by"),
        _named_once("user"),
    )
    _table(
        "service",
        _text("name"),
        _time("created_us"),
        sa.Column("created_by", ROW),
        _text("reach"),
        _refers("service", "created_by"),
        _named_once("service"),
    )


def _given(table: str, *columns: sa.schema.SchemaItem) -> None:
    _table(
        table,
        *columns,
        sa.Column("user", ROW, nullable=False),
        _time("given_us"),
        sa.Column("given_by", ROW),
        _no_time("ended_us"),
        _refers(table, "user"),
        _refers(table, "given_by"),
    )


def _gifts() -> None:
    _given("role_gift", _text("role"), _text("reach"))
    op.create_index("ix_role_gift_tenant_user", "role_gift", ["tenant", "user"])
    _given("os_name", _text("name"))
    in_force = sa.text("ended_us IS NULL")
    op.create_index(
        "uq_os_name_in_force",
        "os_name",
        ["tenant", "name"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def _tokens() -> None:
    _table(
        "token",
        sa.Column("user", ROW),
        sa.Column("service", ROW),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        _text("scopes"),
        _time("created_us"),
        _time("expires_us"),
        _no_time("revoked_us"),
        _text("note"),
        _text("purpose"),
        _no_time("last_used_us"),
        sa.Column("issued_by", ROW),
        _refers("token", "user"),
        _refers("token", "service", "service"),
        _refers("token", "issued_by"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
        sa.CheckConstraint('("user" IS NULL) <> (service IS NULL)', name="ck_token_holder"),
    )


def _copy() -> None:
    op.execute(
        "INSERT INTO service (row, tenant, name, created_us, reach)"
        " SELECT row, tenant, name, created_us, '{}' FROM former_user"
    )
    op.execute(
        "INSERT INTO token (row, tenant, service, digest, scopes, created_us, expires_us,"
        " revoked_us, note, purpose)"
        " SELECT row, tenant, \"user\", digest, trim(scopes || ' purpose:case'), created_us,"
        " expires_us, revoked_us, '', 'technical' FROM former_token"
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('service', 'row'), max(row)) FROM service")
        op.execute("SELECT setval(pg_get_serial_sequence('token', 'row'), max(row)) FROM token")


def upgrade() -> None:
    """Put the former rows aside, make the tables anew, and take the rows over."""
    op.execute('CREATE TABLE former_user AS SELECT * FROM "user"')
    op.execute("CREATE TABLE former_token AS SELECT * FROM token")
    op.drop_table("token")
    op.drop_table("user")
    _accounts()
    _gifts()
    _tokens()
    _copy()
    for table in ("user", "token"):
        op.drop_table(f"former_{table}")
