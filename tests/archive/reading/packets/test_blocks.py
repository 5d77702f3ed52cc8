"""Ring sequences, clock steps, and frames joined to blocks."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from archive.errors import FrameDamaged
from archive.format.packets import MAX_AT_US, decode_packets
from archive.reading.packets.blocks import FAR_US, LineClock, SerialSet, Taken, join, packet_keys
from tests.archive.reading.scenes import START_US, Talk, frame_of, number


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=30))
def test_a_ring_sequence_is_new_exactly_once(runs: list[tuple[int, int]]) -> None:
    """A repetition that counts twice is a packet that never was; one too few is a loss."""
    seen, kept = set[int](), SerialSet()
    for first, count in runs:
        expected = [n not in seen for n in range(first, first + count)]

        assert kept.take(first, count).tolist() == expected
        seen.update(range(first, first + count))


@given(
    st.sampled_from([0, (1 << 63) - 40, (1 << 64) - 80]),
    st.lists(
        st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), min_size=1, max_size=8),
        max_size=6,
    ),
    st.booleans(),
)
def test_many_frames_are_as_new_as_one_by_one(
    base: int, batches: list[list[tuple[int, int]]], in_order: bool
) -> None:
    """However a reader cuts them; ring sequences are unsigned and reach up to 2^64."""
    many, single = SerialSet(), SerialSet()
    for batch in batches:
        frames = sorted(batch) if in_order else batch
        firsts = np.array([base + first for first, _ in frames], np.uint64)
        counts = np.array([count for _, count in frames], np.int64)
        expected = [single.take(base + first, count) for first, count in frames]

        assert many.take_many(firsts, counts).tolist() == np.concatenate(expected).tolist()


def test_the_last_of_all_ring_sequences_is_not_followed_by_the_first() -> None:
    """2^64 is 0 to an unsigned number, and no frame's end."""
    seen = SerialSet()
    firsts = np.array([(1 << 64) - 20, 0], np.uint64)

    assert seen.take_many(firsts, np.array([20, 20])).all()
    assert not seen.take(0, 20).any()


def test_frames_without_a_hole_are_remembered_as_one() -> None:
    """An hour has thousands of them; memory is not to grow with each."""
    seen = SerialSet()
    for batch in range(4):
        firsts = np.arange(5, dtype=np.uint64) * np.uint64(20_000) + np.uint64(100_000 * batch)
        assert seen.take_many(firsts, np.full(5, 20_000)).all()

    assert (seen._starts, seen._stops) == ([0], [400_000])


def test_joined_frames_keep_every_datagram_in_its_row() -> None:
    """Columns of one packet with bytes of another would be wrong audio that verifies."""
    packets, seen = number(Talk(packets=30).sent()), SerialSet()
    taken = []
    for place, run in enumerate([packets[:10], packets[5:20], packets[20:]]):
        read = decode_packets(frame_of(run))
        taken.append(Taken(1_000 * place, read, seen.take(int(read.serials[0]), len(read))))
    block = join(taken)

    spans = zip(block.starts.tolist(), block.lengths.tolist(), strict=True)
    assert [block.data[a : a + n].tobytes() for a, n in spans] == [p.datagram for p in packets]
    assert block.serials.tolist() == [p.serial for p in packets]
    assert block.arrivals_us.tolist() == [p.arrival_us for p in packets]
    assert np.all(np.diff(block.keys) > 0)
    assert block.keys[10] == packet_keys(1_000, 6)[5]


@pytest.mark.parametrize(
    ("offsets", "stepped_us"),
    [
        ([0, 90_000, 180_000], 0),
        ([0, 3_600_000_000, 3_600_000_100], 3_600_000_000),
        ([500, -3_600_000_000, -3_600_000_000], -3_600_000_500),
        ([0, 200_000, 0], 0),
    ],
)
def test_a_step_is_told_from_slewing(offsets: list[int], stepped_us: int) -> None:
    """Slewing is the clock becoming right; a step is a jump that no audio made."""
    clock = LineClock()
    packets = number(Talk(packets=3).sent())
    steps = [
        clock.read(0, packet.arrival_us, offset)
        for packet, offset in zip(packets, offsets, strict=True)
    ]

    assert clock.stepped_us == stepped_us
    assert any(steps) == (max(offsets) - min(offsets) > 180_000)
    assert (clock.first_offset_us, clock.last_offset_us) == (offsets[0], offsets[-1])


US = st.one_of(
    st.integers(0, 2_000_000),
    st.integers(-200_000, 200_000),
    st.integers(-(1 << 54), 1 << 54),
    st.sampled_from([-(1 << 61), -(FAR_US + 1), -FAR_US, FAR_US, FAR_US + 1, 1 << 61]),
)
READINGS = st.lists(st.lists(st.tuples(US, US), min_size=1, max_size=6), max_size=5)


@given(READINGS, st.booleans())
def test_a_clock_read_of_many_frames_is_the_clock_read_of_each(
    batches: list[list[tuple[int, int]]], running: bool
) -> None:
    """Where it steps, slews, stands still, runs back, or says what no clock says."""
    many, single = LineClock(), LineClock()
    position, at_us, offset = 0, START_US, 500
    for batch in batches:
        rows, told = [], []
        for by_us, moved in batch:
            position += 100
            at_us = at_us + by_us if running else abs(by_us)
            offset = offset + moved if running else moved
            at_us, offset = min(abs(at_us), MAX_AT_US), max(-(1 << 61), min(offset, 1 << 61))
            rows.append((position, at_us, offset))
            stepped = single.read(position, at_us, offset)
            told.append((-single.stepped_us, stepped))
        shifts, steps = many.read_many(*np.array(rows, np.int64).T)

        assert list(zip(shifts.tolist(), steps.tolist(), strict=True)) == told
        assert many == single


@pytest.mark.parametrize("over_us", [-1, 0, 1])
def test_the_least_step_is_told_from_the_most_slewing(over_us: int) -> None:
    """In 2 s a clock slews by 1 ms; 100 ms more are what no daemon slews."""
    at_us = np.array([START_US, START_US + 2_000_000])
    offsets = np.array([0, 101_000 + over_us])
    at_us += offsets

    _, stepped = LineClock().read_many(np.array([0, 100]), at_us, offsets)

    assert stepped.tolist() == [False, over_us > 0]


def test_steps_that_add_up_to_no_time_are_damage() -> None:
    """A writer's bug must not take its reader down."""
    offsets = np.array([0, -(1 << 63), 0])

    with pytest.raises(FrameDamaged, match="offset 100"):
        LineClock().read_many(np.array([0, 100, 200]), np.array([START_US] * 3), offsets)
