"""The tables of what two persons must want: of the register, ended and never deleted.

Knows nothing of the rules.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from archive.catalog.tables.columns import (
    DIGEST,
    ID,
    ROW,
    CleanText,
    catalog,
    of_tenant,
    own_row,
    required,
)

proposal = Table(
    "proposal",
    catalog,
    own_row(),
    of_tenant(),
    required("kind", Text),
    Column("digest", DIGEST, nullable=False),
    required("summary", Text),
    Column("proposed_by", ROW, ForeignKey("user.row"), nullable=False),
    required("proposed_us", BigInteger),
    Column("withdrawn_us", BigInteger),
    # Who said no, when, and why; NULL where nobody did.
    Column("rejected_by", ROW, ForeignKey("user.row")),
    Column("rejected_us", BigInteger),
    Column("rejection", CleanText),
    Column("carried_us", BigInteger),
    # Whether it was one person that wanted it; NULL until it is carried out.
    Column("one_person", Integer),
    # That it is past its end was written into the journal.
    Column("expired_us", BigInteger),
    Index(None, "tenant", "proposed_us"),
)

# Which recordings it is about, where it is about some: by them it lies within a reach or beyond.
proposal_recording = Table(
    "proposal_recording",
    catalog,
    own_row(),
    of_tenant(),
    Column("proposal", ROW, ForeignKey("proposal.row"), nullable=False),
    Column("recording", ID, nullable=False),
    Index(None, "tenant", "proposal"),
)

# What persons say of it to each other.
proposal_comment = Table(
    "proposal_comment",
    catalog,
    own_row(),
    of_tenant(),
    Column("proposal", ROW, ForeignKey("proposal.row"), nullable=False),
    Column("given_by", ROW, ForeignKey("user.row"), nullable=False),
    required("given_us", BigInteger),
    required("content", Text),
    Index(None, "tenant", "proposal"),
)

approval = Table(
    "approval",
    catalog,
    own_row(),
    of_tenant(),
    Column("proposal", ROW, ForeignKey("proposal.row"), nullable=False),
    Column("given_by", ROW, ForeignKey("user.row"), nullable=False),
    required("given_us", BigInteger),
    required("one_person", Integer),
    Column("withdrawn_us", BigInteger),
    Index(None, "tenant", "proposal"),
)

one_person = Table(
    "one_person",
    catalog,
    own_row(),
    of_tenant(),
    required("declared_us", BigInteger),
    # NULL where it was said at the first start.
    Column("proposal", ROW, ForeignKey("proposal.row")),
    Column("ended_us", BigInteger),
    Index(None, "tenant", "ended_us"),
)
