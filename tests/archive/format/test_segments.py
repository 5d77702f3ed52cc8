"""Segments by position and by range, out of memory or a file."""

from pathlib import Path

import pytest

from archive.errors import RecordingCut, SegmentDamaged
from archive.format.header import PLAIN_BYTES, SEGMENT_BYTES
from archive.format.segments import FileSource, ReadAt, Segments, read_block
from tests.archive.examples import data_key, long_writes, sealed_part
from tests.support.parts import MemorySource

LONG = sealed_part(long_writes(400))


class CountingSource(MemorySource):
    """A source that remembers what was asked of it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.reads: list[int] = []

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`."""
        self.reads.append(length)
        return super().read_at(offset, length)


def _segments(source: ReadAt) -> Segments:
    return Segments(source, data_key(), read_block(source))


def test_a_range_reads_only_the_segments_that_hold_it() -> None:
    """A seek in a recording of three hours touches a few kilobytes."""
    source = CountingSource(LONG)
    segments = _segments(source)
    source.reads.clear()

    segments.read(200 * PLAIN_BYTES - 1, 2)

    assert source.reads == [2 * SEGMENT_BYTES]


def test_reading_through_takes_few_reads_of_bounded_size() -> None:
    """Memory does not grow with the recording."""
    source = CountingSource(LONG)
    segments = _segments(source)
    source.reads.clear()

    assert len(list(segments.valid_internal())) == segments.count - 1
    assert len(source.reads) == -(-segments.count // 256)
    assert max(source.reads) <= 1 << 20


def test_a_run_is_given_again_while_most_of_it_lies_ahead() -> None:
    """Nothing is opened twice for a frame that is special, and a run is worth its read."""
    source = CountingSource(LONG)
    segments = _segments(source)
    whole = segments.read(0, segments.plain_bytes)
    segments = _segments(source)
    source.reads.clear()
    begin, plain = segments.run_from(3 * PLAIN_BYTES + 9)

    assert (begin, plain) == (3 * PLAIN_BYTES, whole[begin : 259 * PLAIN_BYTES])
    assert segments.run_from(100 * PLAIN_BYTES) == (begin, plain)
    assert source.reads == [256 * SEGMENT_BYTES]

    begin, plain = segments.run_from(200 * PLAIN_BYTES + 9)
    assert (begin, plain) == (200 * PLAIN_BYTES, whole[begin : (segments.count - 1) * PLAIN_BYTES])
    assert segments.run_from(9)[0] == 0


@pytest.mark.parametrize("hit", [8, 30])
def test_a_run_ends_before_what_cannot_be_opened(hit: int) -> None:
    """That is told to who asks for this segment by itself."""
    changed = bytearray(LONG)
    changed[SEGMENT_BYTES * (1 + hit) + 20] ^= 1
    segments = _segments(MemorySource(changed))

    assert len(segments.run_from(PLAIN_BYTES)[1]) == (hit - 1) * PLAIN_BYTES
    assert segments.run_from(hit * PLAIN_BYTES) == (hit * PLAIN_BYTES, b"")
    assert segments.run_from((segments.count - 1) * PLAIN_BYTES)[1] == b""


def test_a_file_is_read_behind_its_intake_page(tmp_path: Path) -> None:
    """The same reader serves spool and archive."""
    (tmp_path / "spooled").write_bytes(bytes(4096) + LONG)

    with FileSource(tmp_path / "spooled", base=4096) as source:
        assert source.size() == len(LONG)
        assert _segments(source).plain(3) == _segments(MemorySource(LONG)).plain(3)


def test_a_file_shorter_than_its_page_is_empty(tmp_path: Path) -> None:
    """The crash may come right after the file was created."""
    (tmp_path / "torn").write_bytes(b"x")

    with FileSource(tmp_path / "torn", base=4096) as source, pytest.raises(RecordingCut):
        read_block(source)


def test_a_source_that_gives_less_than_it_promised_is_a_cut() -> None:
    """A file may be cut while it is read."""

    class Shrinking(MemorySource):
        def read_at(self, offset: int, length: int) -> bytes:
            return b"" if offset == 4 * SEGMENT_BYTES else super().read_at(offset, length)

    with pytest.raises(RecordingCut, match="no longer"):
        _segments(Shrinking(LONG)).plain(3)


@pytest.mark.parametrize("position", [-1, 10_000])
def test_a_position_that_is_not_there_is_a_cut(position: int) -> None:
    """Asked for by a wrong time map, say."""
    with pytest.raises(RecordingCut):
        _segments(MemorySource(LONG)).plain(position)


def test_a_segment_kept_from_before_is_the_same_that_was_asked_for() -> None:
    """Jumping back and forth never mixes positions up."""
    segments = _segments(MemorySource(LONG))
    whole = segments.read(0, segments.plain_bytes)

    for position in (5, 4, 5, 300, 299, 0):
        start = position * PLAIN_BYTES
        assert segments.read(start, 9) == whole[start : start + 9]


def test_holes_are_passed_over_when_valid_segments_are_counted() -> None:
    """Finalising keeps what verifies behind a bad block."""
    changed = bytearray(LONG)
    changed[SEGMENT_BYTES * 8 + 20] ^= 1
    segments = _segments(MemorySource(changed))

    assert 7 not in set(segments.valid_internal())
    assert 8 in set(segments.valid_internal())
    with pytest.raises(SegmentDamaged):
        segments.plain(7)
