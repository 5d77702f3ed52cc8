"""What was told before names were folded is looked up folded, and stays as it was told."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from archive.catalog.engine import catalog_url, open_engine, reading, writing
from archive.catalog.migrate import migrations, upgrade
from archive.catalog.told_events import days_told
from archive.ids import DEFAULT_TENANT
from archive.retention_events import EventKey

BEFORE = "0038"
TOLD = (
    "INSERT INTO retention_event"
    " (tenant, kind, key, folded, day, told_us, author, one_person, journal)"
    " VALUES (1, 'contract_end', :key, :folded, :day, 1, 'crm', 0, 1)"
)


def test_keys_that_were_told_in_another_writing_are_found(tmp_path: Path) -> None:
    """Both ways of comparing find what they may; no row can be changed afterwards."""
    url = catalog_url(tmp_path / "catalog.db")
    engine, config = open_engine(url), migrations()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        connection.execute(
            text("INSERT INTO tenant (row, id) VALUES (1, :id)"), {"id": DEFAULT_TENANT.raw}
        )
        for key, day in (("Ｋ－１", "2026-01-01"), ("K-2", "2026-02-01"), ("Ｋ-2", "2026-03-01")):
            connection.execute(text(TOLD), {"key": key, "folded": key.casefold(), "day": day})
    upgrade(url)

    folded = {EventKey("contract_end", key) for key in ("k-1", "k-2")}
    exact = {EventKey("contract_end", key, as_written=True) for key in ("k-1", "k-2")}
    with reading(engine) as connection:
        found = days_told(connection, 1, folded | exact)
    assert {(*key, str(day)) for key, day in found.items()} == {
        ("contract_end", "k-1", False, "2026-01-01"),
        ("contract_end", "k-2", False, "2026-03-01"),
        ("contract_end", "k-2", True, "2026-02-01"),
    }
    with pytest.raises(DBAPIError), writing(engine) as connection:
        connection.execute(text("UPDATE retention_event SET day = NULL"))
