"""What a sweep brought, as frames in a part."""

from pathlib import Path

import numpy as np

from archive.call.events import decode_event
from archive.format.end import ClockStep, GapCause
from archive.format.frames import Frame, FrameKind
from archive.format.header import PLAIN_BYTES, SEGMENT_BYTES
from capture.media.live import MissingPackets
from capture.media.sweep_writer import MAX_GAPS_A_WRITE
from tests.capture.media import scene
from tests.capture.media.scene import Node, frames_of, opened, record, recording_id, rtp

MAPPED = bytes(10) + b"\xff\xff" + bytes([127, 0, 0, 1])


def test_each_write_ends_with_its_segment(node: Node) -> None:
    """What is written is readable at once: the reader never waits for the next sweep."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0))
    for count in (1, 22, 23, 3):
        node.send(0, *[rtp(number) for number in range(count)])
        ingest.sweep()
        with opened(node.files()[0]) as reader:
            assert reader.plain_bytes % PLAIN_BYTES == 0
            assert node.files()[0].stat().st_size % SEGMENT_BYTES == 0
    frames = frames_of(node.files()[0])

    assert [frame.kind for frame in frames] == [FrameKind.EVENT] + [FrameKind.PACKETS] * 4
    assert decode_event(bytes(frames[0].payload)) == scene.EXAMPLE_CALL


def test_a_wall_clock_that_was_set_is_an_event(node: Node) -> None:
    """5 ms of drift between two writes is none."""
    recording, ingest = recording_id(), node.ingest()
    ingest.roster.record(record(recording))
    live = ingest.roster.recordings[recording]
    for offset_us in (100_000, 104_000, 100_000 + 60_000_000):
        live.unwritten.append(scene.opened_event())
        ingest.sweeper.sweep([live], offset_us)
    steps = [
        ClockStep.decode(frame.payload)
        for frame in frames_of(node.files()[0])
        if frame.kind is FrameKind.CLOCK
    ]

    assert [(step.before_us, step.after_us) for step in steps] == [(104_000, 60_100_000)]


def test_a_sweep_larger_than_a_write_is_written_in_several(node: Node) -> None:
    """Room for a second of wideband; a late sweep may hold more."""
    recording, ingest = recording_id(), node.ingest()
    event = scene.opened_event()
    ingest.roster.record(record(recording))
    live = ingest.roster.recordings[recording]
    live.unwritten += [
        type(event)(serial, 5, 0xFFFF, b'"' + b"x" * 1_000_000 + b'"') for serial in range(1, 7)
    ]
    ingest.sweep()
    found: list[Frame] = frames_of(node.files()[0])

    assert [frame.serial for frame in found] == list(range(7))


def test_at_most_so_many_gaps_wait_for_a_volume(node: Node, tmp_path: Path) -> None:
    """Memory is bounded while nothing can be written."""
    recording, ingest = recording_id(), node.ingest(tmp_path / "away")
    ingest.roster.record(record(recording, 0))
    live = ingest.roster.recordings[recording]
    missing = MissingPackets(0, GapCause.WRITER_FAILED, 1, 0, 0)
    live.gaps += [missing] * MAX_GAPS_A_WRITE
    node.listen(0)
    node.send(0, rtp(1))
    (tmp_path / "away").rmdir()
    (tmp_path / "away").write_bytes(b"")
    ingest.sweep()

    assert len(live.gaps) == MAX_GAPS_A_WRITE
    assert np.count_nonzero(ingest.ring.headers["len"]) == 0
