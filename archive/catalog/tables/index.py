"""The tables of the index: derived from the archive, may be deleted and replayed.

Knows nothing of what is written or asked, nor of the register.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    case,
    text,
)

from archive.catalog.tables.columns import (
    DIGEST,
    FOLDED,
    ID,
    ROW,
    ToldText,
    catalog,
    of_tenant,
    own_row,
    required,
)
from archive.catalog.tables.ledger import ledger_page, refused_call, refused_mention
from archive.catalog.tables.names import leg_name, leg_naming, naming, naming_word

conversation = Table(
    "conversation",
    catalog,
    own_row(),
    of_tenant(),
    Column("id", ID, nullable=False),
    # The conversation that it became part of; its id leads there. No foreign key, as in `leg_name`.
    Column("merged_into", ROW),
    UniqueConstraint("tenant", "id"),
    Index(None, "tenant", "merged_into"),
)

recording = Table(
    "recording",
    catalog,
    own_row(),
    of_tenant(),
    Column("id", ID, nullable=False),
    Column("conversation", ROW, ForeignKey("conversation.row"), nullable=False),
    required("source", ToldText),
    required("mode", Text),
    required("started_us", BigInteger),
    required("ended_us", BigInteger),
    required("duration_ms", BigInteger),
    required("direction", Text),
    required("flags", Text),
    required("state", Text),
    Column("direction_because", Text, nullable=False, server_default=text("''")),
    Column("held_ms", BigInteger, nullable=False, server_default=text("0")),
    # Of all its parts, RTP and RTCP: whether anything came, without asking each part.
    Column("packets", BigInteger, nullable=False, server_default=text("0")),
    # Of the files of all its parts.
    Column("size_bytes", BigInteger, nullable=False, server_default=text("0")),
    # By which rules its messages and documents were read for `mention`; 0: they never were.
    Column("read_form", SmallInteger, nullable=False, server_default=text("0")),
    # What decides how long it is kept, all alike in one class; NULL: not known. No foreign key, as
    # in `leg_name`.
    Column("retention_class", ROW),
    # By which form of the derivation its rows were made; below the present one they are made anew.
    Column("derived", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("tenant", "id"),
    Index(None, "tenant", "started_us", "id"),
    Index(None, "tenant", "duration_ms"),
    Index(None, "tenant", "conversation"),
    Index(None, "tenant", "derived"),
    Index(
        "ix_recording_unread",
        "tenant",
        "started_us",
        sqlite_where=text("read_form = 0"),
        postgresql_where=text("read_form = 0"),
    ),
    # What a search for a direction leaves out is counted.
    Index(
        "ix_recording_undirected",
        "tenant",
        "started_us",
        sqlite_where=text("direction = 'unknown'"),
        postgresql_where=text("direction = 'unknown'"),
    ),
    # Holds all that a simulation adds up, in the order in which it does. SQLite has the row in all.
    Index(
        None,
        "tenant",
        "retention_class",
        "ended_us",
        "size_bytes",
        postgresql_include=["row"],
    ),
)

retention_class = Table(
    "retention_class",
    catalog,
    own_row(),
    of_tenant(),
    Column("digest", DIGEST, nullable=False),
    # By which form of the derivation it was made, as in `recording`.
    required("form", Integer),
    # JSON of the values that a policy may ask.
    required("content", Text),
    UniqueConstraint("tenant", "digest"),
)

part = Table(
    "part",
    catalog,
    own_row(),
    of_tenant(),
    Column("recording", ROW, ForeignKey("recording.row"), nullable=False),
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
    required("packets", BigInteger),
    required("lost_ranges", Integer),
    Column("open_ends", Integer, nullable=False, server_default=text("0")),
    Column("sequences", Text, nullable=False, server_default=text("'[]'")),
    # NULL: it could not be read.
    Column("gaps", Text),
    # NULL: no packets came twice.
    Column("replays", Text),
    # NULL: nobody has read where its streams sound.
    Column("sounds", Text),
    required("end_reason", Text),
    required("is_last", SmallInteger),
    # Why the archive has it no more: `missing` or `damaged`; of all others empty.
    Column("lost", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("tenant", "recording", "part", "generation"),
)

# What its parts tell, in one row; `form` says how the body is written (`packed_bodies`).
packed_events = Table(
    "packed_events",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    required("form", SmallInteger),
    Column("body", LargeBinary, nullable=False),
    Index(None, "tenant", "recording"),
)

# The same one by one, of recordings from before `packed_events` whose rows were not made anew yet.
event = Table(
    "event",
    catalog,
    own_row(),
    of_tenant(),
    Column("recording", ROW, ForeignKey("recording.row"), nullable=False),
    required("serial", BigInteger),
    required("at_us", BigInteger),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("tenant", "recording", "serial"),
)

leg = Table(
    "leg",
    catalog,
    own_row(),
    of_tenant(),
    Column("recording", ROW, ForeignKey("recording.row"), nullable=False),
    required("started_us", BigInteger),
    required("participant", ToldText),
    required("instead_of", ToldText),
    required("side", Text),
    required("side_because", Text),
    Column("party", Text, nullable=False, server_default=text("''")),
    Column("party_because", Text, nullable=False, server_default=text("''")),
    required("name", ToldText),
    required("from_us", BigInteger),
    required("until_us", BigInteger),
    required("agent_id", Text),
    Column("agent_period", ROW, ForeignKey("agent_period.row")),
    required("attributed_by", Text),
    required("confidence", Text),
    Index(None, "tenant", "recording"),
    # The recording comes last so that a search never opens the rows that it only counts off.
    Index(None, "tenant", "agent_period", "started_us", "recording"),
)

leg_address = Table(
    "leg_address",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign keys, as in `leg_name`.
    Column("leg", ROW, nullable=False),
    Column("recording", ROW, nullable=False),
    required("started_us", BigInteger),
    required("aor", ToldText),
    required("raw", ToldText),
    required("e164", ToldText),
    Column("reversed_digits", FOLDED, nullable=False),
    required("last4", ToldText),
    # 0: it has been corrected; it is found, and decides nothing.
    Column("in_force", SmallInteger, nullable=False, server_default=text("1")),
    Index(None, "tenant", "recording"),
    Index(None, "tenant", "last4", "started_us", "recording"),
    Index(None, "tenant", "reversed_digits", "started_us", "recording"),
    Index(None, "tenant", "raw", "started_us", "recording"),
    # What is found by `raw` as it is by `e164` needs no second index.
    Index(
        "ix_leg_address_other_form",
        "tenant",
        "e164",
        "recording",
        sqlite_where=text("in_force = 1 AND e164 != '' AND e164 != raw"),
        postgresql_where=text("in_force = 1 AND e164 != '' AND e164 != raw"),
    ),
    Index(
        "ix_leg_address_corrected",
        "tenant",
        "in_force",
        "recording",
        sqlite_where=text("in_force = 0"),
        postgresql_where=text("in_force = 0"),
    ),
)

leg_agent = Table(
    "leg_agent",
    catalog,
    own_row(),
    of_tenant(),
    # Of corrected legs and those of a seat that was given to another; no foreign keys, as in
    # `leg_name`.
    Column("leg", ROW, nullable=False),
    Column("recording", ROW, nullable=False),
    required("started_us", BigInteger),
    required("agent_id", Text),
    required("in_force", SmallInteger),
    Index(None, "tenant", "recording"),
    Index(None, "tenant", "agent_id", "started_us", "recording"),
)

leg_stream = Table(
    "leg_stream",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign keys, as in `leg_name`.
    Column("leg", ROW, nullable=False),
    Column("recording", ROW, nullable=False),
    required("stream", Integer),
    required("way", Text),
    Index(None, "tenant", "recording"),
)

call_id = Table(
    "call_id",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    required("started_us", BigInteger),
    required("kind", ToldText),
    # Empty where it is as folded.
    required("value", ToldText),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "folded", "started_us", "recording"),
    Index(None, "tenant", "recording"),
)
told_id = case((call_id.c.value != "", call_id.c.value), else_=call_id.c.folded)

mark = Table(
    "mark",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    required("started_us", BigInteger),
    required("kind", ToldText),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "kind", "folded", "started_us", "recording"),
    Index(None, "tenant", "recording"),
)

# What was written about a call, tags and notes, in the pieces by which it is found.
text_piece = Table(
    "text_piece",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    required("started_us", BigInteger),
    Column("piece", FOLDED, nullable=False),
    Index(None, "tenant", "piece", "started_us", "recording"),
    Index(None, "tenant", "recording"),
)

# Numbers and names that a source tells beside participants: found and shown, they decide nothing.
mention = Table(
    "mention",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    required("started_us", BigInteger),
    # Which of the recording's it is: it may have a number, an address, a name, words of a name.
    required("nth", SmallInteger),
    required("kind", Text),
    required("told_as", Text),
    required("text", ToldText),
    required("e164", ToldText),
    Column("folded", FOLDED, nullable=False),
    # Holds all that a search by name asks.
    Index(None, "tenant", "kind", "folded", "started_us", "told_as", "nth", "recording"),
    Index(None, "tenant", "recording"),
)

tolerance = Table(
    "tolerance",
    catalog,
    own_row(),
    of_tenant(),
    # No foreign key, as in `leg_name`.
    Column("recording", ROW, nullable=False),
    required("source", ToldText),
    required("started_us", BigInteger),
    required("code", ToldText),
    required("detail", ToldText),
    Index(None, "tenant", "source", "code", "started_us"),
    Index(None, "tenant", "recording"),
)

# Children first: the order in which a rebuild empties the index.
INDEX_TABLES: Final = (
    refused_mention,
    refused_call,
    ledger_page,
    tolerance,
    mention,
    text_piece,
    mark,
    call_id,
    leg_name,
    leg_naming,
    naming_word,
    naming,
    leg_stream,
    leg_agent,
    leg_address,
    leg,
    event,
    packed_events,
    part,
    recording,
    retention_class,
    conversation,
)
