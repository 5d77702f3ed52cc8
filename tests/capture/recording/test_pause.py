"""A pause as a value."""

from archive.call.events import RecordingPaused, RecordingResumed
from capture.recording.pause import Pause

ASKED = Pause(serial=2, by="tanaka", reason="card", asked_us=5)


def test_a_pause_tells_of_its_begin_and_its_end() -> None:
    """Who ends it need not be who began it."""
    pause = ASKED.begun(7).asked_over("asked", "sato").ended("asked", 9)

    assert pause.paused() == RecordingPaused(at_us=7, serial=2, by="tanaka", reason="card")
    assert pause.resumed() == RecordingResumed(at_us=9, serial=2, by="sato", because="asked")
