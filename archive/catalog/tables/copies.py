"""The tables by which copies of the index follow it: what changed, and who is how far.

Knows nothing of what a copy holds. No part of the index: a rebuild goes on with them.
"""

from sqlalchemy import BigInteger, Column, Table, UniqueConstraint

from archive.catalog.tables.columns import ID, catalog, of_tenant, own_row, required

# A place for each recording whose rows changed; only the last ones are kept, the very last always.
recording_change = Table(
    "recording_change",
    catalog,
    own_row(),
    of_tenant(),
    required("sequence", BigInteger),
    # Its row, which may be gone or another recording's by now; of another index it says nothing.
    required("changed_row", BigInteger),
    # At random: the same place in a catalog that was restored and went on otherwise has another.
    Column("drawn", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("tenant", "sequence"),
)

# One row: whose numbers of rows these are; another one where they may be given anew.
index_identity = Table("index_identity", catalog, own_row(), Column("id", ID, nullable=False))

# A process that keeps a copy, and the last change that is in it.
column_copy = Table(
    "column_copy",
    catalog,
    own_row(),
    of_tenant(),
    Column("id", ID, nullable=False),
    required("sequence", BigInteger),
    required("seen_us", BigInteger),
    UniqueConstraint("tenant", "id"),
)
