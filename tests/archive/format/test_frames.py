"""How frames are laid over segments, and what is no frame."""

import pytest
from hypothesis import given, strategies as st

from archive.errors import FrameDamaged
from archive.format.frames import (
    HEAD_BYTES,
    MAX_PAYLOAD_BYTES,
    WHOLE_RECORDING,
    Frame,
    FrameKind,
    decode_head,
    encode_frame,
    gap_before_head,
    left_in_segment,
)
from archive.format.header import PLAIN_BYTES
from tests.support.parts import FrameAssembler, pad_to_segment

SYNC = b"\x01sync\xfe\xff\x00"
EVENT = Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, 1_790_000_000_000_000, 7, b"{}")


def test_a_head_reads_back_as_it_was_written() -> None:
    """All that a reader needs to skip or to take a frame."""
    head = decode_head(SYNC, encode_frame(SYNC, EVENT)[:HEAD_BYTES], 0)

    assert (head.kind, head.flags, head.stream) == (FrameKind.EVENT, 0, WHOLE_RECORDING)
    assert (head.payload_bytes, head.at_us, head.serial) == (2, 1_790_000_000_000_000, 7)


@pytest.mark.parametrize("kind", [0, 7, 255])
def test_an_unknown_kind_is_no_frame(kind: int) -> None:
    """Version 1 has six kinds; a seventh is another version or a bug."""
    laid = bytearray(encode_frame(SYNC, EVENT))
    laid[8] = kind

    with pytest.raises(FrameDamaged, match="plaintext offset 40"):
        decode_head(SYNC, laid[:HEAD_BYTES], 40)


def test_a_foreign_sync_word_is_no_frame() -> None:
    """What a peer sends can never pass for a frame."""
    with pytest.raises(FrameDamaged, match="no frame begins here"):
        decode_head(b"\x00" * 8, encode_frame(SYNC, EVENT)[:HEAD_BYTES], 0)


def test_a_payload_beyond_every_written_one_is_refused() -> None:
    """A reader holds one payload in memory; the length is not trusted beyond that."""
    laid = bytearray(encode_frame(SYNC, EVENT))
    laid[12:16] = (MAX_PAYLOAD_BYTES + 1).to_bytes(4, "big")

    with pytest.raises(FrameDamaged, match="longer"):
        decode_head(SYNC, laid[:HEAD_BYTES], 0)


@pytest.mark.parametrize(
    ("position", "left", "gap"),
    [
        (0, 0, 0),
        (1, PLAIN_BYTES - 1, 0),
        (PLAIN_BYTES - 32, 32, 0),
        (PLAIN_BYTES - 31, 31, 31),
        (2 * PLAIN_BYTES - 1, 1, 1),
    ],
)
def test_a_head_never_straddles_two_segments(position: int, left: int, gap: int) -> None:
    """Each head is found in one verified segment, also when its neighbours are damaged."""
    assert left_in_segment(position) == left
    assert gap_before_head(position) == gap


@pytest.mark.parametrize(
    "position", [0, 1, 17, PLAIN_BYTES - 32, PLAIN_BYTES - 31, PLAIN_BYTES - 1]
)
def test_padding_ends_with_the_segment(position: int) -> None:
    """What is written is readable at once, and the next write begins a segment."""
    pad = pad_to_segment(SYNC, position)

    assert (position + len(pad)) % PLAIN_BYTES == 0
    assert not any(pad[HEAD_BYTES:])
    assert len(pad) < PLAIN_BYTES


@given(st.lists(st.integers(0, 3 * PLAIN_BYTES), max_size=20), st.integers(0, 2))
def test_laid_frames_are_found_one_after_another(sizes: list[int], segment: int) -> None:
    """Walking heads and gaps from the first position visits exactly what was laid."""
    start = segment * PLAIN_BYTES
    assembler = FrameAssembler(SYNC, start)
    frames = [
        Frame(FrameKind.EVENT, 0, 0, number, number, bytes(size))
        for number, size in enumerate(sizes)
    ]
    laid = b"".join(assembler.add(frame) for frame in frames) + assembler.pad()

    position, found = start, []
    while position < start + len(laid):
        position += gap_before_head(position)
        if position < start + len(laid):
            head = decode_head(SYNC, laid[position - start :][:HEAD_BYTES], position)
            found.append((head.kind, head.payload_bytes))
            position += HEAD_BYTES + head.payload_bytes

    assert [size for kind, size in found if kind is FrameKind.EVENT] == sizes
    assert position == assembler.position
