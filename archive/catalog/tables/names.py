"""The tables of the index of what legs are called: derived, as all of it.

Knows nothing of what is written or asked.
"""

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint

from archive.catalog.tables.columns import (
    DIGEST,
    FOLDED,
    ROW,
    ToldText,
    catalog,
    of_tenant,
    own_row,
    required,
)

# What legs are called, each set once: `content` is JSON, texts with their languages; the digest is
# of that and of the form by which its words were found.
naming = Table(
    "naming",
    catalog,
    own_row(),
    of_tenant(),
    Column("digest", DIGEST, nullable=False),
    required("content", Text),
    UniqueConstraint("tenant", "digest"),
)

naming_word = Table(
    "naming_word",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign key, as in `leg_name`.
    Column("naming", ROW, nullable=False),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "folded", "naming"),
    Index(None, "tenant", "naming"),
)

# A row for each side that a leg with names is or was on.
leg_naming = Table(
    "leg_naming",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign keys, as in `leg_name`.
    Column("leg", ROW, nullable=False),
    Column("recording", ROW, nullable=False),
    required("started_us", BigInteger),
    required("side", Text),
    Column("naming", ROW, nullable=False),
    # Holds all that a search asks: hundreds of thousands of legs may be called Tanaka.
    Index(None, "tenant", "naming", "started_us", "side", "recording"),
    Index(None, "tenant", "recording"),
)

# The same with a row for each word, of recordings from before `naming` whose rows were not made
# anew yet.
leg_name = Table(
    "leg_name",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign keys: checking them would search this table for each leg that is replaced.
    Column("leg", ROW, nullable=False),
    Column("recording", ROW, nullable=False),
    required("started_us", BigInteger),
    required("side", Text),
    required("text", ToldText),
    required("language", ToldText),
    Column("folded", FOLDED, nullable=False),
    # Holds all that a search asks, as in `leg_naming`.
    Index(None, "tenant", "folded", "started_us", "side", "leg", "recording"),
    Index(None, "tenant", "recording"),
)
