"""A catalog as the part `api` opens it, and as who writes into its file does."""

from pathlib import Path

from sqlalchemy import Engine

from archive.catalog.checks.sealer import KeptSeals
from archive.catalog.database.engine import writing
from archive.catalog.journal.seal_log import SealLog
from archive.catalog.journal.sealed_rows import with_seals

KEY = bytes(range(32))


def sealed(engine: Engine, folder: Path, key: bytes = KEY) -> tuple[Engine, KeptSeals]:
    """The catalog as it is after a start of the API, with what it believes."""
    seals = KeptSeals(key, SealLog(folder / "seals.log"))
    under = with_seals(engine, seals)
    with writing(under) as connection:
        seals.review(connection)
    return under, seals
