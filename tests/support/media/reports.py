"""What tests of reports share."""

from tests.capture.media import scene
from tests.capture.media.scene import Ingest


def due_at(ingest: Ingest, recording: bytes) -> float:
    return ingest.roster.recordings[recording].streams[0].report_due_s


def send(ingest: Ingest, now_s: float) -> None:
    ingest.reports.send_due(ingest.roster.recordings.values(), now_s, scene.wall_us())
