"""What tests of measures share."""

from sqlalchemy import Engine

from archive.catalog.database.engine import writing
from archive.catalog.holds.measures import MeasureAct, take_measure
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.ids import RecordingId
from archive.lifecycle.measures import Measure, MeasureKind
from tests.api.examples import CALL
from tests.archive.catalog.examples import author

RESTRICTING = """
form = 1
zone = "Asia/Tokyo"
[[rule]]
id = "default"
[rule.audio]
delete_after = "P1D"
[[rule]]
id = "law"
rank = "law"
purposes = ["dispute"]
[rule.audio]
keep_at_least = "P10Y"
"""


SUSPENSION = MeasureAct(
    measure=Measure(kind=MeasureKind.SUSPENSION, case="D-1"),
    target=RecordingId.parse(CALL),
    recordings=(RecordingId.parse(CALL),),
)


def suspend(engine: Engine) -> None:
    """As two persons have wanted for case D-1."""
    with writing(engine) as connection:
        take_measure(connection, author(), SUSPENSION)


def take_over_at(engine: Engine, text: str) -> None:
    """Make it the policy of all recordings."""
    new = NewRevision(text=text, in_force_us=0, is_retroactive=True)
    with writing(engine) as connection:
        append_revision(connection, author(), new)
