"""What tests of measures share."""

from archive.catalog.holds.measures import MeasureAct
from archive.ids import RecordingId
from archive.lifecycle.measures import Measure


def act(measure: Measure, *recordings: RecordingId) -> MeasureAct:
    return MeasureAct(measure=measure, target=recordings[0], recordings=recordings)
