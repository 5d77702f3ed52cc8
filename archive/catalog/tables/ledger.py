"""The tables of the ledger: pages of calls without a recording, derived from the archive too.

Knows nothing of what is written or asked, nor of recordings.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from archive.catalog.tables.columns import (
    DIGEST,
    FOLDED,
    ID,
    ToldText,
    catalog,
    of_tenant,
    own_row,
    required,
)

# A sealed file that tells of calls without a recording, by its parts; it is no recording.
ledger_page = Table(
    "ledger_page",
    catalog,
    own_row(),
    of_tenant(),
    Column("id", ID, nullable=False),
    required("part", Integer),
    required("generation", Integer),
    Column("node", ID, nullable=False),
    Column("key_id", ID, nullable=False),
    required("path", Text),
    required("map_path", Text),
    required("size_bytes", BigInteger),
    Column("sha256", DIGEST, nullable=False),
    required("segments", BigInteger),
    required("created_us", BigInteger),
    required("first_us", BigInteger),
    required("last_us", BigInteger),
    required("end_reason", Text),
    required("is_last", SmallInteger),
    # As in `recording`, of the rows of its calls.
    required("derived", Integer),
    UniqueConstraint("tenant", "id", "part", "generation"),
    Index(None, "tenant", "derived"),
)

refused_call = Table(
    "refused_call",
    catalog,
    own_row(),
    of_tenant(),
    # The id of its ledger page, and which event of that it is.
    Column("page", ID, nullable=False),
    required("serial", BigInteger),
    required("started_us", BigInteger),
    required("source", ToldText),
    required("peer", ToldText),
    required("call_id", ToldText),
    required("from_value", ToldText),
    required("to_value", ToldText),
    required("status", Integer),
    required("reason", ToldText),
    required("detail", ToldText),
    # The event, of which the rest is made.
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("tenant", "page", "serial"),
    # The order of the ledger.
    Index(None, "tenant", "started_us", "page", "serial"),
    Index(None, "tenant", "call_id", "started_us"),
)

refused_mention = Table(
    "refused_mention",
    catalog,
    own_row(),
    of_tenant(),
    # Whose it is, as in `refused_call`.
    Column("page", ID, nullable=False),
    required("serial", BigInteger),
    required("started_us", BigInteger),
    # The rest as in `mention`.
    required("nth", SmallInteger),
    required("kind", Text),
    required("told_as", Text),
    required("text", ToldText),
    required("e164", ToldText),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "kind", "folded", "started_us", "page", "serial"),
    Index(None, "tenant", "page"),
)
