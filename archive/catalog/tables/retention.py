"""The tables of what decides how long recordings are kept: of the register, only added to.

Knows nothing of what a policy means.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from archive.catalog.tables.columns import (
    DIGEST,
    FOLDED,
    ROW,
    catalog,
    of_tenant,
    own_row,
    required,
)

retention_revision = Table(
    "retention_revision",
    catalog,
    own_row(),
    of_tenant(),
    # From 1 on, without a gap, for each tenant.
    required("number", Integer),
    required("text", Text),
    Column("sha256", DIGEST, nullable=False),
    required("taken_us", BigInteger),
    required("in_force_us", BigInteger),
    required("is_retroactive", Integer),
    required("author", Text),
    # Whether one person wanted what takes two.
    required("one_person", Integer),
    # The place of its entry; no foreign key, as in `correction`.
    Column("journal", ROW, nullable=False),
    UniqueConstraint("tenant", "number"),
)

# Revisions that were called back before they were in force.
revision_call_back = Table(
    "revision_call_back",
    catalog,
    own_row(),
    of_tenant(),
    required("number", Integer),
    required("called_us", BigInteger),
    required("author", Text),
    Column("journal", ROW, nullable=False),
    UniqueConstraint("tenant", "number"),
)

retention_event = Table(
    "retention_event",
    catalog,
    own_row(),
    of_tenant(),
    required("kind", Text),
    # As it was told, and as keys are compared.
    required("key", Text),
    Column("folded", FOLDED, nullable=False),
    # As 2026-04-01; NULL: it has not happened, whatever was told before.
    Column("day", Text),
    required("told_us", BigInteger),
    required("author", Text),
    required("one_person", Integer),
    # The place of its entry, as above.
    Column("journal", ROW, nullable=False),
    Index(None, "tenant", "folded", "kind"),
)
