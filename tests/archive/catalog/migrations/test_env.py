"""A migration runs whole or not at all."""

from pathlib import Path

import pytest
from sqlalchemy import event, inspect
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.engine import catalog_url, open_engine
from archive.catalog.migrate import upgrade
from archive.catalog.revision import require_current


def test_a_migration_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """Power may fail during an upgrade; the next start must be able to begin again."""
    url = catalog_url(tmp_path / "catalog.db")

    def power_cut(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "CREATE TABLE leg_name" in statement:
            raise SQLAlchemyError("power cut")

    event.listen(Engine, "before_cursor_execute", power_cut)
    try:
        with pytest.raises(SQLAlchemyError, match="power cut"):
            upgrade(url)
    finally:
        event.remove(Engine, "before_cursor_execute", power_cut)

    assert inspect(open_engine(url)).get_table_names() == []
    upgrade(url)
    require_current(url)
