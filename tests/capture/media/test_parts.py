"""Parts on their volumes: what happens when a name is taken, a disk is full, a part is old."""

import errno
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from archive.format.end import Gap, GapCause, Lost
from archive.format.frames import FrameKind
from archive.ids import RecordingId, TenantId
from capture.links.recorder_messages import Close
from capture.media.live import LiveRecording, MissingPackets
from capture.media.open_part import WriteFailed
from capture.media.parts import MAX_LISTED_LOSSES, PartLimits
from tests.capture.media import scene
from tests.capture.media.scene import Ingest, Node, frames_of, opened, record, recording_id, rtp


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """A disk that takes so many bytes a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def begun(node: Node, ingest: Ingest, *pairs: int) -> LiveRecording:
    recording = recording_id()
    node.listen(*pairs)
    ingest.roster.record(record(recording, *pairs))
    return ingest.roster.recordings[recording]


def closed(ingest: Ingest, live: LiveRecording) -> None:
    ingest.roster.close(Close(recording=live.recording.raw, reason="bye", at_us=0))
    ingest.publish()


def numbers(paths: list[Path]) -> list[int]:
    found = []
    for path in paths:
        with opened(path) as reader:
            found.append(reader.header.part)
    return found


def full_once(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Writes to files below these folders fail from now on."""
    real = os.pwrite

    def pwrite(descriptor: int, data: bytes, offset: int) -> int:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if any(path.is_relative_to(folder) for folder in folders):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data, offset)

    monkeypatch.setattr(os, "pwrite", pwrite)


def parts_held(folder: Path) -> list[Path]:
    """Files below a folder that this process has open."""
    held = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # that of the listing itself
            held.append(descriptor.readlink())
    return [path for path in held if path.is_relative_to(folder) and ".rkn" in path.name]


def test_a_taken_name_is_another_writers_and_the_next_number_is_used(node: Node) -> None:
    """O_EXCL: a part is never reopened, whoever wrote it."""
    ingest = node.ingest()
    live = LiveRecording(RecordingId(recording_id()), TenantId(b"t" * 16))
    first = ingest.parts.open(live)
    first.path.write_bytes(b"another's")
    live.part, live.next_part = None, 0
    second = ingest.parts.open(live)

    assert second.what.part == first.what.part + 1
    assert first.path.read_bytes() == b"another's"


@pytest.mark.parametrize("where", ["sealed", "second volume", "sealed on second volume"])
def test_a_name_is_taken_also_where_it_is_finished_or_elsewhere(
    node: Node, tmp_path: Path, where: str
) -> None:
    """Two parts of one number would be one too many for the archive."""
    volumes = (tmp_path / "spool", tmp_path / "second")
    ingest = node.ingest(*volumes)
    live = LiveRecording(RecordingId(recording_id()), TenantId(b"t" * 16))
    first = ingest.parts.open(live)
    taken = first.path
    if "second" in where:
        taken = volumes[1] / taken.relative_to(volumes[0])
    if "sealed" in where:
        taken = taken.with_name(taken.name + ".sealed")
    taken.parent.mkdir(parents=True, exist_ok=True)
    first.path.rename(taken)
    live.part, live.next_part = None, 0

    assert ingest.parts.open(live).what.part == first.what.part + 1


def test_a_later_part_begins_with_all_events(node: Node) -> None:
    """Each part can be read without the others."""
    ingest = node.ingest(limits=PartLimits(max_s=3600.0, max_bytes=1))
    live = begun(node, ingest, 0)
    for number in range(2):
        node.send(0, rtp(number))
        ingest.sweep()
        ingest.parts.roll_over(live)
    closed(ingest, live)

    assert [[f.kind for f in frames_of(path)] for path in node.files()] == [
        [FrameKind.EVENT, FrameKind.PACKETS, FrameKind.END],
        [FrameKind.EVENT, FrameKind.PACKETS, FrameKind.END],
    ]


