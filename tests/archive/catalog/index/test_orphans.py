"""Rows that hang on nothing."""

from pathlib import Path

from sqlalchemy import insert

from archive.catalog.database.engine import writing
from archive.catalog.index.removal import remove_orphans
from archive.catalog.tables.catalog import mark
from tests.archive.catalog.examples import adopt, index_dump, new_catalog
from tests.archive.catalog.rebuilding import PARTS


def test_rows_that_hang_on_nothing_go(tmp_path: Path) -> None:
    """Whoever has the database may have left them."""
    engine = new_catalog(tmp_path)
    adopt(engine, *PARTS)
    before = index_dump(engine)
    with writing(engine) as connection:
        stray = {"tenant": 1, "recording": 999, "started_us": 1, "kind": "tag", "folded": "x"}
        connection.execute(insert(mark).values(**stray))

    remove_orphans(engine)

    assert index_dump(engine) == before
