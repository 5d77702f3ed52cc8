"""The first schema of the catalog: its tables, their indexes, and what guards those only added to.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import secrets
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

# Numbers below were those of catalogs from before the first release, which none leads from to here.
revision = "0108"
down_revision = None
branch_labels = None
depends_on = None

ROW: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LONG: Final = sa.BigInteger()
INT: Final = sa.Integer()
SHORT: Final = sa.SmallInteger()
TEXT: Final = sa.Text()
BYTES: Final = sa.LargeBinary()
# Sorted by code point in every database.
FOLDED: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SCHEMA: Final = sa.MetaData(
    naming_convention={
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Items = list[SchemaItem]


def _bare(name: str, *groups: Items, sqlite_autoincrement: bool = False) -> None:
    items = (each for group in groups for each in group)
    sa.Table(name, _SCHEMA, *items, sqlite_autoincrement=sqlite_autoincrement)


def _table(name: str, *groups: Items, sqlite_autoincrement: bool = False) -> None:
    own = (_key("row"), _to("tenant"))
    _bare(name, *own, *groups, sqlite_autoincrement=sqlite_autoincrement)


def _key(name: str, *of: sa.ForeignKey) -> Items:
    return [sa.Column(name, ROW, *of, primary_key=True, autoincrement=not of)]


def _to(name: str, table: str = "") -> Items:
    return [sa.Column(name, ROW, sa.ForeignKey(f"{table or name}.row"), nullable=False)]


def _perhaps_to(name: str, table: str = "") -> Items:
    return [sa.Column(name, ROW, sa.ForeignKey(f"{table or name}.row"))]


def _required(kind: sa.types.TypeEngine[Any], *names: str) -> Items:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _optional(kind: sa.types.TypeEngine[Any], *names: str) -> Items:
    return [sa.Column(name, kind) for name in names]


def _default(kind: sa.types.TypeEngine[Any], default: str, *names: str) -> Items:
    said = sa.text(default)
    return [sa.Column(name, kind, nullable=False, server_default=said) for name in names]


def _unique(*names: str) -> Items:
    return [sa.UniqueConstraint(*names)]


def _mentioned() -> Items:
    """A number, address, queue or word of a name, and as what it was told."""
    return [
        *_required(LONG, "started_us"),
        *_required(SHORT, "nth"),
        *_required(TEXT, "kind", "told_as", "text", "e164"),
        *_required(FOLDED, "folded"),
    ]


_bare("tenant", _key("row"), _required(BYTES, "id"), _unique("id"))
_table(
    "user",
    _required(TEXT, "name"),
    _required(LONG, "created_us"),
    _perhaps_to("created_by", "user"),
    _optional(LONG, "disabled_us"),
    _required(TEXT, "purpose"),
    _unique("tenant", "name"),
)
_table(
    "service",
    _required(TEXT, "name"),
    _required(LONG, "created_us"),
    _perhaps_to("created_by", "user"),
    _required(TEXT, "reach"),
    _unique("tenant", "name"),
)
_table(
    "role_gift",
    _to("user"),
    _required(TEXT, "role", "reach"),
    _required(LONG, "given_us"),
    _perhaps_to("given_by", "user"),
    _optional(LONG, "ended_us"),
)
_table(
    "os_name",
    _required(TEXT, "name"),
    _to("user"),
    _required(LONG, "given_us"),
    _perhaps_to("given_by", "user"),
    _default(INT, "0", "is_reset"),
    _optional(LONG, "ended_us"),
)
_table(
    "token",
    _perhaps_to("user"),
    _perhaps_to("service"),
    _required(BYTES, "digest"),
    _required(TEXT, "scopes"),
    _required(LONG, "created_us", "expires_us"),
    _optional(LONG, "revoked_us"),
    _required(TEXT, "note", "purpose"),
    _optional(LONG, "last_used_us"),
    _perhaps_to("issued_by", "user"),
    [sa.CheckConstraint('("user" IS NULL) <> (service IS NULL)', name="ck_token_holder")],
    _unique("digest"),
)
_table(
    "proposal",
    _required(TEXT, "kind"),
    _required(BYTES, "digest"),
    _required(TEXT, "summary"),
    _to("proposed_by", "user"),
    _required(LONG, "proposed_us"),
    _optional(LONG, "withdrawn_us", "carried_us"),
    _optional(INT, "one_person"),
    _optional(LONG, "expired_us"),
    _perhaps_to("rejected_by", "user"),
    _optional(LONG, "rejected_us"),
    _optional(TEXT, "rejection"),
)
_table("proposal_recording", _to("proposal"), _required(BYTES, "recording"))
_table(
    "proposal_comment",
    _to("proposal"),
    _to("given_by", "user"),
    _required(LONG, "given_us"),
    _required(TEXT, "content"),
)
_table(
    "approval",
    _to("proposal"),
    _to("given_by", "user"),
    _required(LONG, "given_us"),
    _required(INT, "one_person"),
    _optional(LONG, "withdrawn_us"),
)
_table(
    "one_person",
    _required(LONG, "declared_us"),
    _perhaps_to("proposal"),
    _optional(LONG, "ended_us"),
)
_table(
    "certificate",
    _required(BYTES, "run"),
    _required(LONG, "number"),
    _required(BYTES, "sha256"),
    _required(LONG, "signed_us"),
    _required(INT, "recordings", "one_person"),
    _required(ROW, "journal"),
    _unique("tenant", "number"),
    _unique("tenant", "run"),
)
_table(
    "credential",
    _to("user"),
    _required(TEXT, "kind"),
    _required(BYTES, "secret"),
    _required(LONG, "begun_us"),
    _optional(LONG, "set_us", "last_step", "ended_us"),
)
_table(
    "sign_in_code",
    _perhaps_to("user"),
    _required(BYTES, "digest"),
    _required(TEXT, "stage"),
    _required(LONG, "made_us"),
    _perhaps_to("made_by", "user"),
    _required(TEXT, "maker"),
    _default(INT, "0", "is_reset"),
    _required(LONG, "expires_us"),
    _optional(LONG, "ended_us"),
    _unique("digest"),
)
_table(
    "session",
    _to("user"),
    _required(BYTES, "digest"),
    _optional(BYTES, "former_digest"),
    _required(TEXT, "stage"),
    _required(BYTES, "form_key"),
    _required(TEXT, "purpose"),
    _required(LONG, "began_us", "rotated_us", "used_us"),
    _optional(LONG, "shown_us"),
    _required(LONG, "idle_us", "expires_us"),
    _optional(LONG, "ended_us"),
    _unique("digest"),
)
_table(
    "confirmation",
    _to("user"),
    _required(LONG, "given_us"),
    _perhaps_to("given_by", "user"),
    _optional(LONG, "ended_us"),
)
_table(
    "destruction_plan",
    _required(BYTES, "id", "sha256"),
    _required(LONG, "decided_us"),
    _required(TEXT, "author"),
    _required(INT, "recordings"),
    _required(LONG, "size_bytes"),
    _required(INT, "cooling_off_h"),
    _perhaps_to("proposal"),
    _optional(LONG, "approved_us", "due_us"),
    _default(INT, "0", "one_person"),
    _optional(LONG, "stopped_us", "handed_us", "begun_us", "last_us"),
    _default(TEXT, "''", "waits"),
    _optional(LONG, "ended_us"),
    _default(TEXT, "''", "ended", "ended_by"),
    _optional(LONG, "keys_ended_us"),
    _unique("tenant", "id"),
)
_table(
    "planned_recording",
    _to("plan", "destruction_plan"),
    _required(BYTES, "digest"),
    _optional(BYTES, "recording"),
    _required(INT, "revision"),
    _required(TEXT, "rules"),
    _required(LONG, "size_bytes"),
    _default(TEXT, "'whole'", "scope"),
    _required(TEXT, "stage"),
    _default(TEXT, "''", "cause", "intention"),
    _optional(LONG, "destroyed_us"),
    _unique("tenant", "plan", "digest"),
)
_table(
    "kept_facts",
    _required(BYTES, "recording", "digest", "key_id"),
    _required(LONG, "kept_us"),
    _optional(LONG, "until_us"),
    _required(BYTES, "sealed"),
    _unique("tenant", "recording"),
    _unique("tenant", "digest"),
)
_table(
    "standing_approval",
    _required(INT, "revision"),
    _required(TEXT, "rule"),
    _to("plan", "destruction_plan"),
    _required(LONG, "given_us"),
    _optional(LONG, "ended_us"),
)
_table(
    "due_count",
    _required(LONG, "at_us", "recordings"),
    _required(TEXT, "reasons"),
    _required(LONG, "no_end"),
    _optional(LONG, "oldest_no_end_us"),
    _unique("tenant"),
)
_table(
    "tombstone_count", _required(LONG, "recordings"), _required(BYTES, "total"), _unique("tenant")
)
_table("disputed_tombstone", _required(BYTES, "digest"), _unique("tenant", "digest"))
_table(
    "hold",
    _required(BYTES, "id"),
    _required(TEXT, "matter", "reason", "review_on"),
    _required(INT, "whole_conversation", "future"),
    _required(TEXT, "author"),
    _perhaps_to("placed_by", "user"),
    _required(LONG, "placed_us"),
    _required(ROW, "journal"),
    _required(TEXT, "scope"),
    _optional(LONG, "active_us", "cancelled_us", "released_us", "grace_until_us"),
    _optional(INT, "one_person"),
    _optional(LONG, "let_go_us"),
    _default(LONG, "0", "kept_keys"),
    _unique("tenant", "id"),
)
_table(
    "hold_recording",
    _to("hold"),
    _required(BYTES, "recording"),
    _required(LONG, "noted_us"),
    _required(TEXT, "because", "state"),
    _optional(LONG, "destroyed_us"),
    _unique("tenant", "hold", "recording"),
)
_table(
    "conversation", _required(BYTES, "id"), _optional(ROW, "merged_into"), _unique("tenant", "id")
)
_table(
    "recording",
    _required(BYTES, "id"),
    _to("conversation"),
    _required(TEXT, "source", "mode"),
    _required(LONG, "started_us", "ended_us", "duration_ms"),
    _required(TEXT, "direction", "flags", "state"),
    _default(TEXT, "''", "direction_because"),
    _default(LONG, "0", "held_ms", "packets", "size_bytes"),
    _optional(ROW, "retention_class"),
    _default(INT, "0", "derived"),
    _default(SHORT, "0", "read_form"),
    _unique("tenant", "id"),
)
_table(
    "retention_class",
    _required(BYTES, "digest"),
    _required(INT, "form"),
    _required(TEXT, "content"),
    _unique("tenant", "digest"),
)
_table(
    "part",
    _to("recording"),
    _required(INT, "part", "generation"),
    _required(BYTES, "node", "key_id"),
    _required(TEXT, "path", "map_path"),
    _required(LONG, "size_bytes"),
    _required(BYTES, "sha256"),
    _required(LONG, "segments", "created_us", "first_us", "last_us", "packets"),
    _required(INT, "lost_ranges"),
    _default(INT, "0", "open_ends"),
    _default(TEXT, "'[]'", "sequences"),
    _optional(TEXT, "gaps", "replays"),
    _required(TEXT, "end_reason"),
    _required(SHORT, "is_last"),
    _default(TEXT, "''", "lost"),
    _optional(TEXT, "sounds"),
    _unique("tenant", "recording", "part", "generation"),
)
_table(
    "event",
    _to("recording"),
    _required(LONG, "serial", "at_us"),
    _required(BYTES, "body"),
    _unique("tenant", "recording", "serial"),
)
_table(
    "packed_events", _required(ROW, "recording"), _required(SHORT, "form"), _required(BYTES, "body")
)
_table(
    "leg",
    _to("recording"),
    _required(LONG, "started_us"),
    _required(TEXT, "participant", "instead_of", "side", "side_because", "name"),
    _required(LONG, "from_us", "until_us"),
    _required(TEXT, "agent_id"),
    _perhaps_to("agent_period"),
    _required(TEXT, "attributed_by", "confidence"),
    _default(TEXT, "''", "party", "party_because"),
)
_table(
    "leg_address",
    _required(ROW, "leg", "recording"),
    _required(LONG, "started_us"),
    _required(TEXT, "aor", "raw", "e164"),
    _required(FOLDED, "reversed_digits"),
    _required(TEXT, "last4"),
    _default(SHORT, "1", "in_force"),
)
_table(
    "leg_agent",
    _required(ROW, "leg", "recording"),
    _required(LONG, "started_us"),
    _required(TEXT, "agent_id"),
    _required(SHORT, "in_force"),
)
_table(
    "leg_stream",
    _required(ROW, "leg", "recording"),
    _required(INT, "stream"),
    _required(TEXT, "way"),
)
_table(
    "leg_name",
    _required(ROW, "leg", "recording"),
    _required(LONG, "started_us"),
    _required(TEXT, "side", "text", "language"),
    _required(FOLDED, "folded"),
)
_table(
    "naming", _required(BYTES, "digest"), _required(TEXT, "content"), _unique("tenant", "digest")
)
_table("naming_word", _required(ROW, "naming"), _required(FOLDED, "folded"))
_table(
    "leg_naming",
    _required(ROW, "leg", "recording"),
    _required(LONG, "started_us"),
    _required(TEXT, "side"),
    _required(ROW, "naming"),
)
_table(
    "text_piece",
    _required(ROW, "recording"),
    _required(LONG, "started_us"),
    _required(FOLDED, "piece"),
)
_table(
    "call_id",
    _required(ROW, "recording"),
    _required(LONG, "started_us"),
    _required(TEXT, "kind", "value"),
    _required(FOLDED, "folded"),
)
_table(
    "mark",
    _required(ROW, "recording"),
    _required(LONG, "started_us"),
    _required(TEXT, "kind"),
    _required(FOLDED, "folded"),
)
_table("mention", _required(ROW, "recording"), _mentioned())
_table(
    "tolerance",
    _required(ROW, "recording"),
    _required(TEXT, "source"),
    _required(LONG, "started_us"),
    _required(TEXT, "code", "detail"),
)
_table(
    "ledger_page",
    _required(BYTES, "id"),
    _required(INT, "part", "generation"),
    _required(BYTES, "node", "key_id"),
    _required(TEXT, "path", "map_path"),
    _required(LONG, "size_bytes"),
    _required(BYTES, "sha256"),
    _required(LONG, "segments", "created_us", "first_us", "last_us"),
    _required(TEXT, "end_reason"),
    _required(SHORT, "is_last"),
    _required(INT, "derived"),
    _unique("tenant", "id", "part", "generation"),
)
_table(
    "refused_call",
    _required(BYTES, "page"),
    _required(LONG, "serial", "started_us"),
    _required(TEXT, "source", "peer", "call_id", "from_value", "to_value"),
    _required(INT, "status"),
    _required(TEXT, "reason", "detail"),
    _required(BYTES, "body"),
    _unique("tenant", "page", "serial"),
)
_table("refused_mention", _required(BYTES, "page"), _required(LONG, "serial"), _mentioned())
_table(
    "job",
    _required(TEXT, "kind", "arguments", "author"),
    _required(LONG, "ordered_us"),
    _required(TEXT, "state"),
    _required(LONG, "due_us"),
    _optional(TEXT, "holder"),
    _optional(LONG, "begun_us", "until_us", "beaten_us"),
    _required(LONG, "done", "total"),
    _required(TEXT, "history"),
    _optional(LONG, "cancel_us"),
    _optional(TEXT, "result"),
    sqlite_autoincrement=True,
)
_table(
    "case_measure",
    _required(BYTES, "recording"),
    _required(TEXT, "kind", "case_id"),
    _required(INT, "whole_conversation"),
    _required(LONG, "taken_us"),
    _required(TEXT, "author"),
    _required(INT, "one_person"),
    _required(ROW, "journal"),
    _optional(LONG, "lifted_us", "lifted_journal"),
)
_table(
    "use_limit",
    _required(BYTES, "recording"),
    _required(TEXT, "asset"),
    _required(LONG, "from_us"),
    _required(TEXT, "purposes"),
    _required(INT, "revision"),
    _unique("tenant", "recording", "asset"),
)
_table(
    "limit_round",
    _required(TEXT, "revisions"),
    _required(LONG, "after", "done", "total", "begun_us"),
    _optional(LONG, "ended_us"),
    _unique("tenant"),
)
_table(
    "retention_revision",
    _required(INT, "number"),
    _required(TEXT, "text"),
    _required(BYTES, "sha256"),
    _required(LONG, "taken_us", "in_force_us"),
    _required(INT, "is_retroactive"),
    _required(TEXT, "author"),
    _required(INT, "one_person"),
    _required(ROW, "journal"),
    _unique("tenant", "number"),
)
_table(
    "revision_call_back",
    _required(INT, "number"),
    _required(LONG, "called_us"),
    _required(TEXT, "author"),
    _required(ROW, "journal"),
    _unique("tenant", "number"),
)
_table(
    "retention_event",
    _required(TEXT, "kind", "key"),
    _required(FOLDED, "folded"),
    _optional(TEXT, "day"),
    _required(LONG, "told_us"),
    _required(TEXT, "author"),
    _required(INT, "one_person"),
    _required(ROW, "journal"),
)
_bare(
    "journal",
    _key("seq"),
    _to("tenant"),
    _required(LONG, "at_us"),
    _required(TEXT, "actor", "action", "target", "reason", "detail"),
    _optional(BYTES, "shown", "text_digest", "opening"),
    sqlite_autoincrement=True,
)
_bare(
    "journal_text",
    _key("entry", sa.ForeignKey("journal.seq")),
    _to("tenant"),
    _required(LONG, "at_us"),
    _optional(BYTES, "salt"),
    _optional(TEXT, "text"),
    _optional(LONG, "gone_us"),
)
_table("agent_import", _required(LONG, "at_us"), _required(BYTES, "sha256"))
_table(
    "agent_period",
    _required(TEXT, "agent_id", "name", "kana", "romaji", "aliases", "extension"),
    _required(LONG, "valid_from_us", "valid_to_us"),
    _to("imported", "agent_import"),
    _perhaps_to("superseded", "agent_import"),
    _default(TEXT, "''", "team"),
    _default(FOLDED, "''", "team_folded"),
)
_table("agent_name", _to("period", "agent_period"), _required(FOLDED, "folded"))
_table(
    "correction",
    _required(BYTES, "recording"),
    _required(TEXT, "author"),
    _required(LONG, "at_us"),
    _required(TEXT, "reason"),
    _required(BYTES, "change"),
    _required(TEXT, "was"),
    _required(ROW, "journal"),
    sqlite_autoincrement=True,
)
_table(
    "tombstone",
    _required(BYTES, "digest"),
    _required(LONG, "destroyed_us"),
    _required(ROW, "journal"),
    _optional(BYTES, "call_digest"),
    _optional(LONG, "hour_us"),
    _default(TEXT, "''", "queues", "teams", "controllers"),
    _optional(INT, "revision"),
    _default(TEXT, "''", "rules"),
    _optional(LONG, "plan"),
    _default(TEXT, "'whole'", "scope"),
    _optional(LONG, "facts_until_us"),
    _unique("tenant", "digest"),
)
_table(
    "recording_change",
    _required(LONG, "sequence", "changed_row"),
    _default(LONG, "0", "drawn"),
    _unique("tenant", "sequence"),
)
_bare("index_identity", _key("row"), _required(BYTES, "id"))
_table(
    "column_copy",
    _required(BYTES, "id"),
    _required(LONG, "sequence", "seen_us"),
    _unique("tenant", "id"),
)
_bare(
    "row_seal",
    _key("row"),
    _required(INT, "of_table"),
    _required(ROW, "of_row"),
    _required(LONG, "counter"),
    _required(BYTES, "mac"),
    _unique("of_table", "of_row"),
)

# In this order, by which SQLite chooses between two that are as good.
_INDEXES: Final = (
    ("role_gift", "tenant", "user"),
    ("proposal", "tenant", "proposed_us"),
    ("proposal_recording", "tenant", "proposal"),
    ("approval", "tenant", "proposal"),
    ("one_person", "tenant", "ended_us"),
    ("credential", "tenant", "user"),
    ("sign_in_code", "tenant", "user"),
    ("session", "tenant", "user"),
    ("session", "tenant", "former_digest"),
    ("confirmation", "tenant", "user"),
    ("destruction_plan", "tenant", "ended_us"),
    ("planned_recording", "tenant", "recording"),
    ("planned_recording", "tenant", "destroyed_us"),
    ("planned_recording", "tenant", "stage", "plan"),
    ("standing_approval", "tenant", "revision", "rule"),
    ("hold_recording", "tenant", "recording"),
    ("conversation", "tenant", "merged_into"),
    ("recording", "tenant", "conversation"),
    ("recording", "tenant", "duration_ms"),
    ("recording", "tenant", "started_us", "id"),
    ("recording", "tenant", "derived"),
    ("leg", "tenant", "agent_period", "started_us", "recording"),
    ("leg", "tenant", "recording"),
    ("leg_address", "tenant", "recording"),
    ("leg_address", "tenant", "last4", "started_us", "recording"),
    ("leg_address", "tenant", "reversed_digits", "started_us", "recording"),
    ("leg_address", "tenant", "raw", "started_us", "recording"),
    ("leg_agent", "tenant", "recording"),
    ("leg_agent", "tenant", "agent_id", "started_us", "recording"),
    ("leg_stream", "tenant", "recording"),
    ("leg_name", "tenant", "recording"),
    ("leg_name", "tenant", "folded", "started_us", "side", "leg", "recording"),
    ("call_id", "tenant", "folded", "started_us", "recording"),
    ("call_id", "tenant", "recording"),
    ("mark", "tenant", "kind", "folded", "started_us", "recording"),
    ("mark", "tenant", "recording"),
    ("tolerance", "tenant", "source", "code", "started_us"),
    ("tolerance", "tenant", "recording"),
    ("ledger_page", "tenant", "derived"),
    ("refused_call", "tenant", "started_us", "page", "serial"),
    ("refused_call", "tenant", "call_id", "started_us"),
    ("job", "tenant", "kind", "state"),
    ("case_measure", "tenant", "case_id"),
    ("retention_event", "tenant", "folded", "kind"),
    ("journal", "tenant", "at_us"),
    ("journal", "tenant", "target", "seq"),
    ("journal", "tenant", "action", "at_us"),
    ("journal", "tenant", "actor", "at_us"),
    ("journal_text", "tenant", "gone_us", "at_us", "entry"),
    ("agent_period", "tenant", "extension", "valid_from_us"),
    ("agent_name", "tenant", "folded"),
    ("correction", "tenant", "recording"),
    ("tombstone", "tenant", "call_digest"),
    ("tombstone", "tenant", "hour_us"),
    ("mention", "tenant", "kind", "folded", "started_us", "told_as", "nth", "recording"),
    ("mention", "tenant", "recording"),
    ("refused_mention", "tenant", "kind", "folded", "started_us", "page", "serial"),
    ("refused_mention", "tenant", "page"),
    ("packed_events", "tenant", "recording"),
    ("naming_word", "tenant", "folded", "naming"),
    ("naming_word", "tenant", "naming"),
    ("leg_naming", "tenant", "naming", "started_us", "side", "recording"),
    ("leg_naming", "tenant", "recording"),
    ("text_piece", "tenant", "piece", "started_us", "recording"),
    ("text_piece", "tenant", "recording"),
    # By which is found what may not be ranked.
    ("use_limit", "tenant", "asset", "recording"),
    ("case_measure", "tenant", "lifted_us", "recording"),
    ("tombstone", "tenant", "destroyed_us"),
    ("proposal_comment", "tenant", "proposal"),
)
# With the rows that each has alone, and whether it has each of them once.
_PARTIAL: Final = (
    ("uq_os_name_in_force", "os_name", ("tenant", "name"), "ended_us IS NULL", True),
    (
        "uq_credential_in_force",
        "credential",
        ("tenant", "user", "kind"),
        "set_us IS NOT NULL AND ended_us IS NULL",
        True,
    ),
    ("uq_job_tenant_kind_running", "job", ("tenant", "kind"), "state = 'running'", True),
    (
        "ix_hold_recording_meant",
        "hold_recording",
        ("tenant", "hold", "recording"),
        "state = 'meant'",
        False,
    ),
    (
        "ix_leg_address_other_form",
        "leg_address",
        ("tenant", "e164", "recording"),
        "in_force = 1 AND e164 != '' AND e164 != raw",
        False,
    ),
    (
        "ix_leg_address_corrected",
        "leg_address",
        ("tenant", "in_force", "recording"),
        "in_force = 0",
        False,
    ),
    ("ix_journal_tenant_opening", "journal", ("tenant", "opening"), "opening IS NOT NULL", True),
    ("ix_recording_unread", "recording", ("tenant", "started_us"), "read_form = 0", False),
    (
        "ix_recording_undirected",
        "recording",
        ("tenant", "started_us"),
        "direction = 'unknown'",
        False,
    ),
)

# What is noted when a hold is placed; and any change of a text but that it goes, salt and all.
_PLACED: Final = (
    "id, matter, reason, review_on, whole_conversation, future, author, placed_by, placed_us,"
    " journal"
)
_CHANGED: Final = (
    "OLD.gone_us IS NOT NULL OR NEW.gone_us IS NULL OR NEW.text IS NOT NULL"
    " OR NEW.salt IS NOT NULL OR NEW.entry <> OLD.entry OR NEW.tenant <> OLD.tenant"
    " OR NEW.at_us <> OLD.at_us"
)
_ONLY_ADDED: Final = {
    "retention_revision": "retention revisions",
    "retention_event": "retention events",
    "revision_call_back": "call-backs",
    "certificate": "certificates",
}
# `guards.py` knows digests of these texts, spaces and all. REPLACE deletes without waking a trigger
# of deletion: what keeps its places refuses it.
_SQLITE_GUARDS: Final = (
    """CREATE TRIGGER journal_keeps_its_rows BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
    """CREATE TRIGGER journal_keeps_its_words BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
    """CREATE TRIGGER journal_keeps_its_places BEFORE INSERT ON journal
    WHEN NEW.seq IN (SELECT seq FROM journal)
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
    """CREATE TRIGGER journal_text_keeps_its_rows BEFORE DELETE ON journal_text
        BEGIN SELECT RAISE(ABORT, 'texts of the journal go, their rows stay'); END""",
    f"""CREATE TRIGGER journal_text_goes_whole BEFORE UPDATE ON journal_text WHEN {_CHANGED}
        BEGIN SELECT RAISE(ABORT, 'texts of the journal are never others'); END""",
    """CREATE TRIGGER journal_text_keeps_its_places BEFORE INSERT ON journal_text
        WHEN NEW.entry IN (SELECT entry FROM journal_text)
        BEGIN SELECT RAISE(ABORT, 'texts of the journal are never others'); END""",
    """CREATE TRIGGER correction_keeps_its_words BEFORE UPDATE ON correction
    BEGIN SELECT RAISE(ABORT, 'corrections are only appended to'); END""",
    """CREATE TRIGGER correction_keeps_its_places BEFORE INSERT ON correction
    WHEN NEW.row IN (SELECT row FROM correction)
    BEGIN SELECT RAISE(ABORT, 'corrections are only appended to'); END""",
    """CREATE TRIGGER tombstone_is_not_updated BEFORE UPDATE ON tombstone
    BEGIN SELECT RAISE(ABORT, 'tombstones are only added'); END""",
    """CREATE TRIGGER tombstone_is_not_deleted BEFORE DELETE ON tombstone
    BEGIN SELECT RAISE(ABORT, 'tombstones are only added'); END""",
    """CREATE TRIGGER hold_is_not_deleted BEFORE DELETE ON hold
    BEGIN SELECT RAISE(ABORT, 'legal holds are never deleted'); END""",
    """CREATE TRIGGER hold_recording_is_not_deleted BEFORE DELETE ON hold_recording
    BEGIN SELECT RAISE(ABORT, 'legal holds are never deleted'); END""",
    f"""CREATE TRIGGER hold_is_not_rewritten BEFORE UPDATE OF {_PLACED} ON hold
    BEGIN SELECT RAISE(ABORT, 'legal holds are ended, not rewritten'); END""",
    *(
        f"""CREATE TRIGGER {table}_is_not_{how}d
    BEFORE {how.upper()} ON {table}
    BEGIN SELECT RAISE(ABORT, '{those} are only added'); END"""
        for table, those in _ONLY_ADDED.items()
        for how in ("update", "delete")
    ),
)
_POSTGRESQL_WORDS: Final = {
    "journal_is_appended_to": "    BEGIN RAISE EXCEPTION 'the journal is only appended to'",
    "journal_texts_go": (
        "        BEGIN RAISE EXCEPTION 'texts of the journal go, and are never others'"
    ),
    "corrections_are_appended_to": "    BEGIN RAISE EXCEPTION 'corrections are only appended to'",
    "tombstones_are_only_added": "    BEGIN RAISE EXCEPTION 'tombstones are only added'",
    "legal_holds_are_kept": (
        "    BEGIN RAISE EXCEPTION 'legal holds are ended, not rewritten or deleted'"
    ),
    **{
        f"{table}s_are_only_added": f"    BEGIN RAISE EXCEPTION '{those} are only added'"
        for table, those in _ONLY_ADDED.items()
    },
}
_STAYS: Final = "BEFORE UPDATE OR DELETE OR TRUNCATE ON"
_POSTGRESQL_GUARDS: Final = (
    (f"journal_keeps_its_rows {_STAYS} journal", "journal_is_appended_to"),
    ("journal_text_keeps_its_rows BEFORE DELETE OR TRUNCATE ON journal_text", "journal_texts_go"),
    ("correction_keeps_its_words BEFORE UPDATE ON correction", "corrections_are_appended_to"),
    (f"tombstone_stays {_STAYS} tombstone", "tombstones_are_only_added"),
    ("hold_stays BEFORE DELETE OR TRUNCATE ON hold", "legal_holds_are_kept"),
    ("hold_recording_stays BEFORE DELETE OR TRUNCATE ON hold_recording", "legal_holds_are_kept"),
    (f"hold_is_not_rewritten BEFORE UPDATE OF {_PLACED} ON hold", "legal_holds_are_kept"),
    *((f"{table}_stays {_STAYS} {table}", f"{table}s_are_only_added") for table in _ONLY_ADDED),
)
_POSTGRESQL_TEXT_GUARD: Final = f"""CREATE TRIGGER journal_text_goes_whole BEFORE UPDATE
    ON journal_text FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION journal_texts_go()"""


def upgrade() -> None:
    _SCHEMA.create_all(op.get_bind())
    for table, *columns in _INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    op.create_index(
        "ix_recording_tenant_retention_class_ended_us_size_bytes",
        "recording",
        ["tenant", "retention_class", "ended_us", "size_bytes"],
        # SQLite has the row in every index.
        postgresql_include=["row"],
    )
    for name, table, of, where, is_unique in _PARTIAL:
        rows = sa.text(where)
        op.create_index(name, table, of, unique=is_unique, sqlite_where=rows, postgresql_where=rows)
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)
    op.bulk_insert(_SCHEMA.tables["index_identity"], [{"id": secrets.token_bytes(16)}])


def _guards(dialect: str) -> Iterator[str]:
    if dialect == "sqlite":
        yield from _SQLITE_GUARDS
        return
    for function, words in _POSTGRESQL_WORDS.items():
        head = f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS"
        yield f"{head} $$\n{words}; END $$"
    for event, function in _POSTGRESQL_GUARDS:
        yield f"CREATE TRIGGER {event} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    yield _POSTGRESQL_TEXT_GUARD
