"""One part: created, sealed, finished; read back by the archive."""

import fcntl
import os
from pathlib import Path

import pytest

from archive.call.events import MetadataReceived, encode_event
from archive.errors import HeaderDamaged
from archive.format.end import End
from archive.format.floe import SEGMENT_IV_BYTES
from archive.format.frames import FrameKind
from archive.format.header import PLAIN_BYTES
from archive.format.intake import PAGE_BYTES, open_page, verify_page
from archive.format.part_reader import Signature
from archive.ids import DEFAULT_TENANT, NodeId, RecordingId
from capture.media.layout import MAX_SEGMENTS
from capture.media.open_part import OLDEST_MS, OpenPart, PartOf, SealingBench, WriteFailed, publish
from tests.capture.media import scene
from tests.capture.media.scene import WRITER, frames_of, opened

NOW_US = 1_795_564_800_000_000  # 2026-11-25 00:00 UTC
WHAT = PartOf(
    recording=RecordingId(b"r" * 16), tenant=DEFAULT_TENANT, part=3, created_us=NOW_US
)  # fmt: skip
BENCH = SealingBench()


def begun(spool: Path) -> OpenPart:
    return OpenPart(spool, WHAT, WRITER, BENCH)


def write(part: OpenPart, *payloads: bytes) -> None:
    BENCH.layout.begin(part.sync)
    for serial, payload in enumerate(payloads):
        BENCH.layout.frame(FrameKind.EVENT, 0xFFFF, NOW_US, serial, payload)
    part.write()


def event(size: int) -> bytes:
    body = b"m" * size
    return encode_event(MetadataReceived(at_us=NOW_US, content_type="", body=body))


def end_of(part: OpenPart) -> End:
    return End(reason="bye", segments=part.segments + 1, packets={}, last=True)


def test_a_part_begins_with_its_page_and_header_and_under_its_lock(tmp_path: Path) -> None:
    """C1: the keeper can take the key at once, and leaves the file alone."""
    part = begun(tmp_path)
    lead = part.path.read_bytes()
    page, block = lead[:PAGE_BYTES], lead[PAGE_BYTES:]
    verify_page(page, block, scene.NODE_KEY.public_key())
    with part.path.open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with opened(part.path) as reader:
        header = reader.header

    assert len(lead) == 2 * PAGE_BYTES
    assert (header.recording, header.part, header.generation) == (WHAT.recording, 3, 0)
    assert (header.created_us, header.oldest_ms) == (NOW_US, OLDEST_MS)
    assert header.node == NodeId(b"n" * 16)
    assert part.path == tmp_path / header.relative_name()
    assert part.path.stat().st_mode & 0o607 == 0o600, "others have no business with it"


def test_no_two_parts_share_a_key_or_its_id(tmp_path: Path) -> None:
    """Each is one FLOE message under one data key."""
    parts = [begun(tmp_path / name) for name in "ab"]
    leads = [part.path.read_bytes() for part in parts]
    keys = {
        bytes(open_page(lead[:PAGE_BYTES], lead[PAGE_BYTES:], scene.INTAKE_KEY)) for lead in leads
    }

    assert len(keys) == 2
    assert parts[0].header.key != parts[1].header.key
    assert parts[0].sync != parts[1].sync
    with pytest.raises(HeaderDamaged):
        open_page(leads[0][:PAGE_BYTES], leads[1][PAGE_BYTES:], scene.INTAKE_KEY)


def test_a_part_that_is_there_is_never_opened_again(tmp_path: Path) -> None:
    """Its positions are encrypted once."""
    begun(tmp_path)
    with pytest.raises(FileExistsError):
        begun(tmp_path)


