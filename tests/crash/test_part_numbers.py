"""The numbers of parts when a worker is replaced: each used once, none left out."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from archive.ids import RecordingId
from capture.media.live import LiveRecording
from capture.media.roster import Roster
from tests.capture.media import scene
from tests.capture.media.scene import Node, opened, record, recording_id, rtp

RECORDING = recording_id()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = scene.node(tmp_path)
    yield made
    made.close()


def numbers(paths: list[Path]) -> list[int]:
    found = []
    for path in paths:
        with opened(path) as reader:
            found.append(reader.header.part)
    return found


def test_a_number_is_said_to_be_used_up_before_its_file_is_made(node: Node) -> None:
    """A worker that dies between the two costs a number; the other way round two keys share one."""
    ingest = node.ingest()
    said: list[tuple[bytes, int]] = []

    def announce(recording: RecordingId, part: int) -> None:
        assert node.files() == []
        said.append((recording.raw, part))

    ingest.parts.announce = announce
    live = begun(node, ingest.roster, RECORDING, next_part=0)
    ingest.sweep()

    assert said == [(live.recording.raw, 0)]
    assert numbers(node.files()) == [0]


def test_a_successor_goes_on_behind_a_part_that_is_already_archived(node: Node) -> None:
    """The spool is empty by then: only what signalling remembers keeps p00 from coming twice."""
    first = node.ingest()
    begun(node, first.roster, RECORDING, next_part=0)
    first.sweep()
    for path in node.files():
        path.unlink()

    successor = node.ingest()
    begun(node, successor.roster, RECORDING, next_part=1)
    node.send(0, rtp(1))
    successor.sweep()

    assert numbers(node.files()) == [1]


def test_hearing_of_a_recording_again_never_takes_a_number_back(node: Node) -> None:
    """Signalling says everything again, also what it said before it heard of a part."""
    ingest = node.ingest()
    live = begun(node, ingest.roster, RECORDING, next_part=0)
    ingest.sweep()
    assert live.next_part == 1

    ingest.roster.record(record(RECORDING, 0))

    assert live.next_part == 1


def begun(node: Node, roster: Roster, recording: bytes, *, next_part: int) -> LiveRecording:
    node.listen(0)
    wanted = msgspec.structs.replace(record(recording, 0), next_part=next_part)
    roster.record(wanted)
    return roster.recordings[recording]
