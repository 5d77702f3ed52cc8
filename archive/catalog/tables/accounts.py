"""The tables of people, services and tokens: of the register, appended to and ended, never deleted.

Knows nothing of what a role or a scope allows: here they are texts.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from archive.catalog.tables.columns import DIGEST, ROW, catalog, of_tenant, own_row, required

_IN_FORCE = text("ended_us IS NULL")


def _of_user(name: str = "user") -> Column[int]:
    return Column(name, ROW, ForeignKey("user.row"), nullable=False)


def _by_user(name: str) -> Column[int]:
    """The user whose doing it was; NULL where it was nobody's: root's, or a migration's."""
    return Column(name, ROW, ForeignKey("user.row"))


user = Table(
    "user",
    catalog,
    own_row(),
    of_tenant(),
    required("name", Text),
    required("created_us", BigInteger),
    _by_user("created_by"),
    Column("disabled_us", BigInteger),
    required("purpose", Text),
    UniqueConstraint("tenant", "name"),
)

service = Table(
    "service",
    catalog,
    own_row(),
    of_tenant(),
    required("name", Text),
    required("created_us", BigInteger),
    _by_user("created_by"),
    required("reach", Text),
    UniqueConstraint("tenant", "name"),
)

role_gift = Table(
    "role_gift",
    catalog,
    own_row(),
    of_tenant(),
    _of_user(),
    required("role", Text),
    required("reach", Text),
    required("given_us", BigInteger),
    _by_user("given_by"),
    Column("ended_us", BigInteger),
    Index(None, "tenant", "user"),
)

os_name = Table(
    "os_name",
    catalog,
    own_row(),
    of_tenant(),
    required("name", Text),
    _of_user(),
    required("given_us", BigInteger),
    _by_user("given_by"),
    # As of a sign-in code.
    Column("is_reset", Integer, nullable=False, server_default=text("0")),
    Column("ended_us", BigInteger),
    # One name of the operating system is one person at a time.
    Index(
        "uq_os_name_in_force",
        "tenant",
        "name",
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    ),
)

token = Table(
    "token",
    catalog,
    own_row(),
    of_tenant(),
    Column("user", ROW, ForeignKey("user.row")),
    Column("service", ROW, ForeignKey("service.row")),
    Column("digest", DIGEST, nullable=False, unique=True),
    required("scopes", Text),
    required("created_us", BigInteger),
    required("expires_us", BigInteger),
    Column("revoked_us", BigInteger),
    required("note", Text),
    required("purpose", Text),
    Column("last_used_us", BigInteger),
    _by_user("issued_by"),
    CheckConstraint('("user" IS NULL) <> (service IS NULL)', name="ck_token_holder"),
)