def test_a_part_that_holds_events_alone_does_not_roll_over(node: Node) -> None:
    """Of a call on which nobody has spoken yet there may be nothing to keep."""
    ingest = node.ingest(limits=PartLimits(max_s=3600.0, max_bytes=1))
    live = begun(node, ingest, 0)
    ingest.sweep()
    ingest.parts.roll_over(live)

    assert live.part is not None


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (PartLimits(max_s=0.5, max_bytes=1 << 40), "length"),
        (PartLimits(max_s=1e9, max_bytes=3 * 4096), "size"),
    ],
)
def test_a_part_that_is_old_or_large_enough_ends(
    node: Node, limits: PartLimits, reason: str
) -> None:
    """So that long calls are archived while they run."""
    now_us = [scene.wall_us()]
    ingest = node.ingest(limits=limits, clock=lambda: now_us[0])
    live = begun(node, ingest, 0)
    node.send(0, rtp(0))
    ingest.sweep()
    now_us[0] += 1_000_000
    ingest.parts.roll_over(live)
    node.send(0, rtp(1), rtp(2))
    ingest.sweep()
    closed(ingest, live)
    ends = []
    for path in node.files():
        with opened(path) as reader:
            ends.append(reader.verify(scene.NODE_KEY.public_key()).end)

    assert [(end.reason, end.last, end.packets) for end in ends] == [
        (reason, False, {0: 1}), ("bye", True, {0: 2}),
    ]  # fmt: skip
    assert numbers(node.files()) == [0, 1]


def test_a_young_and_small_part_goes_on(node: Node) -> None:
    """A part a sweep would be a file a sweep."""
    ingest = node.ingest()
    live = begun(node, ingest)
    ingest.parts.roll_over(live)
    ingest.sweep()
    part = live.part
    ingest.parts.roll_over(live)

    assert part is not None
    assert live.part is part


def test_a_short_write_ends_the_part_and_the_next_holds_the_sweep_again(node: Node) -> None:
    """Its counts are its own; the reader drops what is there twice."""
    ingest = node.ingest()
    live = begun(node, ingest, 0)
    node.send(0, *[rtp(number) for number in range(20)])
    ingest.sweep()
    sent = [rtp(number) for number in range(20, 60)]
    node.send(0, *sent)
    with files_at_most(node.files()[0].stat().st_size + 4096):
        ingest.sweep()
    ingest.sweep()
    closed(ingest, live)

    assert [each.data for each in node.heard()] == [rtp(number) for number in range(60)]
    with opened(node.files()[-1]) as reader:
        report = reader.verify(scene.NODE_KEY.public_key())
    assert report.packets == {0: 40}


