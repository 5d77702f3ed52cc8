"""What tests of cuts share."""

from capture.links.recorder_messages import Close
from tests.capture.media import scene
from tests.capture.media.scene import Node, opened


def close(recording: bytes) -> Close:
    return Close(recording=recording, reason="bye", at_us=0)


def ended(node: Node, ingest: scene.Ingest, *recordings: bytes) -> dict[bytes, list[bytes]]:
    """Every recording closed; what each of them holds."""
    for each in recordings:
        ingest.roster.close(close(each))
    ingest.publish()
    held: dict[bytes, list[bytes]] = {each: [] for each in recordings}
    for path in node.files():
        with opened(path) as reader:
            held[reader.header.recording.raw] += [each.data for each in scene.heard_in(path)]
    return held
