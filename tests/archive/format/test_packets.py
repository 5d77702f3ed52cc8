"""Columns and datagrams of one sweep, and what is refused before numpy is let loose on it."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from archive.errors import FrameDamaged
from archive.format.frames import RTCP_FLAG, Frame, FrameKind
from archive.format.packets import (
    CUT,
    MASKED,
    MAX_AT_US,
    PACKET_DTYPE,
    PACKETS_HEAD,
    SOURCE,
    PacketsHead,
    PacketsHeads,
    Source,
    decode_packets,
)
from archive.format.runs import run_of
from tests.archive.examples import packets_frame
from tests.support.parts import encode_packets

SOURCES = [Source(b"a" * 16, 1), Source(b"b" * 16, 65_535)]


def _frame(payload: bytes, at_us: int = 1000, serial: int = 7) -> Frame:
    return Frame(FrameKind.PACKETS, RTCP_FLAG, 3, at_us, serial, payload, position=64)


def _example() -> bytes:
    columns = np.array([(0, 3, 1, MASKED), (20_000, 0, 0, 0), (15, 2, 0, CUT)], PACKET_DTYPE)
    return encode_packets(columns, b"abcde", sources=SOURCES, clock_offset_us=-9)


def test_packets_read_back_as_they_were_written() -> None:
    """Bytes, times, sources and marks of each packet, an empty datagram included."""
    packets = decode_packets(_frame(_example()))

    assert [packets.datagram(index) for index in range(len(packets))] == [b"abc", b"", b"de"]
    assert packets.serials.tolist() == [7, 8, 9]
    assert packets.arrivals_us.tolist() == [1000, 21_000, 1015]
    assert packets.flags.tolist() == [MASKED, 0, CUT]
    assert [packets.sources[index] for index in packets.source_index] == [
        SOURCES[1],
        SOURCES[0],
        SOURCES[0],
    ]
    assert (packets.stream, packets.rtcp, packets.clock_offset_us) == (3, True, -9)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=60))
def test_any_lengths_read_back(lengths: list[int]) -> None:
    """Offsets into the datagrams follow from the lengths alone."""
    columns = np.zeros(len(lengths), PACKET_DTYPE)
    columns["length"] = lengths
    datagrams = [bytes([index]) * length for index, length in enumerate(lengths)]
    payload = encode_packets(columns, b"".join(datagrams), sources=SOURCES, clock_offset_us=0)

    packets = decode_packets(_frame(payload))

    assert [packets.datagram(index) for index in range(len(packets))] == datagrams


def test_the_largest_datagrams_do_not_run_over() -> None:
    """Sums of 16-bit lengths are 64 bits wide."""
    columns = np.zeros(200, PACKET_DTYPE)
    columns["length"] = 65_535
    payload = encode_packets(columns, bytes(200 * 65_535), sources=SOURCES, clock_offset_us=0)

    packets = decode_packets(_frame(payload))

    assert int(packets.starts[-1]) == 199 * 65_535


@pytest.mark.parametrize("length", [*range(0, len(_example())), len(_example()) + 1])
def test_a_payload_of_another_length_is_refused(length: int) -> None:
    """Cut or lengthened anywhere, no packet of it is believed."""
    with pytest.raises(FrameDamaged, match="plaintext offset 64"):
        decode_packets(_frame((_example() + b"\x00")[:length]))


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (8, b"\x00\x00"),
        (10, b"\x00\x00"),
        (10, b"\x01\x00"),
        (12, b"\x00\x00\x00\x01"),
        (8, b"\xff\xff"),
        (16 + 40 + 6, b"\x02"),
        (16 + 40 + 4, b"\x00\x04"),
    ],
)
def test_counts_and_indices_that_do_not_agree_are_refused(offset: int, value: bytes) -> None:
    """No packet, no source, unknown sources, more packets than bytes: a writer's bug at best."""
    payload = _example()[:offset] + value + _example()[offset + len(value) :]

    with pytest.raises(FrameDamaged):
        decode_packets(_frame(payload))


def test_times_and_serials_that_run_over_are_refused() -> None:
    """A wrapped time would put audio into another century."""
    frame = packets_frame(0, 2)

    assert len(decode_packets(replace(frame, at_us=MAX_AT_US))) == 2
    with pytest.raises(FrameDamaged, match="run over"):
        decode_packets(replace(frame, at_us=MAX_AT_US + 1))
    with pytest.raises(FrameDamaged, match="run over"):
        decode_packets(replace(frame, serial=(1 << 64) - 1))


def _stating(
    clock_offset_us: int, counts: tuple[int, int, int], over: int, at_us: int, serial: int
) -> Frame:
    """A frame whose head says this, as long as it says or `over` bytes longer."""
    packets, sources, _ = counts
    columns = bytes(sources * SOURCE.size + packets * PACKET_DTYPE.itemsize + max(over, 0))
    payload = PACKETS_HEAD.pack(clock_offset_us, *counts) + columns
    return _frame(payload[: over if over < 0 else None], at_us, serial)


COUNTS = st.tuples(st.sampled_from([1, 2, 5, 300]), st.sampled_from([1, 2, 255]), st.just(0))
OFFSETS = st.integers(-(1 << 63), (1 << 63) - 1)
OVER = st.sampled_from([0, 1, 500])
TIMES, SERIALS = st.integers(0, MAX_AT_US), st.integers(0, (1 << 64) - 300)
GOOD = st.builds(_stating, OFFSETS, COUNTS, OVER, TIMES, SERIALS)
WRONG = [
    _stating(0, (0, 1, 0), 0, 9, 9),
    *[_stating(0, (1, sources, 0), 0, 9, 9) for sources in (0, 256, 300)],
    *[_stating(0, (1, 1, zeros), 0, 9, 9) for zeros in (1, 1 << 31)],
    *[_stating(0, (1, 1, 0), over, 9, 9) for over in (-1, -28, -29, -44)],
    *[_stating(0, (1, 1, 0), 0, at_us, 9) for at_us in (MAX_AT_US + 1, 1 << 63, (1 << 64) - 1)],
    _stating(0, (2, 1, 0), 0, 9, (1 << 64) - 1),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_head_that_is_wrong_is_refused_among_many(wrong: Frame) -> None:
    """Each for its own reason."""
    good = _frame(_example())

    with pytest.raises(FrameDamaged, match="plaintext offset 7"):
        PacketsHeads.read(run_of([good, replace(wrong, position=7), good]))


@given(st.lists(st.one_of(GOOD, GOOD, GOOD, st.sampled_from(WRONG)), max_size=6))
def test_the_heads_of_many_are_those_of_each_or_the_first_that_is_wrong_is_refused(
    frames: list[Frame],
) -> None:
    """Whoever reads a part at once finds in it what whoever reads a frame finds."""
    frames = [replace(frame, position=n) for n, frame in enumerate(frames)]
    told: list[PacketsHead] = []
    try:
        told += [PacketsHead.read(frame) for frame in frames]
    except FrameDamaged as wrong:
        with pytest.raises(FrameDamaged, match=re.escape(str(wrong))):
            PacketsHeads.read(run_of(frames))
        return

    heads = PacketsHeads.read(run_of(frames))
    rows = zip(
        heads.clock_offsets_us.tolist(),
        heads.packets.tolist(),
        heads.sources.tolist(),
        heads.columns_at.tolist(),
        heads.datagrams_at.tolist(),
        strict=True,
    )
    assert [PacketsHead(*row) for row in rows] == told
