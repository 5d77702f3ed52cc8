"""The numbers of parts when a worker is replaced: each used once, none left out."""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from archive.ids import DEFAULT_TENANT, RecordingId
from capture.media.live import LiveRecording
from capture.media.open_part import PartOf
from capture.media.roster import Roster
from tests.capture.media import scene
from tests.capture.media.scene import WRITER, Node, opened, record, recording_id, rtp, wall_us

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


def test_a_number_is_said_to_be_used_up_before_its_file_holds_a_key(node: Node) -> None:
    """A worker may die between the two; the other way round two keys share a number."""
    ingest = node.ingest()
    said: list[tuple[bytes, int]] = []

    def announce(recording: RecordingId, part: int) -> None:
        assert [path.stat().st_size for path in node.files()] == [0]
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


@pytest.mark.parametrize("used_up", [False, True], ids=["its file made", "its number used up"])
def test_a_number_of_which_there_is_no_key_comes_again(node: Node, *, used_up: bool) -> None:
    """Else the recording lacks a part, for good, in which there never was anything."""

    def life() -> None:
        ingest = node.ingest()
        if used_up:
            ingest.parts._writer = replace(WRITER, sign=dying)
        else:
            ingest.parts.announce = lambda *_: scene.die()
        begun(node, ingest.roster, RECORDING, next_part=0)
        ingest.sweep()

    assert scene.dies(life)
    assert [path.stat().st_size for path in node.files()] == [0]
    successor = node.ingest()
    begun(node, successor.roster, RECORDING, next_part=int(used_up))
    successor.sweep()

    assert numbers(node.files()) == [0]


def test_a_part_that_is_still_held_is_nobody_else_s(node: Node) -> None:
    """Who is slow between its file and its key is not dead."""
    slow = open_part_of(node)
    successor = node.ingest()
    begun(node, successor.roster, RECORDING, next_part=0)
    successor.sweep()
    os.close(slow)

    assert sorted(path.stat().st_size > 0 for path in node.files()) == [False, True]


def dying(_block: bytes) -> bytes:
    scene.die()
    return b""


def open_part_of(node: Node) -> int:
    """An empty file of part 0 under its writer's lock."""
    node.spool.mkdir(exist_ok=True)
    own = RecordingId(RECORDING)
    what = PartOf(recording=own, tenant=DEFAULT_TENANT, part=0, created_us=wall_us())
    path = node.spool / what.header(WRITER.node).relative_name()
    path.parent.mkdir(parents=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


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
