"""Brings a catalog to the present form of its tables.

Knows nothing of what the tables hold.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from archive.catalog.engine import open_engine, reading, writing
from archive.errors import ArchiveError

_MIGRATIONS: Final = Path(__file__).parent / "migrations"


class CatalogOutdated(ArchiveError):
    """The catalog's tables are not those of this version; `upgrade` makes them so."""


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Run every migration that the catalog at `url` lacks, all or none; makes a new catalog."""
    engine = open_engine(url)
    with writing(engine) as connection:
        command.upgrade(_config(connection), "head")
    engine.dispose()


def require_current(url: str) -> None:
    """Raise `CatalogOutdated` unless every migration has run."""
    engine = open_engine(url)
    with reading(engine) as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    wanted = ScriptDirectory.from_config(_config(None)).get_current_head()
    if present != wanted:
        raise CatalogOutdated(
            f"the catalog is at {present or 'nothing'}, this version needs {wanted}"
        )
