"""What tests of plans share."""

from rokuon.compose.archive.catalog import open_catalog
from tests.archive.catalog.examples import adopt, adoption
from tests.rokuon.installation import Installation
from tests.support.catalog.joining import Ids, told


def join_late(site: Installation) -> None:
    """A recording whose ids make two conversations one."""
    ids: tuple[Ids, ...] = (
        (("ucid", "u"),),
        (("cisco_reference", "26"),),
        (("ucid", "u"), ("cisco_reference", "26")),
    )
    catalog = open_catalog(site.config)
    adopt(catalog, *(adoption(n, told(each)) for n, each in enumerate(ids, 1)))
    catalog.dispose()
