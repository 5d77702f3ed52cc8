"""The recordings whose stored events this version cannot read.

Knows where the catalog lies, nothing of what is done about them.
"""

from archive.catalog.backlog import put_aside
from archive.catalog.engine import reading
from archive.catalog.revision import CatalogOutdated
from rokuon.compose.catalog import open_catalog
from rokuon.compose.errors import NotReady
from rokuon.config.schema import Config


def unread_recordings(config: Config) -> tuple[str, ...]:
    """Their ids; of a catalog that is not there or of another version none is known."""
    try:
        engine = open_catalog(config)
    except (NotReady, CatalogOutdated):
        return ()
    with reading(engine) as connection:
        found = put_aside(connection)
    engine.dispose()
    return tuple(str(each) for each in found)
