"""What tests of controlling share."""

from archive.call.events import RecordingStarted
from tests.capture.inline.stage import Stage


def start(stage: Stage, by: str = "tanaka") -> Stage:
    (session,) = stage.node.sessions
    told = RecordingStarted(at_us=stage.now.us, by=by, reason="a complaint")
    return stage._did(stage.dispatch.start(session, told, stage.now))
