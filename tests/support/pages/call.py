"""What tests of call share."""

from archive.call.events import RouteTaken
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Entry
from tests.api.web.pages.browser import Browser
from tests.archive.catalog.examples import STARTED_US
from tests.told import all_told

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def taken(*, purpose: str = "", evil: str = "") -> RouteTaken:
    """The route of an inline call."""
    return RouteTaken(
        at_us=STARTED_US,
        route=f"main{evil}",
        target="pbx",
        mode="required",
        queue=evil,
        purpose=purpose,
        controller=evil,
        tags=(evil,) if evil else (),
    )


def journal(page: Browser, *actions: str) -> list[Entry]:
    """What the journal has of these actions."""
    with reading(page.engine) as connection:
        found = all_told(connection)
    return [each.entry for each in found if each.entry.action in actions]
