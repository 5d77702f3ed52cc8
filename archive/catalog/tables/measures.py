"""The tables of what limits the use of recordings: of the register, named by their ids.

Knows nothing of who may limit or of what a limit means.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from archive.catalog.tables.columns import ID, ROW, catalog, of_tenant, own_row, required

case_measure = Table(
    "case_measure",
    catalog,
    own_row(),
    of_tenant(),
    Column("recording", ID, nullable=False),
    required("kind", Text),
    required("case_id", Text),
    required("whole_conversation", Integer),
    required("taken_us", BigInteger),
    required("author", Text),
    # Whether one person wanted what takes two.
    required("one_person", Integer),
    # The place of its entry; no foreign key, as in `correction`.
    Column("journal", ROW, nullable=False),
    # NULL as long as it is in force.
    Column("lifted_us", BigInteger),
    Column("lifted_journal", BigInteger),
    Index(None, "tenant", "lifted_us", "recording"),
    Index(None, "tenant", "case_id"),
)

# From when on a recording is past its maximum while a minimum keeps it, and for what it is left.
use_limit = Table(
    "use_limit",
    catalog,
    own_row(),
    of_tenant(),
    Column("recording", ID, nullable=False),
    required("asset", Text),
    required("from_us", BigInteger),
    # Each between two line ends, so that one is never found as a part of another.
    required("purposes", Text),
    required("revision", Integer),
    UniqueConstraint("tenant", "recording", "asset"),
    Index(None, "tenant", "asset", "recording"),
)

# How far the last round is that judges all recordings; `after` is a row of `conversation`.
limit_round = Table(
    "limit_round",
    catalog,
    own_row(),
    of_tenant(),
    # Which revisions judged; others begin a round of their own.
    required("revisions", Text),
    required("after", BigInteger),
    required("done", BigInteger),
    required("total", BigInteger),
    required("begun_us", BigInteger),
    # NULL while it goes.
    Column("ended_us", BigInteger),
    UniqueConstraint("tenant"),
)
