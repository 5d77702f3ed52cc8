"""The catalog's tables, typed; the migrations make them, a test compares the two.

Knows nothing of what is written or asked. Times are int64 µs since 1970 UTC, ids 16-byte blobs,
row ids integers that nobody outside sees; every key leads with the tenant.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# SQLite gives ids by itself only to a column that it calls INTEGER.
ROW: Final = BigInteger().with_variant(Integer(), "sqlite")
ID: Final = LargeBinary(16)
DIGEST: Final = LargeBinary(32)
# Sorted by code point in every database, so that a range of texts is a stretch of the index.
FOLDED: Final = Text().with_variant(Text(collation="C"), "postgresql")
# Between the flags of a recording, which are one value.
FLAGS_JOINED: Final = ","

catalog = MetaData(naming_convention=NAMING)


def _row() -> Column[int]:
    return Column("row", ROW, primary_key=True, autoincrement=True)


def _tenant() -> Column[int]:
    return Column("tenant", ROW, ForeignKey("tenant.row"), nullable=False)


def _required(name: str, kind: type[Integer | Text]) -> Column[object]:
    return Column(name, kind, nullable=False)


tenant = Table("tenant", catalog, _row(), Column("id", ID, nullable=False, unique=True))

# ---- register: appended to, never rebuilt -------------------------------------------------

journal = Table(
    "journal",
    catalog,
    Column("seq", ROW, primary_key=True, autoincrement=True),
    _tenant(),
    _required("at_us", BigInteger),
    _required("actor", Text),
    _required("action", Text),
    _required("target", Text),
    _required("reason", Text),
    _required("detail", Text),
    Index(None, "tenant", "at_us"),
    Index(None, "tenant", "target", "seq"),
    sqlite_autoincrement=True,
)

user = Table(
    "user",
    catalog,
    _row(),
    _tenant(),
    _required("name", Text),
    _required("created_us", BigInteger),
    UniqueConstraint("tenant", "name"),
)

token = Table(
    "token",
    catalog,
    _row(),
    _tenant(),
    Column("user", ROW, ForeignKey("user.row"), nullable=False),
    Column("digest", DIGEST, nullable=False, unique=True),
    _required("scopes", Text),
    _required("created_us", BigInteger),
    _required("expires_us", BigInteger),
    Column("revoked_us", BigInteger),
)

agent_import = Table(
    "agent_import",
    catalog,
    _row(),
    _tenant(),
    _required("at_us", BigInteger),
    Column("sha256", DIGEST, nullable=False),
)

agent_period = Table(
    "agent_period",
    catalog,
    _row(),
    _tenant(),
    _required("agent_id", Text),
    _required("name", Text),
    _required("kana", Text),
    _required("romaji", Text),
    _required("aliases", Text),
    _required("extension", Text),
    _required("valid_from_us", BigInteger),
    _required("valid_to_us", BigInteger),
    Column("imported", ROW, ForeignKey("agent_import.row"), nullable=False),
    Column("superseded", ROW, ForeignKey("agent_import.row")),
    Index(None, "tenant", "extension", "valid_from_us"),
)

agent_name = Table(
    "agent_name",
    catalog,
    _row(),
    _tenant(),
    Column("period", ROW, ForeignKey("agent_period.row"), nullable=False),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "folded"),
)

# ---- index: derived, may be deleted and replayed ------------------------------------------

conversation = Table(
    "conversation",
    catalog,
    _row(),
    _tenant(),
    Column("id", ID, nullable=False),
    # The conversation that it became part of; its id leads there. No foreign key, as in `leg_name`.
    Column("merged_into", ROW),
    UniqueConstraint("tenant", "id"),
    Index(None, "tenant", "merged_into"),
)

recording = Table(
    "recording",
    catalog,
    _row(),
    _tenant(),
    Column("id", ID, nullable=False),
    Column("conversation", ROW, ForeignKey("conversation.row"), nullable=False),
    _required("source", Text),
    _required("mode", Text),
    _required("started_us", BigInteger),
    _required("ended_us", BigInteger),
    _required("duration_ms", BigInteger),
    _required("direction", Text),
    _required("flags", Text),
    _required("state", Text),
    Column("direction_because", Text, nullable=False, server_default=text("''")),
    Column("held_ms", BigInteger, nullable=False, server_default=text("0")),
    # By which form of the derivation its rows were made; below the present one they are made anew.
    Column("derived", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("tenant", "id"),
    Index(None, "tenant", "started_us", "id"),
    Index(None, "tenant", "duration_ms"),
    Index(None, "tenant", "conversation"),
    Index(None, "tenant", "derived"),
)

part = Table(
    "part",
    catalog,
    _row(),
    _tenant(),
    Column("recording", ROW, ForeignKey("recording.row"), nullable=False),
    _required("part", Integer),
    _required("generation", Integer),
    Column("node", ID, nullable=False),
    Column("key_id", ID, nullable=False),
    _required("path", Text),
    _required("map_path", Text),
    _required("size_bytes", BigInteger),
    Column("sha256", DIGEST, nullable=False),
    _required("segments", BigInteger),
    _required("created_us", BigInteger),
    _required("first_us", BigInteger),
    _required("last_us", BigInteger),
    _required("packets", BigInteger),
    _required("lost_ranges", Integer),
    Column("open_ends", Integer, nullable=False, server_default=text("0")),
    Column("sequences", Text, nullable=False, server_default=text("'[]'")),
    _required("end_reason", Text),
    _required("is_last", SmallInteger),
    UniqueConstraint("tenant", "recording", "part", "generation"),
)

event = Table(
    "event",
    catalog,
    _row(),
    _tenant(),
    Column("recording", ROW, ForeignKey("recording.row"), nullable=False),
    _required("serial", BigInteger),
    _required("at_us", BigInteger),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("tenant", "recording", "serial"),
)

leg = Table(
    "leg",
    catalog,
    _row(),
    _tenant(),
    Column("recording", ROW, ForeignKey("recording.row"), nullable=False),
    _required("started_us", BigInteger),
    _required("participant", Text),
    _required("instead_of", Text),
    _required("side", Text),
    _required("side_because", Text),
    _required("name", Text),
    _required("from_us", BigInteger),
    _required("until_us", BigInteger),
    _required("agent_id", Text),
    Column("agent_period", ROW, ForeignKey("agent_period.row")),
    _required("attributed_by", Text),
    _required("confidence", Text),
    Index(None, "tenant", "recording"),
    # The recording comes last so that a search never opens the rows that it only counts off.
    Index(None, "tenant", "agent_period", "started_us", "recording"),
)

leg_address = Table(
    "leg_address",
    catalog,
    _row(),
    _tenant(),
    # No foreign keys, as in `leg_name`.
    Column("leg", ROW, nullable=False),
    Column("recording", ROW, nullable=False),
    _required("started_us", BigInteger),
    _required("aor", Text),
    _required("raw", Text),
    _required("e164", Text),
    Column("reversed_digits", FOLDED, nullable=False),
    _required("last4", Text),
    Index(None, "tenant", "recording"),
    Index(None, "tenant", "last4", "started_us", "recording"),
    Index(None, "tenant", "reversed_digits", "started_us", "recording"),
    Index(None, "tenant", "raw", "started_us", "recording"),
)

leg_stream = Table(
    "leg_stream",
    catalog,
    _row(),
    _tenant(),
    # No foreign keys, as in `leg_name`.
    Column("leg", ROW, nullable=False),
    Column("recording", ROW, nullable=False),
    _required("stream", Integer),
    _required("way", Text),
    Index(None, "tenant", "recording"),
)

leg_name = Table(
    "leg_name",
    catalog,
    _row(),
    _tenant(),
    # No foreign keys: checking them would search this table for each leg that is replaced.
    Column("leg", ROW, nullable=False),
    Column("recording", ROW, nullable=False),
    _required("started_us", BigInteger),
    _required("side", Text),
    _required("text", Text),
    _required("language", Text),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "folded", "started_us"),
    Index(None, "tenant", "recording"),
)

call_id = Table(
    "call_id",
    catalog,
    _row(),
    _tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    _required("started_us", BigInteger),
    _required("kind", Text),
    _required("value", Text),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "folded", "started_us", "recording"),
    Index(None, "tenant", "recording"),
)

mark = Table(
    "mark",
    catalog,
    _row(),
    _tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    _required("started_us", BigInteger),
    _required("kind", Text),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "kind", "folded", "started_us", "recording"),
    Index(None, "tenant", "recording"),
)

tolerance = Table(
    "tolerance",
    catalog,
    _row(),
    _tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    _required("source", Text),
    _required("started_us", BigInteger),
    _required("code", Text),
    _required("detail", Text),
    Index(None, "tenant", "source", "code", "started_us"),
    Index(None, "tenant", "recording"),
)

refused_call = Table(
    "refused_call",
    catalog,
    _row(),
    _tenant(),
    # The ledger page; no foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    _required("started_us", BigInteger),
    _required("source", Text),
    _required("peer", Text),
    _required("call_id", Text),
    _required("from_value", Text),
    _required("to_value", Text),
    _required("status", Integer),
    _required("reason", Text),
    _required("detail", Text),
    Index(None, "tenant", "started_us"),
    Index(None, "tenant", "recording"),
    Index(None, "tenant", "call_id", "started_us"),
)

# Children first: the order in which a rebuild empties the index.
INDEX_TABLES: Final = (
    refused_call,
    tolerance,
    mark,
    call_id,
    leg_name,
    leg_stream,
    leg_address,
    leg,
    event,
    part,
    recording,
    conversation,
)
