"""A part as a small writer leaves it, and what finalising makes of one whose writer died."""

import os
from pathlib import Path

import msgspec
import pytest

from archive.errors import HeaderDamaged, RecordingCut, SegmentDamaged
from archive.format.end import UNKNOWN_PACKETS, End, Lost
from archive.format.frames import WHOLE_RECORDING, Frame
from archive.format.header import BLOCK_BYTES, PLAIN_BYTES, SEGMENT_BYTES
from archive.format.intake import generate_intake_key, open_page, seal_page, verify_page
from archive.format.part_reader import PartReader, Signature
from archive.format.part_writer import PartInUse, ShortWrite, finalise_recovered
from archive.format.segments import FileSource
from archive.ids import IntakeKeyId, NodeId
from tests.archive.examples import (
    NODE_KEY,
    PARTS,
    START_US,
    data_key,
    event_frame,
    header,
    long_writes,
    packets_frame,
    plain_of,
    sealed_part,
)
from tests.support.parts import MemorySource, PartWriter, unsigned

KEY = data_key()
LONG_FRAME = [packets_frame(5, 100)]


def _frames(path: Path, base: int = 0) -> list[Frame]:
    with FileSource(path, base) as source, PartReader(source, KEY) as reader:
        reader.verify()
        return list(reader.frames())


def _end(path: Path) -> End:
    with FileSource(path) as source, PartReader(source, KEY) as reader:
        end = reader.end()
    assert end is not None
    return end


def _abandoned(path: Path, writes: list[list[Frame]]) -> Path:
    writer = PartWriter.create(path, header(), KEY)
    for frames in writes:
        writer.append(frames)
    writer.abandon()
    return path


def _cut(path: Path, length: int) -> Path:
    os.truncate(path, length)
    return path


def test_who_finalises_a_part_has_its_end_signed(tmp_path: Path) -> None:
    """Signed is what is written: its counts and the header tag of this part."""
    path = _abandoned(tmp_path / "part", [[event_frame(0, 0)]])
    asked: list[tuple[bytes, End]] = []

    def sign(tag: bytes, end: End) -> bytes:
        asked.append((tag, end))
        return b"s" * 64

    finalise_recovered(path, KEY, sign=sign)

    with FileSource(path) as source, PartReader(source, KEY) as reader:
        end = reader.end()
        assert end is not None
        assert asked[-1] == (reader.header_tag, msgspec.structs.replace(end, signature=b""))
    assert end.signature == b"s" * 64


def test_what_is_appended_is_readable_at_once(tmp_path: Path) -> None:
    """Nobody waits for the end of a call to hear its beginning."""
    writer = PartWriter.create(tmp_path / "part", header(), KEY)
    writer.append([event_frame(0, 0), packets_frame(0, 3)])

    with FileSource(tmp_path / "part") as source, PartReader(source, KEY) as reader:
        assert len(list(reader.frames(0, reader.plain_bytes))) == 2
    writer.abandon()


def test_a_part_that_exists_is_never_opened_for_writing(tmp_path: Path) -> None:
    """Each position is sealed once; a second writer would break that."""
    path = _abandoned(tmp_path / "part", [[event_frame(0, 0)]])
    before = path.read_bytes()

    with pytest.raises(FileExistsError):
        PartWriter.create(path, header(), KEY)
    assert path.read_bytes() == before


def test_a_spool_file_begins_with_its_intake_page(tmp_path: Path) -> None:
    """The rest of it is the archive file, byte for byte."""
    intake = generate_intake_key(IntakeKeyId(b"i" * 16))

    def page(block: bytes) -> bytes:
        node = NodeId(b"n" * 16)
        return seal_page(KEY, block, to=intake.public_key(), node=node, sign=NODE_KEY.sign)

    path = tmp_path / "part"
    writer = PartWriter.create(path, header(), KEY, page=page)
    writer.append([event_frame(0, 0)])
    writer.finish(writer.end("bye"), at_us=START_US, sign=NODE_KEY.sign)
    spooled = path.read_bytes()

    verify_page(spooled[:4096], spooled[4096:8192], NODE_KEY.public_key())
    assert open_page(spooled[:4096], spooled[4096:8192], intake) == KEY
    assert len(_frames(path, base=4096)) == 2


