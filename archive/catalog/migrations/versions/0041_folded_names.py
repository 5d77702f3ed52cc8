"""Names are compared folded: of a mark how it was written, and keys that were compared by case.

Marks are made anew with their recordings (`FORM`). Knows nothing of `tables.py`: a migration says
what was true on its day.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_SQLITE_TRIGGER = """CREATE TRIGGER retention_event_is_not_updated
    BEFORE UPDATE ON retention_event
    BEGIN SELECT RAISE(ABORT, 'retention events are only added'); END"""
_EVENTS = sa.table("retention_event", sa.column("row"), sa.column("key"), sa.column("folded"))
_PERIODS = sa.table("agent_period", sa.column("row"), sa.column("team"), sa.column("team_folded"))


def upgrade() -> None:
    """Nothing that was told changes: how it is looked up does."""
    folded = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    written = sa.Column("written", folded, nullable=False, server_default=sa.text("''"))
    op.add_column("mark", written)
    _refold(_PERIODS, "team", "team_folded")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER retention_event_is_not_updated")
    else:
        op.execute("ALTER TABLE retention_event DISABLE TRIGGER retention_event_stays")
    _refold(_EVENTS, "key", "folded")
    if is_sqlite:
        op.execute(_SQLITE_TRIGGER)
    else:
        op.execute("ALTER TABLE retention_event ENABLE TRIGGER retention_event_stays")


def _refold(table: sa.TableClause, told: str, folded: str) -> None:
    """Of rows that are compared otherwise now: hardly any."""
    bind = op.get_bind()
    rows = bind.execute(sa.select(table.c.row, table.c[told], table.c[folded])).all()
    for row, text, before in rows:
        if (after := _folded(text or "")) != before:
            bind.execute(table.update().where(table.c.row == row).values({folded: after}))


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFD", text).casefold()
    caseless = unicodedata.normalize("NFKD", bare).casefold()
    return unicodedata.normalize("NFKC", caseless).strip()
