"""The catalog's tables, typed; the migrations make them, a test compares the two.

Those of the register are here: appended to, never rebuilt. Knows nothing of what is written or
asked.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from archive.catalog.tables.accounts import (
    os_name as os_name,
    role_gift as role_gift,
    service as service,
    token as token,
    user as user,
)
from archive.catalog.tables.approvals import (
    approval as approval,
    one_person as one_person,
    proposal as proposal,
    proposal_comment as proposal_comment,
    proposal_recording as proposal_recording,
)
from archive.catalog.tables.columns import (
    DIGEST,
    FLAGS_JOINED as FLAGS_JOINED,
    FOLDED,
    ID,
    ROW as ROW,
    catalog as catalog,
    of_tenant,
    own_row,
    required,
    tenant as tenant,
)
from archive.catalog.tables.copies import (
    column_copy as column_copy,
    index_identity as index_identity,
    recording_change as recording_change,
)
from archive.catalog.tables.credentials import (
    confirmation as confirmation,
    credential as credential,
    session as session,
    sign_in_code as sign_in_code,
)
from archive.catalog.tables.destruction import (
    certificate as certificate,
    destruction_plan as destruction_plan,
    disputed_tombstone as disputed_tombstone,
    due_count as due_count,
    kept_facts as kept_facts,
    planned_recording as planned_recording,
    standing_approval as standing_approval,
    tombstone_count as tombstone_count,
)
from archive.catalog.tables.holds import hold as hold, hold_recording as hold_recording
from archive.catalog.tables.index import (
    INDEX_TABLES as INDEX_TABLES,
    call_id as call_id,
    conversation as conversation,
    event as event,
    leg as leg,
    leg_address as leg_address,
    leg_agent as leg_agent,
    leg_stream as leg_stream,
    mark as mark,
    mention as mention,
    packed_events as packed_events,
    part as part,
    recording as recording,
    retention_class as retention_class,
    text_piece as text_piece,
    told_id as told_id,
    tolerance as tolerance,
)
from archive.catalog.tables.jobs import job as job
from archive.catalog.tables.ledger import (
    ledger_page as ledger_page,
    refused_call as refused_call,
    refused_mention as refused_mention,
)
from archive.catalog.tables.measures import (
    case_measure as case_measure,
    limit_round as limit_round,
    use_limit as use_limit,
)
from archive.catalog.tables.names import (
    leg_name as leg_name,
    leg_naming as leg_naming,
    naming as naming,
    naming_word as naming_word,
)
from archive.catalog.tables.retention import (
    retention_event as retention_event,
    retention_revision as retention_revision,
    revision_call_back as revision_call_back,
)

journal = Table(
    "journal",
    catalog,
    Column("seq", ROW, primary_key=True, autoincrement=True),
    of_tenant(),
    required("at_us", BigInteger),
    required("actor", Text),
    required("action", Text),
    required("target", Text),
    required("reason", Text),
    required("detail", Text),
    # The recordings on a page of a search, or whose keys are opened: their ids, one behind the
    # other; else NULL.
    Column("shown", LargeBinary),
    # Of its row in `journal_text`, with its salt; NULL: nobody typed anything.
    Column("text_digest", DIGEST),
    # Under which the key daemon remembers an entry that opens keys; of all others NULL.
    Column("opening", ID),
    Index(None, "tenant", "at_us"),
    Index(None, "tenant", "action", "at_us"),
    Index(None, "tenant", "actor", "at_us"),
    Index(None, "tenant", "target", "seq"),
    Index(
        None,
        "tenant",
        "opening",
        unique=True,
        sqlite_where=text("opening IS NOT NULL"),
        postgresql_where=text("opening IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# What people typed into an entry; when its rule has run, salt and text go and the row stays.
journal_text = Table(
    "journal_text",
    catalog,
    Column("entry", ROW, ForeignKey("journal.seq"), primary_key=True, autoincrement=False),
    of_tenant(),
    # The entry's own.
    required("at_us", BigInteger),
    Column("salt", DIGEST),
    Column("text", Text),
    Column("gone_us", BigInteger),
    Index(None, "tenant", "gone_us", "at_us", "entry"),
)

agent_import = Table(
    "agent_import",
    catalog,
    own_row(),
    of_tenant(),
    required("at_us", BigInteger),
    Column("sha256", DIGEST, nullable=False),
)

agent_period = Table(
    "agent_period",
    catalog,
    own_row(),
    of_tenant(),
    required("agent_id", Text),
    required("name", Text),
    required("kana", Text),
    required("romaji", Text),
    required("aliases", Text),
    required("extension", Text),
    required("valid_from_us", BigInteger),
    required("valid_to_us", BigInteger),
    Column("imported", ROW, ForeignKey("agent_import.row"), nullable=False),
    Column("superseded", ROW, ForeignKey("agent_import.row")),
    # As it is written, and as roles reach it.
    Column("team", Text, nullable=False, server_default=text("''")),
    Column("team_folded", FOLDED, nullable=False, server_default=text("''")),
    Index(None, "tenant", "extension", "valid_from_us"),
)

agent_name = Table(
    "agent_name",
    catalog,
    own_row(),
    of_tenant(),
    Column("period", ROW, ForeignKey("agent_period.row"), nullable=False),
    Column("folded", FOLDED, nullable=False),
    Index(None, "tenant", "folded"),
)

correction = Table(
    "correction",
    catalog,
    own_row(),
    of_tenant(),
    # The recording's id: rows of the index are other ones after a rebuild.
    Column("recording", ID, nullable=False),
    required("author", Text),
    required("at_us", BigInteger),
    required("reason", Text),
    Column("change", LargeBinary, nullable=False),
    required("was", Text),
    # The place of its entry. No foreign key: the journal is to become a log of its own.
    Column("journal", ROW, nullable=False),
    Index(None, "tenant", "recording"),
    sqlite_autoincrement=True,
)

tombstone = Table(
    "tombstone",
    catalog,
    own_row(),
    of_tenant(),
    # Of the recording's id, which is nowhere else afterwards but in the journal.
    Column("digest", DIGEST, nullable=False),
    required("destroyed_us", BigInteger),
    # The place of its entry; no foreign key, as in `correction`.
    Column("journal", ROW, nullable=False),
    # Of its call's id; the hour in which it began; what a reach may name, JSON lists, folded.
    Column("call_digest", DIGEST),
    Column("hour_us", BigInteger),
    Column("queues", Text, nullable=False, server_default=text("''")),
    Column("teams", Text, nullable=False, server_default=text("''")),
    Column("controllers", Text, nullable=False, server_default=text("''")),
    Column("revision", Integer),
    Column("rules", Text, nullable=False, server_default=text("''")),
    Column("plan", BigInteger),
    # What went: `whole`, `audio` (its facts are kept until then; NULL: no rule says), or `facts`.
    Column("scope", Text, nullable=False, server_default=text("'whole'")),
    Column("facts_until_us", BigInteger),
    UniqueConstraint("tenant", "digest"),
    Index(None, "tenant", "call_digest"),
    Index(None, "tenant", "hour_us"),
    Index(None, "tenant", "destroyed_us"),
)

# The seal of each row that decides who may do what (`archive.catalog.journal.sealed_rows`).
row_seal = Table(
    "row_seal",
    catalog,
    own_row(),
    required("of_table", Integer),
    Column("of_row", ROW, nullable=False),
    required("counter", BigInteger),
    Column("mac", LargeBinary(16), nullable=False),
    UniqueConstraint("of_table", "of_row"),
)
