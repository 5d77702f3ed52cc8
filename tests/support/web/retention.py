"""What tests of retention share."""

from archive.catalog.database.engine import writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from tests.api.examples import Scene
from tests.archive.catalog.examples import NOW_US, author

LAW_OF_NUMBERS = """
form = 1
zone = "Asia/Tokyo"
[[rule]]
id = "default"
[rule.audio]
delete_after = "P1Y"
[[rule]]
id = "kashikin-19"
rank = "law"
basis = { citation = "施行規則 17条" }
[rule.match]
number = ["+81312*"]
[rule.audio]
keep_at_least = "P10Y"
"""


def take_over(here: Scene, text: str, *, is_retroactive: bool = True) -> None:
    """Make it the latest revision, in force since just now."""
    new = NewRevision(text=text, in_force_us=NOW_US, is_retroactive=is_retroactive)
    with writing(here.engine) as connection:
        append_revision(connection, author(), new)
