"""Whether a catalog's tables are those of this version, asked without what migrations need.

Knows nothing of what the tables hold.
"""

from typing import Final

from sqlalchemy import Connection, column, inspect, select, table

from archive.catalog.database.engine import open_engine, reading
from archive.errors import ArchiveError

# The newest of `migrations/versions`, and the first schema; lower numbers are from before the first
# release, and no step leads on from them.
HEAD: Final = "0108"
FIRST: Final = "0108"
_VERSION: Final = table("alembic_version", column("version_num"))


class CatalogOutdated(ArchiveError):
    """The catalog's tables are not those of this version; `upgrade` makes them so."""


class CatalogTooOld(CatalogOutdated):
    """The catalog was made before the first release; nothing makes it this version's."""


def present_revision(url: str) -> str:
    """Which migration was the last to run; "" for a catalog that is still to be made."""
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            if not inspect(connection).has_table(_VERSION.name):
                return ""
            return connection.scalar(select(_VERSION.c.version_num)) or ""
    finally:
        engine.dispose()


def refuse_too_old(present: str) -> None:
    """Raise `CatalogTooOld` for the revision of a catalog from before the first schema."""
    if "" < present < FIRST:
        raise CatalogTooOld(f"the catalog is at {present}, from before the first release")


def refuse_other_version(connection: Connection) -> None:
    """Raise `CatalogOutdated` where the tables have become those of another version meanwhile.

    An update may go on beside a keeper of before: it must not write what the new one misreads.
    """
    present = connection.scalar(select(_VERSION.c.version_num)) or ""
    if present != HEAD:
        raise CatalogOutdated(f"the catalog is at {present}, this version needs {HEAD}")


def require_current(url: str) -> None:
    """Raise `CatalogOutdated` unless every migration has run, `CatalogTooOld` where none can."""
    present = present_revision(url)
    refuse_too_old(present)
    if present != HEAD:
        raise CatalogOutdated(
            f"the catalog is at {present or 'nothing'}, this version needs {HEAD}"
        )
