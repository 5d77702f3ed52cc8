"""Many frames as columns, against frame by frame."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from archive.format.frames import (
    HEAD_BYTES,
    Frame,
    FrameKind,
    decode_head,
    encode_frame,
    gap_before_head,
    left_in_segment,
)
from archive.format.header import PLAIN_BYTES
from archive.format.runs import find_frames, run_of
from tests.support.parts import FrameAssembler

SYNC = b"12345678"
# The plaintext in hand begins with some segment of its part.
BEGIN = 3 * PLAIN_BYTES
U64 = st.integers(0, (1 << 64) - 1)
FRAMES = st.lists(
    st.builds(
        Frame,
        kind=st.sampled_from(FrameKind),
        flags=st.integers(0, 255),
        stream=st.integers(0, 0xFFFF),
        at_us=U64,
        serial=U64,
        payload=st.integers(0, 3 * PLAIN_BYTES).map(lambda size: b"p" * size),
    ),
    max_size=20,
)
TALK = [
    Frame(FrameKind.PACKETS, 1, 3, 5_000 + n, n << 60, bytes([n]) * (700 * n)) for n in range(9)
]


def laid(frames: list[Frame], *, padded: bool = False) -> bytes:
    """Frames as a writer lays them; `padded`: after each, the segment is filled and written."""
    assembler = FrameAssembler(SYNC, BEGIN)
    return b"".join(assembler.add(frame) + (assembler.pad() if padded else b"") for frame in frames)


def one_by_one(plain: bytes, at: int = 0) -> list[Frame]:
    """What a reader finds that takes a head, then its payload, then the next head."""
    found = []
    at += gap_before_head(at)
    while at + HEAD_BYTES <= len(plain):
        head = decode_head(SYNC, plain[at : at + HEAD_BYTES], at)
        begin, end = at + HEAD_BYTES, at + HEAD_BYTES + head.payload_bytes
        told = (head.kind, head.flags, head.stream, head.at_us, head.serial)
        found.append(Frame(*told, plain[begin:end], BEGIN + at))
        at = end + gap_before_head(end)
    return found


def found(plain: bytes, at: int = 0) -> tuple[list[Frame], int]:
    run, behind = find_frames(SYNC, plain, at, BEGIN)
    return list(run.frames()), behind


def end_of(frame: Frame) -> int:
    """Where a frame ends in the plaintext in hand."""
    return frame.position - BEGIN + HEAD_BYTES + len(frame.payload)


@given(FRAMES, st.booleans(), st.data())
def test_a_run_is_what_reading_frame_by_frame_gives(
    frames: list[Frame], padded: bool, data: st.DataObject
) -> None:
    """From any head on, over segment borders and the zeros before them; padding is no frame."""
    plain = laid(frames, padded=padded)
    told = one_by_one(plain)
    first = data.draw(st.integers(0, max(len(told) - 1, 0)))
    at = told[first].position - BEGIN if told else 0

    got, behind = found(plain, at)

    assert got == [frame for frame in told[first:] if frame.kind is not FrameKind.PAD]
    assert len(plain) in (behind, behind + gap_before_head(behind))


@pytest.mark.parametrize("left", [0, 1, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1])
def test_a_run_goes_on_behind_the_zeros_at_the_end_of_a_segment(left: int) -> None:
    """No head lies in two segments."""
    first = replace(TALK[1], payload=bytes(PLAIN_BYTES - HEAD_BYTES - left))
    told = one_by_one(laid([first, TALK[2]]))

    assert len(told) == 2
    assert found(laid([first, TALK[2]]))[0] == told


def test_a_run_may_begin_behind_a_head_that_begins_its_segment() -> None:
    """Else every second run of a part would be empty, and its segments opened twice."""
    frames = [replace(frame, payload=b"x") for frame in TALK]
    plain = laid(frames)
    told = one_by_one(plain)

    assert found(plain, told[4].position - BEGIN)[0] == told[4:]


def test_a_run_ends_before_a_kind_that_is_not_known() -> None:
    """Whoever reads it by itself says so; the frames before it are good."""
    plain = bytearray(laid(TALK))
    strange = one_by_one(bytes(plain))[5]
    plain[strange.position - BEGIN + len(SYNC)] = 77
    got, behind = found(bytes(plain))

    assert [frame.serial for frame in got] == [frame.serial for frame in TALK[:5]]
    assert behind + gap_before_head(behind) == strange.position - BEGIN


@pytest.mark.parametrize("left", [0, 1, 1000])
def test_a_run_ends_before_a_frame_that_another_head_overtakes(left: int) -> None:
    """A killed writer left it; what begins the next segment is a frame, not its audio."""
    before = laid([replace(TALK[1], payload=bytes(PLAIN_BYTES - 2 * HEAD_BYTES - left))])
    torn = encode_frame(SYNC, replace(TALK[2], payload=bytes(left + 2 * PLAIN_BYTES)))
    overtaken_at = left_in_segment(len(before)) + len(before)
    end = encode_frame(SYNC, TALK[3])
    plain = (before + torn)[:overtaken_at] + end
    plain += bytes(len(before) + len(torn) - len(plain)) + laid(TALK[4:])
    got, behind = found(plain)

    assert [frame.serial for frame in got] == [TALK[1].serial]
    assert behind == len(before)
    assert found(plain, behind) == ([], behind)
    assert found(plain, overtaken_at)[0][0].payload == TALK[3].payload


def test_a_payload_that_holds_the_sync_word_elsewhere_is_left_in_peace() -> None:
    """Only at a segment's begin does it end a frame."""
    hidden = replace(TALK[1], payload=b"ab" + SYNC * 300)

    assert found(laid([hidden, TALK[2]]))[0] == one_by_one(laid([hidden, TALK[2]]))


