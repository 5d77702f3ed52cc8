"""The table of certificates of destruction: of the register, only added to.

Knows nothing of what a certificate says.
"""

from sqlalchemy import BigInteger, Column, Integer, Table, UniqueConstraint

from archive.catalog.tables.columns import DIGEST, ID, ROW, catalog, of_tenant, own_row, required

certificate = Table(
    "certificate",
    catalog,
    own_row(),
    of_tenant(),
    # By which the key daemon knows the run, and by which people do.
    Column("run", ID, nullable=False),
    required("number", BigInteger),
    Column("sha256", DIGEST, nullable=False),
    required("signed_us", BigInteger),
    required("recordings", Integer),
    # Whether one person wanted what takes two.
    required("one_person", Integer),
    # The place of its entry; no foreign key, as in `correction`.
    Column("journal", ROW, nullable=False),
    UniqueConstraint("tenant", "run"),
    UniqueConstraint("tenant", "number"),
)
