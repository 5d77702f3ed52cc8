"""Legal holds as the doctor looks at them.

Knows where the catalog lies, nothing of what is done about them.
"""

from archive.catalog.database.engine import reading
from archive.catalog.database.schema_revision import CatalogOutdated
from archive.catalog.register.legal_holds import HoldFigures, all_hold_figures
from archive.moments import moment
from rokuon.compose.archive.catalog import present_catalog
from rokuon.config.schema import Config
from rokuon.messages.errors import NotReady


def legal_holds(config: Config, now_us: int) -> HoldFigures:
    """Those in force; of a catalog that is not there or of another version none is known."""
    today = moment(now_us).date()
    try:
        with present_catalog(config) as engine, reading(engine) as connection:
            return all_hold_figures(connection, today)
    except (NotReady, CatalogOutdated):
        return HoldFigures()
