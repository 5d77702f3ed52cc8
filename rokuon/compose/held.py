"""Legal holds as the doctor looks at them.

Knows where the catalog lies, nothing of what is done about them.
"""

from datetime import timedelta

from archive.catalog.engine import reading
from archive.catalog.legal_holds import HoldFigures, all_hold_figures
from archive.catalog.query import EPOCH
from archive.catalog.revision import CatalogOutdated
from rokuon.compose.catalog import present_catalog
from rokuon.compose.errors import NotReady
from rokuon.config.schema import Config


def legal_holds(config: Config, now_us: int) -> HoldFigures:
    """Those in force; of a catalog that is not there or of another version none is known."""
    today = (EPOCH + timedelta(microseconds=now_us)).date()
    try:
        with present_catalog(config) as engine, reading(engine) as connection:
            return all_hold_figures(connection, today)
    except (NotReady, CatalogOutdated):
        return HoldFigures()