def test_a_full_volume_is_left_for_the_second(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty file can be made on a full disk: that is no part yet."""
    volumes = (tmp_path / "spool", tmp_path / "second")
    ingest = node.ingest(*volumes)
    live = begun(node, ingest, 0)
    node.send(0, rtp(0))
    ingest.sweep()
    full_once(monkeypatch, volumes[0])
    node.send(0, rtp(1))
    ingest.sweep()
    closed(ingest, live)

    assert numbers(node.files(volumes[0])) == [0]
    assert numbers(node.files(volumes[1])) == [1]
    assert [each.data for each in node.heard(*volumes)] == [rtp(0), rtp(1)]
    with opened(node.files(volumes[1])[0]) as reader:
        assert reader.verify().packets == {0: 1}


def test_what_no_volume_took_is_a_gap_in_the_first_part_that_one_takes(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said in the recording, with count and times; no half-made file stays."""
    volumes = (tmp_path / "spool", tmp_path / "second")
    ingest = node.ingest(*volumes)
    live = begun(node, ingest, 0)
    before = scene.wall_us()
    with monkeypatch.context() as broken:
        full_once(broken, *volumes)
        for number in range(3):
            node.send(0, rtp(number), rtp(number + 10))
            ingest.sweep()
        assert ingest.writing.take_unkept() == [live]
        assert ingest.writing.take_unkept() == []
    assert node.files(*volumes) == []
    assert parts_held(tmp_path) == []
    node.send(0, rtp(99))
    ingest.sweep()
    closed(ingest, live)
    (path,) = node.files(*volumes)
    gaps = [Gap.decode(f.payload) for f in frames_of(path) if f.kind is FrameKind.GAP]

    assert [(gap.cause, gap.packets) for gap in gaps] == [(GapCause.WRITER_FAILED, 6)]
    assert all(before <= gap.from_us <= gap.until_us <= scene.wall_us() for gap in gaps)
    assert [each.data for each in node.heard(*volumes)] == [rtp(99)]
    with opened(path) as reader:
        assert [lost.count for lost in reader.verify().end.lost] == [6]


def test_no_volume_raises_once_and_begins_at_the_first_again(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is repaired is used again."""
    volumes = (tmp_path / "spool", tmp_path / "second")
    ingest = node.ingest(*volumes)
    live = LiveRecording(RecordingId(recording_id()), TenantId(b"t" * 16))
    with monkeypatch.context() as broken:
        full_once(broken, *volumes)
        with pytest.raises(WriteFailed):
            ingest.parts.open(live)

    assert ingest.parts.open(live).path.is_relative_to(volumes[0])


def test_after_a_failed_sync_every_part_goes_on_in_a_next_one_elsewhere(
    node: Node, tmp_path: Path
) -> None:
    """What was written may be gone although the write went well."""
    volumes = (tmp_path / "spool", tmp_path / "second")
    ingest = node.ingest(*volumes)
    lives = [begun_as(node, ingest, number) for number in range(2)]
    node.send(0, rtp(0))
    ingest.sweep()
    ingest.parts.volume_failed(lives)
    node.send(1, rtp(1))
    ingest.sweep()
    for live in lives:
        ingest.roster.close(Close(recording=live.recording.raw, reason="bye", at_us=0))
    ingest.publish()

    assert [path.suffix for path in node.files(volumes[0])] == [".rkn", ".rkn"]
    assert numbers(node.files(volumes[1])) == [1, 1]
    for path in node.files(volumes[1]):
        with opened(path) as reader:
            report = reader.verify()
        assert report.events == 1
    assert len(node.heard(*volumes)) == 2


def begun_as(node: Node, ingest: Ingest, number: int) -> LiveRecording:
    recording = recording_id(number)
    node.listen(number)
    ingest.roster.record(record(recording, number))
    return ingest.roster.recordings[recording]


def test_an_end_lists_the_first_losses_only(node: Node) -> None:
    """It must fit into its segment; the frames hold all."""
    ingest = node.ingest()
    live = begun(node, ingest)
    ingest.sweep()
    live.is_silent = False
    large = (1 << 63) - 1
    live.lost += [MissingPackets(65_535, 1, 0xFFFFFFFF, large, large)] * (MAX_LISTED_LOSSES + 5)
    live.packets.update(dict.fromkeys(range(65_500, 65_535), 0))
    closed(ingest, live)
    with opened(node.files()[0]) as reader:
        end = reader.verify().end

    assert end.lost == (Lost(65_535, large, large, 0xFFFFFFFF),) * MAX_LISTED_LOSSES


def test_a_recording_without_a_part_has_nothing_to_publish(node: Node) -> None:
    """Whoever waits for it need not."""
    ingest = node.ingest()
    live = LiveRecording(RecordingId(recording_id()), TenantId(b"t" * 16))

    assert ingest.parts.end(live, "bye", last=True) is False


def test_a_part_whose_end_cannot_be_written_is_left_to_the_keeper(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unlocked and unfinished: it finalises such parts."""
    ingest = node.ingest()
    live = begun(node, ingest)
    ingest.sweep()
    full_once(monkeypatch, node.spool)

    assert ingest.parts.end(live, "bye", last=True) is False
    assert ingest.publish() == []
