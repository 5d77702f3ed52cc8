"""Which numbers of a source are missing, however its packets are cut into blocks."""

import numpy as np
import pytest

from archive.reading.packets import sequence_numbers
from archive.reading.packets.sequence_numbers import Hole, Numbered, NumberGaps

RATE = 8_000


def packets(*sequence: int, silent: tuple[int, ...] = ()) -> Numbered:
    """Of 160 ticks each, at its place by its number."""
    own = np.array(sequence, np.int64)
    return Numbered(own, own * 160, own * 160 + 160, own * 20_000, own, ~np.isin(own, silent))


def holes(*blocks: Numbered) -> list[tuple[int, int]]:
    gaps = NumberGaps(RATE)
    for block in blocks:
        gaps.feed(block)
    return [(hole.first, hole.stop) for hole in gaps.holes]


def test_a_hole_lies_between_the_packets_around_it() -> None:
    """Their ticks, arrivals and places."""
    gaps = NumberGaps(RATE)
    gaps.feed(packets(1, 2, 5))

    assert gaps.holes == [Hole(3, 5, 2, (480, 800), (40_000, 100_000), (2, 5))]


def test_it_is_the_same_in_one_block_and_in_many() -> None:
    """The keeper reads many frames at once, others one."""
    order = [1, 2, 5, 4, 9, 7, 7, 12, 11, 13]

    together = holes(packets(*order))
    assert (
        together == holes(*(packets(each) for each in order)) == [(3, 4), (6, 7), (8, 9), (10, 11)]
    )


def test_a_late_packet_tears_a_hole_in_two_or_fills_it() -> None:
    """What came after all is not missing."""
    assert holes(packets(1, 7), packets(4)) == [(2, 4), (5, 7)]
    assert holes(packets(1, 3), packets(2)) == []


def test_who_sends_only_noise_is_quiet_until_he_is_heard_again() -> None:
    """Comfort noise comes in packets, too."""
    gaps = NumberGaps(RATE)
    gaps.feed(packets(*range(1, 101), silent=tuple(range(11, 91))))

    assert gaps.quiet == [(11 * 160, 91 * 160)]
    assert gaps.holes == []


def test_of_a_flood_of_holes_neighbours_become_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """All their packets are counted; one that comes late after that is not taken off."""
    monkeypatch.setattr(sequence_numbers, "MAX_HOLES", 4)
    gaps = NumberGaps(RATE)
    gaps.feed(packets(*range(1, 40, 2)))
    gaps.feed(packets(4))

    assert len(gaps.holes) <= 4
    assert sum(hole.packets for hole in gaps.holes) == 19
