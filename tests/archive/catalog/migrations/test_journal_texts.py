"""What was typed before texts lay beside their entries is moved there; entries say the same."""

import json
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, text

from archive.catalog.engine import catalog_url, open_engine, reading, writing
from archive.catalog.migrate import migrations, upgrade
from archive.ids import DEFAULT_TENANT
from archive.journal_texts import SealedText
from tests.told import all_told

ENTRIES = [
    ("adopted", "", {"part": 1}),
    ("searched", "quality", {"clues": ["number …4567"], "zone": "UTC"}),
    ("read", "case:D-2026-0114", {"of": "recording"}),
    ("refused", "quality", {"why": "not_permitted"}),
]


def write(connection: Connection) -> None:
    """As the version before wrote."""
    connection.execute(
        text("INSERT INTO tenant (row, id) VALUES (1, :id)"), {"id": DEFAULT_TENANT.raw}
    )
    for place, (action, reason, detail) in enumerate(ENTRIES, 1):
        connection.execute(
            text(
                "INSERT INTO journal (seq, tenant, at_us, actor, action, target, reason, detail)"
                " VALUES (:seq, 1, 5, 'yamada', :action, '', :reason, :detail)"
            ),
            {"seq": place, "action": action, "reason": reason, "detail": json.dumps(detail)},
        )


def test_entries_that_are_there_say_the_same_and_keep_no_text(tmp_path: Path) -> None:
    """Else what was typed in the first years would outlive every rule."""
    url = catalog_url(tmp_path / "catalog.db")
    engine, config = open_engine(url), migrations()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0031")
        write(connection)
    upgrade(url)
    with reading(engine) as connection:
        found = [each.entry for each in all_told(connection)]
        rows = connection.execute(
            text("SELECT seq, reason, detail, text_digest FROM journal")
        ).all()
        beside = connection.execute(text("SELECT entry, salt, text FROM journal_text")).all()

    assert [(each.action, each.reason, dict(each.detail)) for each in found] == ENTRIES
    assert "4567" not in str(rows)
    assert "D-2026" not in str(rows)
    digests = {row.seq: row.text_digest for row in rows if row.text_digest}
    assert digests == {own.entry: SealedText(own.salt, own.text).digest for own in beside}
    assert set(digests) == {2, 3}
