"""What must have gone by now, as the doctor looks at it.

Knows where the catalog lies, nothing of how is counted.
"""

from api.destruction.figures import NO_FIGURES, RetentionFigures, figures_of
from archive.catalog.engine import reading
from archive.catalog.revision import CatalogOutdated
from archive.ids import DEFAULT_TENANT
from rokuon.compose.catalog import present_catalog
from rokuon.compose.errors import NotReady
from rokuon.config.schema import Config


def retention_figures(config: Config, now_us: int) -> RetentionFigures:
    """As far as it is counted; of a catalog that is not there or of another version nothing is."""
    try:
        with present_catalog(config) as engine, reading(engine) as connection:
            return figures_of(connection, DEFAULT_TENANT, now_us)
    except (NotReady, CatalogOutdated):
        return NO_FIGURES
