"""What people typed into entries of the journal lies beside them, so that it can go by its rule.

Knows nothing of `tables.py` or of how texts are split: a migration says what was true on its day.
"""

import json
import os
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_ONCE: Final = 2_000
_CODE: Final = re.compile(r"[a-z_]{0,32}")
_TEXTS: Final = {
    "searched": {"clues"},
    "broke_glass": {"why"},
    "corrected": {"agent_id", "last4", "values"},
    **{f"live_{each}": {"reason"} for each in ("paused", "resumed", "started", "stopped", "told")},
    "hold_placed": {"matter", "why"},
    "measure_taken": {"case"},
    "measure_lifted": {"case"},
    "user_added": {"purpose"},
}
_APPENDED_TO: Final = "'the journal is only appended to'"
_OPEN: Final = {
    "sqlite": ("DROP TRIGGER journal_keeps_its_words",),
    "postgresql": ("DROP TRIGGER journal_keeps_its_rows ON journal",),
}
_CLOSE: Final = {
    "sqlite": (
        f"""CREATE TRIGGER journal_keeps_its_words BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, {_APPENDED_TO}); END""",
    ),
    "postgresql": (
        """CREATE TRIGGER journal_keeps_its_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
        FOR EACH STATEMENT EXECUTE FUNCTION journal_is_appended_to()""",
    ),
}
# A text goes once, and whole; nothing else of its row is ever another.
_WRONG: Final = (
    "OLD.gone_us IS NOT NULL OR NEW.gone_us IS NULL OR NEW.text IS NOT NULL"
    " OR NEW.salt IS NOT NULL OR NEW.entry <> OLD.entry OR NEW.tenant <> OLD.tenant"
    " OR NEW.at_us <> OLD.at_us"
)
_GUARD: Final = {
    "sqlite": (
        """CREATE TRIGGER journal_text_keeps_its_rows BEFORE DELETE ON journal_text
        BEGIN SELECT RAISE(ABORT, 'texts of the journal go, their rows stay'); END""",
        f"""CREATE TRIGGER journal_text_goes_whole BEFORE UPDATE ON journal_text WHEN {_WRONG}
        BEGIN SELECT RAISE(ABORT, 'texts of the journal are never others'); END""",
        """CREATE TRIGGER journal_text_keeps_its_places BEFORE INSERT ON journal_text
        WHEN NEW.entry IN (SELECT entry FROM journal_text)
        BEGIN SELECT RAISE(ABORT, 'texts of the journal are never others'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION journal_texts_go() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'texts of the journal go, and are never others'; END $$""",
        """CREATE TRIGGER journal_text_keeps_its_rows BEFORE DELETE OR TRUNCATE ON journal_text
        FOR EACH STATEMENT EXECUTE FUNCTION journal_texts_go()""",
        f"""CREATE TRIGGER journal_text_goes_whole BEFORE UPDATE ON journal_text
        FOR EACH ROW WHEN ({_WRONG}) EXECUTE FUNCTION journal_texts_go()""",
    ),
}


def upgrade() -> None:
    """Make the table, and move what is in the entries that are there."""
    dialect = op.get_bind().dialect.name
    op.add_column("journal", sa.Column("text_digest", sa.LargeBinary(32)))
    _make_table()
    for statement in _OPEN[dialect]:
        op.execute(statement)
    _move(op.get_bind())
    for statement in (*_CLOSE[dialect], *_GUARD[dialect]):
        op.execute(statement)


def _make_table() -> None:
    op.create_table(
        "journal_text",
        sa.Column("entry", ROW, autoincrement=False, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("salt", sa.LargeBinary(32)),
        sa.Column("text", sa.Text),
        sa.Column("gone_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("entry", name="pk_journal_text"),
        sa.ForeignKeyConstraint(["entry"], ["journal.seq"], name="fk_journal_text_entry"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_journal_text_tenant"),
    )
    op.create_index(
        "ix_journal_text_tenant_gone_us_at_us_entry",
        "journal_text",
        ["tenant", "gone_us", "at_us", "entry"],
    )


def _move(connection: sa.Connection) -> None:
    """Most entries are the keeper's, and have none."""
    behind, page = 0, True
    while page:
        rows = connection.execute(
            sa.text(
                "SELECT seq, tenant, at_us, action, reason, detail FROM journal"
                " WHERE seq > :behind AND action <> 'adopted' ORDER BY seq LIMIT :most"
            ),
            {"behind": behind, "most": _AT_ONCE},
        ).all()
        moved = [each for row in rows for each in _split(row)]
        if moved:
            connection.execute(_WRITE_TEXT, moved)
            connection.execute(_WRITE_ENTRY, moved)
        page, behind = bool(rows), rows[-1].seq if rows else behind


_WRITE_TEXT: Final = sa.text(
    "INSERT INTO journal_text (entry, tenant, at_us, salt, text)"
    " VALUES (:entry, :tenant, :at_us, :salt, :text)"
)
_WRITE_ENTRY: Final = sa.text(
    "UPDATE journal SET reason = :reason, detail = :detail, text_digest = :digest"
    " WHERE seq = :entry"
)


def _split(row: sa.Row[Any]) -> Iterator[dict[str, Any]]:
    detail, named = json.loads(row.detail), _TEXTS.get(row.action, set())
    texts = {name: value for name, value in detail.items() if name in named}
    is_code = _CODE.fullmatch(row.reason) is not None
    if is_code and not texts:
        return
    text = _json({"reason": "" if is_code else row.reason, "detail": texts})
    salt = os.urandom(32)
    yield {
        "entry": row.seq,
        "tenant": row.tenant,
        "at_us": row.at_us,
        "salt": salt,
        "text": text,
        "reason": row.reason if is_code else "",
        "detail": _json({name: value for name, value in detail.items() if name not in named}),
        "digest": sha256(b"rokuon journal text 1\0" + salt + text.encode()).digest(),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