def test_what_was_written_and_finished_verifies_with_the_nodes_signature(tmp_path: Path) -> None:
    """C3, C4: several writes, the largest one included."""
    part = begun(tmp_path)
    longest = (MAX_SEGMENTS - 2) * PLAIN_BYTES * 3 // 4  # of base64
    writes = [[event(1)], [event(PLAIN_BYTES), event(2)], [event(longest)]]
    for payloads in writes:
        write(part, *payloads)
    size = part.bytes_written
    assert part.path.stat().st_size == size
    part.finish(end_of(part), NOW_US)
    publish(part.descriptor, part.path)
    sealed = part.path.with_name(part.path.name + ".sealed")
    with opened(sealed) as reader:
        report = reader.verify(scene.NODE_KEY.public_key())

    assert not part.path.exists()
    assert report.signature is Signature.VERIFIED
    assert report.events == 4
    assert [bytes(f.payload) for f in frames_of(sealed) if f.kind is FrameKind.EVENT] == [
        payload for payloads in writes for payload in payloads
    ]


def test_an_end_of_many_streams_takes_as_many_segments_as_it_needs(tmp_path: Path) -> None:
    """What a peer makes us count must not end the worker: its calls would all lose their sweep."""
    part, packets = begun(tmp_path), {stream: 1 for stream in range(1_000)}
    write(part, event(1))
    part.finish(End(reason="bye", segments=0, packets=packets, last=True), NOW_US)
    os.close(part.descriptor)
    with opened(part.path) as reader:
        end = reader.end()
        sealed, segments = reader.sealed, reader.segments

    assert sealed
    assert end is not None
    assert (end.packets, end.segments) == (packets, segments)
    assert segments > 2


def test_each_segment_has_an_iv_of_its_own(tmp_path: Path) -> None:
    """Under one key a repeated IV would give the plaintext away."""
    part = begun(tmp_path)
    for _ in range(3):
        write(part, b"x" * (MAX_SEGMENTS // 2 - 1) * PLAIN_BYTES)
    data = part.path.read_bytes()[2 * PAGE_BYTES :]
    ivs = {data[at + 4 : at + 4 + SEGMENT_IV_BYTES] for at in range(0, len(data), 4096)}

    assert len(ivs) == part.segments > MAX_SEGMENTS
    assert bytes(SEGMENT_IV_BYTES) not in ivs


def test_a_write_that_falls_short_is_a_failure_and_no_segment(tmp_path: Path) -> None:
    """What is counted is what is whole."""
    part = begun(tmp_path)
    write(part, b"a")
    full = os.open("/dev/full", os.O_RDWR)
    kept, part.descriptor = part.descriptor, full
    with pytest.raises(WriteFailed):
        write(part, b"b")

    assert part.segments == 1
    assert os.fstat(kept).st_size == part.bytes_written
    os.close(full)


def test_a_part_that_cannot_begin_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file without a key would be an alarm for nothing."""
    monkeypatch.setattr(os, "pwrite", lambda *_: 100)
    with pytest.raises(WriteFailed):
        begun(tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_is_finished_or_abandoned_can_no_longer_be_written(tmp_path: Path) -> None:
    """Its keys are gone from this process."""
    finished, abandoned = begun(tmp_path / "a"), begun(tmp_path / "b")
    finished.finish(end_of(finished), NOW_US)
    abandoned.abandon()
    for part in (finished, abandoned):
        with pytest.raises(AttributeError):
            write(part, b"more")
    with abandoned.path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_part_is_synced_before_it_says_that_it_is_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut the name would promise what is not there."""
    part, named = begun(tmp_path), list[bool]()
    part.finish(end_of(part), NOW_US)
    monkeypatch.setattr(os, "fdatasync", lambda _: named.append(part.path.exists()))
    publish(part.descriptor, part.path)

    assert named == [True]
    assert not part.path.exists()


def test_a_publish_that_fails_still_lets_go_of_the_lock(tmp_path: Path) -> None:
    """The keeper then takes the part as it is."""
    part = begun(tmp_path)
    part.finish(end_of(part), NOW_US)
    part.path.rename(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="No such file"):
        publish(part.descriptor, part.path)
    with (tmp_path / "elsewhere").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
