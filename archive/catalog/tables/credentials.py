"""The tables of what proves a person to a page: of the register, ended and never deleted.

Knows nothing of passwords, of how secrets are sealed, nor of how long anything is in force.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from archive.catalog.tables.columns import DIGEST, ROW, catalog, of_tenant, own_row, required

# Of each kind a person has one; one that is begun and not yet proved may stand beside it.
_IN_FORCE = text("set_us IS NOT NULL AND ended_us IS NULL")

credential = Table(
    "credential",
    catalog,
    own_row(),
    of_tenant(),
    Column("user", ROW, ForeignKey("user.row"), nullable=False),
    required("kind", Text),
    # What it is checked against: a hash, or what only the part `api` can open.
    Column("secret", LargeBinary, nullable=False),
    required("begun_us", BigInteger),
    # NULL until the person has shown that it has it.
    Column("set_us", BigInteger),
    # Of one-time passwords: the step of time that was used last.
    Column("last_step", BigInteger),
    Column("ended_us", BigInteger),
    Index(None, "tenant", "user"),
    Index(
        "uq_credential_in_force",
        "tenant",
        "user",
        "kind",
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    ),
)

sign_in_code = Table(
    "sign_in_code",
    catalog,
    own_row(),
    of_tenant(),
    # NULL: of the first administrator, whom nobody has made yet.
    Column("user", ROW, ForeignKey("user.row")),
    Column("digest", DIGEST, nullable=False, unique=True),
    # The stage of the session that it begins.
    required("stage", Text),
    required("made_us", BigInteger),
    Column("made_by", ROW, ForeignKey("user.row")),
    # `account`: by whoever may; `start`: by the server, good until it starts again.
    required("maker", Text),
    # Whether the person could come in before; 1: it speaks for nobody for a while.
    Column("is_reset", Integer, nullable=False, server_default=text("0")),
    required("expires_us", BigInteger),
    # When it was used, another one took its place, or the person set a credential.
    Column("ended_us", BigInteger),
    Index(None, "tenant", "user"),
)

session = Table(
    "session",
    catalog,
    own_row(),
    of_tenant(),
    Column("user", ROW, ForeignKey("user.row"), nullable=False),
    Column("digest", DIGEST, nullable=False, unique=True),
    # Of the secret that it had before `rotated_us`.
    Column("former_digest", DIGEST),
    required("stage", Text),
    Column("form_key", LargeBinary(32), nullable=False),
    required("purpose", Text),
    required("began_us", BigInteger),
    required("rotated_us", BigInteger),
    required("used_us", BigInteger),
    # When its person showed in it all that it signs in by; NULL: never.
    Column("shown_us", BigInteger),
    # It ends so long after its last use, and at the latest then.
    required("idle_us", BigInteger),
    required("expires_us", BigInteger),
    Column("ended_us", BigInteger),
    Index(None, "tenant", "user"),
    Index(None, "tenant", "former_digest"),
)

# That a person is who it says; in force until another way in is laid for it.
confirmation = Table(
    "confirmation",
    catalog,
    own_row(),
    of_tenant(),
    Column("user", ROW, ForeignKey("user.row"), nullable=False),
    required("given_us", BigInteger),
    # NULL: by root.
    Column("given_by", ROW, ForeignKey("user.row")),
    Column("ended_us", BigInteger),
    Index(None, "tenant", "user"),
)
