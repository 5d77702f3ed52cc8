"""The recordings whose stored events this version cannot read.

Knows where the catalog lies, nothing of what is done about them.
"""

from archive.catalog.database.engine import reading
from archive.catalog.database.schema_revision import CatalogOutdated
from archive.catalog.index.outdated_rows import put_aside
from rokuon.compose.archive.catalog import present_catalog
from rokuon.config.schema import Config
from rokuon.messages.errors import NotReady


def unread_recordings(config: Config) -> tuple[str, ...]:
    """Their ids; of a catalog that is not there or of another version none is known."""
    try:
        with present_catalog(config) as engine, reading(engine) as connection:
            return tuple(str(each) for each in put_aside(connection))
    except (NotReady, CatalogOutdated):
        return ()
