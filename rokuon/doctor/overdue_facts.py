"""What must have gone by now, as the doctor looks at it.

Knows where the catalog lies, nothing of how is counted.
"""

from api.destruction.figures import NO_FIGURES, RetentionFigures, figures_of
from archive.catalog.database.engine import reading
from archive.catalog.database.schema_revision import CatalogOutdated
from archive.ids import DEFAULT_TENANT
from rokuon.compose.archive.catalog import present_catalog
from rokuon.config.schema import Config
from rokuon.messages.errors import NotReady


def retention_figures(config: Config, now_us: int) -> RetentionFigures:
    """As far as it is counted; of a catalog that is not there or of another version nothing is."""
    try:
        with present_catalog(config) as engine, reading(engine) as connection:
            return figures_of(connection, DEFAULT_TENANT, now_us)
    except (NotReady, CatalogOutdated):
        return NO_FIGURES
