"""The tables of legal holds: of the register, so that no rebuild of the index lets go of anything.

They name recordings by their ids. Knows nothing of who may place one, nor of keys.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from archive.catalog.tables.columns import ID, ROW, catalog, of_tenant, own_row, required

hold = Table(
    "hold",
    catalog,
    own_row(),
    of_tenant(),
    # By which the key daemon knows it; people say its row.
    Column("id", ID, nullable=False),
    required("matter", Text),
    required("reason", Text),
    # The day on which somebody looks whether it is still needed, as YYYY-MM-DD.
    required("review_on", Text),
    required("whole_conversation", Integer),
    required("future", Integer),
    required("author", Text),
    # NULL: nobody's, a service's that no user issued.
    Column("placed_by", ROW, ForeignKey("user.row")),
    required("placed_us", BigInteger),
    # The place of its entry; no foreign key, as in `correction`.
    Column("journal", ROW, nullable=False),
    # From here on it changes; nothing above ever does.
    # What was asked for, as `archive/lifecycle/hold_scope.py` writes it: it may tell a number,
    # which goes with the hold.
    required("scope", Text),
    Column("active_us", BigInteger),
    Column("cancelled_us", BigInteger),
    Column("released_us", BigInteger),
    # Until then what it held is kept all the same.
    Column("grace_until_us", BigInteger),
    # Whether it was one person that let go of it.
    Column("one_person", Integer),
    # Since when the key daemon holds nothing for it any more.
    Column("let_go_us", BigInteger),
    # How many keys the key daemon kept for it when it last said so.
    Column("kept_keys", BigInteger, nullable=False, server_default=text("0")),
    UniqueConstraint("tenant", "id"),
)

hold_recording = Table(
    "hold_recording",
    catalog,
    own_row(),
    of_tenant(),
    Column("hold", ROW, ForeignKey("hold.row"), nullable=False),
    Column("recording", ID, nullable=False),
    required("noted_us", BigInteger),
    # `placed`, or why it came later: `part`, `changed`.
    required("because", Text),
    # `meant`: its keys are to be held; `held`; `destroyed`, `unknown`: it was too late.
    required("state", Text),
    # When it was, where that is known.
    Column("destroyed_us", BigInteger),
    UniqueConstraint("tenant", "hold", "recording"),
    Index(None, "tenant", "recording"),
    # Few at any time, among millions that are held.
    Index(
        "ix_hold_recording_meant",
        "tenant",
        "hold",
        "recording",
        sqlite_where=text("state = 'meant'"),
        postgresql_where=text("state = 'meant'"),
    ),
)
