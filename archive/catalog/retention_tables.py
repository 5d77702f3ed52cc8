"""The tables of what decides how long recordings are kept: of the register, only added to.

Knows nothing of what a policy means.
"""

from sqlalchemy import BigInteger, Column, Integer, Table, Text, UniqueConstraint

from archive.catalog.columns import DIGEST, ROW, catalog, of_tenant, own_row, required

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
