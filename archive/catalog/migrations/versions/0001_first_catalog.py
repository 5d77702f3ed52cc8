"""The first catalog: register and index.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ID = sa.LargeBinary(16)
DIGEST = sa.LargeBinary(32)
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_APPEND_ONLY_SQLITE = (
    """CREATE TRIGGER journal_keeps_its_rows BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
    """CREATE TRIGGER journal_keeps_its_words BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
    # REPLACE deletes without waking the first trigger.
    """CREATE TRIGGER journal_keeps_its_places BEFORE INSERT ON journal
    WHEN NEW.seq IN (SELECT seq FROM journal)
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
)
_APPEND_ONLY_POSTGRESQL = (
    """CREATE FUNCTION journal_is_appended_to() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the journal is only appended to'; END $$""",
    """CREATE TRIGGER journal_keeps_its_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_appended_to()""",
)


def upgrade() -> None:
    """Make the register, the journal's guard, then the index."""
    _tenant()
    _journal()
    _user()
    _token()
    _agent_import()
    _agent_period()
    _agent_name()
    _guard_journal()
    _conversation()
    _recording()
    _part()
    _event()
    _leg()
    _leg_name()


def _guard_journal() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _APPEND_ONLY_SQLITE if sqlite else _APPEND_ONLY_POSTGRESQL:
        op.execute(statement)


def _tenant() -> None:
    op.create_table(
        "tenant",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_tenant"),
        sa.UniqueConstraint("id", name="uq_tenant_id"),
    )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_journal_tenant"),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_tenant_at_us", "journal", ["tenant", "at_us"])
    op.create_index("ix_journal_tenant_target_seq", "journal", ["tenant", "target", "seq"])


def _user() -> None:
    op.create_table(
        "user",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_user_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_user"),
        sa.UniqueConstraint("tenant", "name", name="uq_user_tenant_name"),
    )


def _token() -> None:
    op.create_table(
        "token",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("user", ROW, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
        sa.Column("revoked_us", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_token_tenant"),
        sa.ForeignKeyConstraint(["user"], ["user.row"], name="fk_token_user"),
        sa.PrimaryKeyConstraint("row", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
    )


def _agent_import() -> None:
    op.create_table(
        "agent_import",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("sha256", DIGEST, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_agent_import_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_agent_import"),
    )


def _agent_period() -> None:
    op.create_table(
        "agent_period",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kana", sa.Text, nullable=False),
        sa.Column("romaji", sa.Text, nullable=False),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("extension", sa.Text, nullable=False),
        sa.Column("valid_from_us", sa.BigInteger, nullable=False),
        sa.Column("valid_to_us", sa.BigInteger, nullable=False),
        sa.Column("imported", ROW, nullable=False),
        sa.Column("superseded", ROW, nullable=True),
        sa.ForeignKeyConstraint(
            ["imported"], ["agent_import.row"], name="fk_agent_period_imported"
        ),
        sa.ForeignKeyConstraint(
            ["superseded"], ["agent_import.row"], name="fk_agent_period_superseded"
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_agent_period_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_agent_period"),
    )
    op.create_index(
        "ix_agent_period_tenant_extension_valid_from_us",
        "agent_period",
        ["tenant", "extension", "valid_from_us"],
    )


def _agent_name() -> None:
    op.create_table(
        "agent_name",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("period", ROW, nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        sa.ForeignKeyConstraint(["period"], ["agent_period.row"], name="fk_agent_name_period"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_agent_name_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_agent_name"),
    )
    op.create_index("ix_agent_name_tenant_folded", "agent_name", ["tenant", "folded"])


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_conversation_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_conversation"),
        sa.UniqueConstraint("tenant", "id", name="uq_conversation_tenant_id"),
    )


def _recording() -> None:
    op.create_table(
        "recording",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation", ROW, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("ended_us", sa.BigInteger, nullable=False),
        sa.Column("duration_ms", sa.BigInteger, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("flags", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.row"], name="fk_recording_conversation"
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_recording_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_recording"),
        sa.UniqueConstraint("tenant", "id", name="uq_recording_tenant_id"),
    )
    op.create_index("ix_recording_tenant_conversation", "recording", ["tenant", "conversation"])
    op.create_index("ix_recording_tenant_duration_ms", "recording", ["tenant", "duration_ms"])
    op.create_index(
        "ix_recording_tenant_started_us_id", "recording", ["tenant", "started_us", "id"]
    )


def _part() -> None:
    op.create_table(
        "part",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("node", ID, nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("map_path", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", DIGEST, nullable=False),
        sa.Column("segments", sa.BigInteger, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("first_us", sa.BigInteger, nullable=False),
        sa.Column("last_us", sa.BigInteger, nullable=False),
        sa.Column("packets", sa.BigInteger, nullable=False),
        sa.Column("lost_ranges", sa.Integer, nullable=False),
        sa.Column("end_reason", sa.Text, nullable=False),
        sa.Column("is_last", sa.SmallInteger, nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recording.row"], name="fk_part_recording"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_part_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_part"),
        sa.UniqueConstraint(
            "tenant",
            "recording",
            "part",
            "generation",
            name="uq_part_tenant_recording_part_generation",
        ),
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("serial", sa.BigInteger, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recording.row"], name="fk_event_recording"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_event_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_event"),
        sa.UniqueConstraint(
            "tenant", "recording", "serial", name="uq_event_tenant_recording_serial"
        ),
    )


def _leg() -> None:
    op.create_table(
        "leg",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("stream", sa.Integer, nullable=False),
        sa.Column("participant", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("side_guessed", sa.SmallInteger, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.Column("e164", sa.Text, nullable=False),
        sa.Column("reversed_digits", FOLDED, nullable=False),
        sa.Column("last4", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("from_us", sa.BigInteger, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("agent_period", ROW, nullable=True),
        sa.Column("attributed_by", sa.Text, nullable=False),
        sa.Column("confidence", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["agent_period"], ["agent_period.row"], name="fk_leg_agent_period"),
        sa.ForeignKeyConstraint(["recording"], ["recording.row"], name="fk_leg_recording"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_leg_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_leg"),
    )
    for column in ("agent_period", "last4", "reversed_digits"):
        op.create_index(
            f"ix_leg_tenant_{column}_started_us_recording",
            "leg",
            ["tenant", column, "started_us", "recording"],
        )
    op.create_index("ix_leg_tenant_raw_from_us", "leg", ["tenant", "raw", "from_us"])
    op.create_index("ix_leg_tenant_recording", "leg", ["tenant", "recording"])


def _leg_name() -> None:
    op.create_table(
        "leg_name",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("leg", ROW, nullable=False),
        sa.Column("recording", ROW, nullable=False),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_leg_name_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_leg_name"),
    )
    op.create_index(
        "ix_leg_name_tenant_folded_started_us", "leg_name", ["tenant", "folded", "started_us"]
    )
    op.create_index("ix_leg_name_tenant_recording", "leg_name", ["tenant", "recording"])
