"""What the catalog's database has refused, as the person at the terminal reads it.

Knows nothing of commands; loads what speaks to databases.
"""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from archive.catalog.database.database_errors import is_away, words
from archive.catalog.database.schema_revision import CatalogOutdated, CatalogTooOld
from rokuon.messages.i18n import tr


def catalog_words(error: Exception) -> str:
    """Whether its server is there, and what to do next; "" where it is no error of the catalog."""
    if isinstance(error, CatalogTooOld):
        return too_old_words()
    if isinstance(error, CatalogOutdated):
        return tr("the catalog is of another version: {detail}").format(detail=error)
    if not isinstance(error, SQLAlchemyError):
        return ""
    if isinstance(error, DBAPIError) and not is_away(error):
        return tr("the catalog does not take that: {detail}").format(detail=words(error))
    return tr(
        "the catalog's database does not answer ({detail}); calls are recorded all the same. "
        "See that it runs and that catalog.url leads there: rokuon config show"
    ).format(detail=words(error).strip())


def too_old_words() -> str:
    """What becomes of a catalog that was made before the first release."""
    return tr(
        "the catalog was made before the first release, and no step leads from there to this "
        "version: leave it and its keystore to the version that made them, and begin with folders "
        "of their own (docs/how-to/operate/upgrade.md)"
    )
