"""Brings a catalog to the present form of its tables.

`python -m archive.catalog.migrate` reads the catalog's URL from standard input, for it may hold a
password. Alembic comes with this module, 10 MiB that a process which lives on need not keep. Knows
nothing of what the tables hold.
"""

import sys
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from archive.catalog.database.engine import open_patient_engine, writing

_MIGRATIONS: Final = Path(__file__).parent / "migrations"


def migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Run every migration that the catalog at `url` lacks, all or none; makes a new catalog."""
    engine = open_patient_engine(url)
    config = migrations()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


if __name__ == "__main__":
    try:
        upgrade(sys.stdin.read().strip())
    except CommandError as refused:
        sys.exit(f"the catalog's migrations: {refused}")