@given(st.integers(0, len(laid(TALK))))
def test_a_cut_at_any_byte_keeps_exactly_the_frames_already_whole(cut: int) -> None:
    """The rest of a frame lies in segments which are not in hand yet."""
    plain = laid(TALK)
    whole = [frame for frame in one_by_one(plain) if end_of(frame) <= cut]
    got, behind = found(plain[:cut])

    assert got == whole
    assert behind == (end_of(whole[-1]) if whole else 0)


def test_padding_is_left_out_and_passed() -> None:
    """A run of nothing else leads on all the same."""
    pad = encode_frame(SYNC, Frame(FrameKind.PAD, 0, 0, 0, 0, bytes(PLAIN_BYTES - HEAD_BYTES)))
    run, behind = find_frames(SYNC, pad + pad, 0, BEGIN)

    assert (len(run), behind) == (0, 2 * PLAIN_BYTES)
    assert [frame.serial for frame in found(laid(TALK, padded=True))[0]] == [
        frame.serial for frame in TALK
    ]


@given(FRAMES)
def test_a_run_of_frames_read_one_by_one_holds_the_same(frames: list[Frame]) -> None:
    """Those that are special join the way of all others."""
    placed = [replace(frame, position=7 * n) for n, frame in enumerate(frames)]
    run = run_of(placed)

    assert list(run.frames()) == [run.frame(index) for index in range(len(run))] == placed
    assert len(run) == len(frames)


def test_what_is_picked_of_a_run_are_the_same_frames() -> None:
    """By a mask or a slice, out of a plaintext or out of frames; `stop` is behind the last."""
    run, behind = find_frames(SYNC, laid(TALK), 0, BEGIN)
    told = one_by_one(laid(TALK))
    odd = run.serials.astype(np.int64) >> 60 & 1 == 1

    for made in (run, run_of(told)):
        assert list(made.pick(slice(2, 5)).frames()) == told[2:5]
        assert list(made.pick(odd).frames()) == told[1::2]
        assert made.pick(odd).frame(1) == told[3]
        assert made.pick(slice(2, 5)).stop == BEGIN + end_of(told[4])
        assert made.stop == BEGIN + behind
