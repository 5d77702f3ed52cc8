"""Ring sequences, clock steps, and frames joined to blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.packets import decode_packets
from archive.reading.blocks import LineClock, SerialSet, Taken, join, packet_keys
from tests.archive.reading.scenes import Talk, frame_of, number


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=30))
def test_a_ring_sequence_is_new_exactly_once(runs: list[tuple[int, int]]) -> None:
    """A repetition that counts twice is a packet that never was; one too few is a loss."""
    seen, kept = set[int](), SerialSet()
    for first, count in runs:
        expected = [n not in seen for n in range(first, first + count)]

        assert kept.take(first, count).tolist() == expected
        seen.update(range(first, first + count))


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
