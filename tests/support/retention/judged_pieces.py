"""What tests of judged pieces share."""

from api.simulations.simulation import Simulated, Supposition
from archive.lifecycle.recording_values import RetainedRecording


def simulated(what: Supposition, found: RetainedRecording) -> Simulated:
    """What another policy makes of it."""
    (own,) = what.of([found], {})
    return own
