"""The tables of what is to be destroyed and what was: plans, lines, counts, facts, certificates.

Of the register. Knows nothing of what makes a recording due. Lines keep the id of a recording until
it is gone, and its digest for ever. A run is what becomes of a plan; its certificate is only added.
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

from archive.catalog.tables.columns import DIGEST, ID, ROW, catalog, of_tenant, own_row, required
from archive.set_hash import HASH_BYTES

destruction_plan = Table(
    "destruction_plan",
    catalog,
    own_row(),
    of_tenant(),
    # By which the key daemon knows it; random.
    Column("id", ID, nullable=False),
    Column("sha256", DIGEST, nullable=False),
    required("decided_us", BigInteger),
    required("author", Text),
    required("recordings", Integer),
    required("size_bytes", BigInteger),
    required("cooling_off_h", Integer),
    # NULL where nobody needs to approve it.
    Column("proposal", ROW, ForeignKey("proposal.row")),
    Column("approved_us", BigInteger),
    Column("due_us", BigInteger),
    # Whether one person wanted what takes two.
    Column("one_person", Integer, nullable=False, server_default=text("0")),
    # Since when a person wants nothing more of it begun; else what has become of it says so alone.
    Column("stopped_us", BigInteger),
    # Since when the key daemon has all of it.
    Column("handed_us", BigInteger),
    # The run: since when, when something was last written down of it, what it waits for.
    Column("begun_us", BigInteger),
    Column("last_us", BigInteger),
    Column("waits", Text, nullable=False, server_default=text("''")),
    Column("ended_us", BigInteger),
    Column("ended", Text, nullable=False, server_default=text("''")),
    Column("ended_by", Text, nullable=False, server_default=text("''")),
    # Of one that was stopped: since when the key daemon destroys nothing of it.
    Column("keys_ended_us", BigInteger),
    UniqueConstraint("tenant", "id"),
    Index(None, "tenant", "ended_us"),
)

planned_recording = Table(
    "planned_recording",
    catalog,
    own_row(),
    of_tenant(),
    Column("plan", ROW, ForeignKey("destruction_plan.row"), nullable=False),
    Column("digest", DIGEST, nullable=False),
    # NULL once it is gone.
    Column("recording", ID),
    required("revision", Integer),
    required("rules", Text),
    required("size_bytes", BigInteger),
    # What of it goes: `whole`, its `audio`, or the `facts` that outlived that.
    Column("scope", Text, nullable=False, server_default=text("'whole'")),
    required("stage", Text),
    Column("cause", Text, nullable=False, server_default=text("''")),
    # What D3 and D4 need of it, while they are under way.
    Column("intention", Text, nullable=False, server_default=text("''")),
    Column("destroyed_us", BigInteger),
    UniqueConstraint("tenant", "plan", "digest"),
    Index(None, "tenant", "recording"),
    # What is under way is looked for in every round, whatever plan it is of.
    Index(None, "tenant", "stage", "plan"),
    Index(None, "tenant", "destroyed_us"),
)

# What is told of recordings whose audio is gone, or about to go: no rebuild touches it.
kept_facts = Table(
    "kept_facts",
    catalog,
    own_row(),
    of_tenant(),
    Column("recording", ID, nullable=False),
    # That of the recording's tombstone.
    Column("digest", DIGEST, nullable=False),
    Column("key_id", ID, nullable=False),
    required("kept_us", BigInteger),
    # By the rules of that day; NULL: no rule says.
    Column("until_us", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("tenant", "recording"),
    UniqueConstraint("tenant", "digest"),
)

standing_approval = Table(
    "standing_approval",
    catalog,
    own_row(),
    of_tenant(),
    required("revision", Integer),
    required("rule", Text),
    Column("plan", ROW, ForeignKey("destruction_plan.row"), nullable=False),
    required("given_us", BigInteger),
    Column("ended_us", BigInteger),
    Index(None, "tenant", "revision", "rule"),
)

# What the last walk over all recordings has found; in the place of the one before.
due_count = Table(
    "due_count",
    catalog,
    own_row(),
    of_tenant(),
    required("at_us", BigInteger),
    required("recordings", BigInteger),
    # Of what must go and is in no plan: how many by which reason, as JSON.
    required("reasons", Text),
    required("no_end", BigInteger),
    Column("oldest_no_end_us", BigInteger),
    UniqueConstraint("tenant"),
)

# Which tombstones there are, as a count and a hash of the set (`archive/set_hash.py`), kept with
# each: compared with what the keystore knows to be destroyed.
tombstone_count = Table(
    "tombstone_count",
    catalog,
    own_row(),
    of_tenant(),
    required("recordings", BigInteger),
    Column("total", LargeBinary(HASH_BYTES), nullable=False),
    UniqueConstraint("tenant"),
)

# Tombstones that two persons did not let destroy anything: they are not counted.
disputed_tombstone = Table(
    "disputed_tombstone",
    catalog,
    own_row(),
    of_tenant(),
    Column("digest", DIGEST, nullable=False),
    UniqueConstraint("tenant", "digest"),
)


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