@pytest.mark.parametrize("losses", [0, 1, 78, 79, 80, 500])
def test_an_end_may_run_over_several_segments(tmp_path: Path, losses: int) -> None:
    """A call on a bad line lists many losses; its count of segments is right all the same."""
    path = tmp_path / "part"
    lost = [Lost(0, START_US + index, START_US + index, 1) for index in range(losses)]
    writer = PartWriter.create(path, header(), KEY)
    writer.append([event_frame(0, 0)])
    writer.finish(writer.end("bye", lost=lost, last=True), at_us=START_US, sign=NODE_KEY.sign)

    with FileSource(path) as source, PartReader(source, KEY) as reader:
        report = reader.verify(NODE_KEY.public_key())
        assert reader.end() == report.end
    assert report.end.lost == tuple(lost)
    assert report.end.segments == report.segments


def test_a_short_write_ends_the_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk must not go unnoticed."""
    writer = PartWriter.create(tmp_path / "part", header(), KEY)
    monkeypatch.setattr("archive.format.part_writer.os.pwrite", lambda *_: 100)

    with pytest.raises(ShortWrite):
        writer.append([event_frame(0, 0)])


def test_a_part_whose_writer_lives_is_left_alone(tmp_path: Path) -> None:
    """Two writers of one part would seal positions twice."""
    path = tmp_path / "part"
    writer = PartWriter.create(path, header(), KEY)
    writer.append([event_frame(0, 0)])
    before = path.read_bytes()

    with pytest.raises(PartInUse):
        finalise_recovered(path, KEY, sign=unsigned)
    assert path.read_bytes() == before
    writer.abandon()


def test_a_part_without_end_is_closed_by_the_counts_as_found(tmp_path: Path) -> None:
    """After a crash one open gap, its count unknown; everything that verifies stays."""
    frames = [event_frame(0, 0), packets_frame(0, 30)]
    path = _abandoned(tmp_path / "part", [frames])
    kept = path.stat().st_size // SEGMENT_BYTES - 1

    assert not finalise_recovered(path, KEY, sign=unsigned)

    last_us = START_US + 29 * 20_000
    assert _end(path) == End(
        reason="recovered",
        segments=kept + 1,
        packets={0: 30},
        lost=(Lost(WHOLE_RECORDING, last_us, last_us, UNKNOWN_PACKETS),),
    )
    assert plain_of(_frames(path)[:-1]) == plain_of(frames)
    with FileSource(path) as source, PartReader(source, KEY) as reader:
        assert reader.verify(NODE_KEY.public_key()).signature is Signature.RECOVERED


def test_a_part_cut_at_any_place_is_closed_behind_its_last_whole_segment(tmp_path: Path) -> None:
    """Wherever the power went, what was written whole before is kept and verifies."""
    whole = sealed_part([[event_frame(0, 0)], LONG_FRAME, [packets_frame(200, 3)]])
    cuts = {*range(BLOCK_BYTES, len(whole), 997), *range(BLOCK_BYTES, len(whole), SEGMENT_BYTES)}
    complete = MemorySource(whole)
    frames = list(PartReader(complete, KEY).frames())[:-1]
    for cut in sorted(cuts):
        path = tmp_path / str(cut)
        path.write_bytes(whole[:cut])

        finalise_recovered(path, KEY, sign=unsigned)

        kept = cut // SEGMENT_BYTES - 1
        expected = [
            frame
            for frame in frames
            if frame.position + 32 + len(frame.payload) <= kept * PLAIN_BYTES
        ]
        assert _end(path).segments == kept + 1
        assert _frames(path)[:-1] == expected
        assert (
            path.read_bytes()[: (1 + kept) * SEGMENT_BYTES]
            == whole[:cut][: (1 + kept) * SEGMENT_BYTES]
        )


def test_a_frame_that_was_cut_is_left_out_and_the_end_behind_it_found(tmp_path: Path) -> None:
    """Its length reaches over the END that follows; nobody may read that as audio."""
    path = _abandoned(tmp_path / "part", [[event_frame(0, 0)], LONG_FRAME])
    _cut(path, 4 * SEGMENT_BYTES)

    finalise_recovered(path, KEY, sign=unsigned)

    with FileSource(path) as source, PartReader(source, KEY) as reader:
        report = reader.verify()
        kinds = [type(item).__name__ for item in reader.frames_with_damage()]
    assert (report.packets, report.segments, report.frames) == ({}, 4, 3)
    assert kinds == ["Frame", "Frame"]


@pytest.mark.parametrize("missing", [1, 4, 7, 8, 9, 40])
def test_a_frame_that_misses_its_last_bytes_is_no_whole_frame(tmp_path: Path, missing: int) -> None:
    """Also where less is missing than the sync word is long."""
    head = len(packets_frame(0, 1, 0).payload) + 32
    path = _abandoned(tmp_path / "part", [[packets_frame(0, 1, PLAIN_BYTES - head + missing)]])
    _cut(path, 2 * SEGMENT_BYTES)

    finalise_recovered(path, KEY, sign=unsigned)

    assert [frame.kind.name for frame in _frames(path)] == ["END"]


@pytest.mark.parametrize("torn", [0, 1, 40, 100])
def test_finalising_twice_gives_the_same_bytes(tmp_path: Path, torn: int) -> None:
    """A keeper that is killed in between begins again."""
    path = _abandoned(tmp_path / "part", [[event_frame(0, 0)], LONG_FRAME])
    finalise_recovered(path, KEY, sign=unsigned)
    once, first = path.read_bytes(), _end(path)

    assert finalise_recovered(path, KEY, sign=unsigned)
    assert path.read_bytes() == once

    _cut(path, len(once) - 1 - torn)
    assert not finalise_recovered(path, KEY, sign=unsigned)
    assert _end(path) == first
    assert len(path.read_bytes()) == len(once)


def test_a_part_that_its_writer_closed_stays_as_it_is(tmp_path: Path) -> None:
    """The node's own signature is worth more than the keeper's note."""
    path = tmp_path / "part"
    path.write_bytes(PARTS[0])

    assert finalise_recovered(path, KEY, sign=unsigned)

    assert _end(path).reason == "bye"
    assert path.read_bytes() == PARTS[0]


def test_a_hole_is_kept_and_named(tmp_path: Path) -> None:
    """What verifies behind bad blocks is evidence; only a person may give it up."""
    path = _abandoned(tmp_path / "part", long_writes(12))
    with path.open("r+b") as file:
        file.seek(SEGMENT_BYTES * 5 + 50)
        file.write(bytes(100))
    damaged = path.read_bytes()

    assert not finalise_recovered(path, KEY, sign=unsigned)

    assert path.read_bytes().startswith(damaged)
    with FileSource(path) as source, PartReader(source, KEY) as reader:
        with pytest.raises(SegmentDamaged, match="segment 4"):
            reader.verify()
        assert reader.end() is not None


@pytest.mark.parametrize("junk", [1, 3000, 5000, 2 * SEGMENT_BYTES])
def test_a_part_that_goes_on_behind_its_final_segment_is_not_touched(
    tmp_path: Path, junk: int
) -> None:
    """No writer leaves that: an alarm, never a reason to cut."""
    path = tmp_path / "part"
    sealed = sealed_part([[event_frame(0, 0)]])
    changed = sealed + bytes(junk)
    path.write_bytes(changed)

    with pytest.raises(RecordingCut):
        finalise_recovered(path, KEY, sign=unsigned)
    assert path.read_bytes() == changed


def test_another_key_finalises_nothing(tmp_path: Path) -> None:
    """The file stays as it is until the right key is at hand."""
    path = _abandoned(tmp_path / "part", [[event_frame(0, 0)]])
    before = path.read_bytes()

    with pytest.raises(HeaderDamaged):
        finalise_recovered(path, data_key(1), sign=unsigned)
    assert path.read_bytes() == before


@pytest.mark.parametrize("length", [0, 100, BLOCK_BYTES - 1])
def test_a_part_without_its_header_is_a_cut(tmp_path: Path, length: int) -> None:
    """Nothing was recorded; the keeper says so."""
    path = _cut(_abandoned(tmp_path / "part", []), length)

    with pytest.raises(RecordingCut):
        finalise_recovered(path, KEY, sign=unsigned)
