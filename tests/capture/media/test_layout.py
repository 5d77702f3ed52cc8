"""Frames laid out for one write."""

import pytest
from hypothesis import given, strategies as st

from archive.format.frames import HEAD_BYTES, Frame, FrameKind
from archive.format.header import PLAIN_BYTES
from capture.media.layout import MAX_SEGMENTS, Layout, WriteFull
from tests.support.parts import FrameAssembler

SYNC = b"syncword"
LAYOUT = Layout()


@given(st.lists(st.integers(0, 3 * PLAIN_BYTES), min_size=1, max_size=8))
def test_what_is_laid_out_is_what_the_archive_would_write(sizes: list[int]) -> None:
    """Two writers, one format: padding, zeros before heads and all."""
    assembler = FrameAssembler(SYNC)
    LAYOUT.begin(SYNC)
    wanted = b""
    for number, size in enumerate(sizes):
        payload = bytes([number + 1]) * size
        LAYOUT.frame(FrameKind.EVENT, 3, 4, number, payload)
        wanted += assembler.add(Frame(FrameKind.EVENT, 0, 3, 4, number, payload))
    wanted += assembler.pad()
    segments = LAYOUT.pad()

    assert bytes(LAYOUT.view[: LAYOUT.position]) == wanted
    assert segments * PLAIN_BYTES == len(wanted)


@given(st.integers(0, PLAIN_BYTES), st.integers(0, HEAD_BYTES))
def test_a_head_never_straddles_two_segments(size: int, more: int) -> None:
    """Reading may begin at any segment."""
    LAYOUT.begin(SYNC)
    LAYOUT.frame(FrameKind.EVENT, 0, 0, 0, bytes(size))
    LAYOUT.frame(FrameKind.EVENT, 0, 0, 1, bytes(more))
    head_at = LAYOUT.position - more - HEAD_BYTES

    assert head_at % PLAIN_BYTES <= PLAIN_BYTES - HEAD_BYTES


def test_a_frame_that_does_not_fit_changes_nothing() -> None:
    """It comes again in the next write."""
    LAYOUT.begin(SYNC)
    LAYOUT.frame(FrameKind.EVENT, 0, 0, 0, b"first")
    before = LAYOUT.position
    with pytest.raises(WriteFull):
        LAYOUT.frame(FrameKind.EVENT, 0, 0, 1, bytes(MAX_SEGMENTS * PLAIN_BYTES))

    assert LAYOUT.position == before
    assert not LAYOUT.fits(MAX_SEGMENTS * PLAIN_BYTES)


def test_an_empty_write_has_no_segment() -> None:
    """Nothing happened, nothing is written."""
    LAYOUT.begin(SYNC)

    assert LAYOUT.pad() == 0


def test_nothing_of_an_earlier_write_stays_in_the_padding() -> None:
    """It would be another call's plaintext in this call's file."""
    LAYOUT.begin(SYNC)
    LAYOUT.frame(FrameKind.EVENT, 0, 0, 0, b"\xee" * 2 * PLAIN_BYTES)
    for size in (10, PLAIN_BYTES - HEAD_BYTES - 5, PLAIN_BYTES - 2 * HEAD_BYTES - 1):
        LAYOUT.begin(SYNC)
        LAYOUT.frame(FrameKind.EVENT, 0, 0, 0, bytes(size))
        LAYOUT.pad()
        assert b"\xee" not in bytes(LAYOUT.view[: LAYOUT.position])
