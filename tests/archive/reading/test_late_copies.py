"""Copies of proved packets: which are set aside, and what is told of them."""

from dataclasses import replace

import numpy as np
import pytest

from archive.call.adoption import StreamReplay
from archive.format.packets import decode_packets
from archive.reading.late_copies import REPLAY_US, LateCopies
from archive.reading.packets.alignment import StreamCounts
from archive.reading.packets.blocks import Block, Taken, join
from tests.archive.reading.scenes import START_US, Packet, Talk, frame_of, number

TALK = Talk(packets=4).sent()


def block(packets: list[Packet]) -> Block:
    """They as one block, in their order."""
    found = decode_packets(frame_of(number(packets)))
    return join([Taken(0, found, np.ones(len(packets), np.bool_))])


def later(packet: Packet, by_us: int) -> Packet:
    return replace(packet, arrival_us=packet.arrival_us + by_us)


def left(copies: LateCopies, sealed: Block) -> list[bool]:
    """Which packets of a block are not set aside."""
    return [length > 0 for length in copies.empty(sealed, sealed).tolist()]


@pytest.mark.parametrize("in_one_block", [True, False])
def test_what_a_network_doubles_is_no_replay(*, in_one_block: bool) -> None:
    """Milliseconds later, or as long as any queue holds a packet: nobody sent it again."""
    copies = LateCopies(3)
    doubled = [later(TALK[0], 5_000), later(TALK[1], REPLAY_US)]
    blocks = [[*TALK, *doubled]] if in_one_block else [TALK, doubled]

    assert all(all(left(copies, block(each))) for each in blocks)
    assert copies.told is None


def test_what_comes_again_later_is_set_aside_and_told_as_one() -> None:
    """How many, and from when to when; the first of each kind stays, and so does what is new."""
    copies = LateCopies(3)
    kept = left(copies, block(TALK[:3]))
    first, second = later(TALK[1], REPLAY_US + 1), later(TALK[0], REPLAY_US + 90_000)
    kept += left(copies, block([TALK[3], first, second]))
    kept += left(copies, block([later(TALK[0], 2 * REPLAY_US)]))

    assert kept == [True] * 3 + [True, False, False] + [False]
    assert copies.told == StreamReplay(3, first.arrival_us, START_US + 2 * REPLAY_US, 3)
    counts = copies.add_to(StreamCounts(packets=4, duplicates=1, lost=2))
    assert counts == StreamCounts(packets=7, duplicates=4, lost=2)


def test_a_number_that_is_used_for_other_speech_is_no_copy() -> None:
    """A sender that begins anew under the same key breaks RFC 3711, and is heard."""
    other = Talk(packets=4, seed=9).sent()
    copies = LateCopies(0)

    assert left(copies, block(TALK)) == [True] * 4
    assert left(copies, block([later(each, 10 * REPLAY_US) for each in other])) == [True] * 4


def test_what_is_masked_or_of_no_known_time_is_not_judged() -> None:
    """A mask covers the tag; where the clock stepped nobody knows how late a packet is."""
    copies, sealed = LateCopies(0), block([later(each, 10 * REPLAY_US) for each in TALK])
    every = np.ones(len(TALK), np.bool_)

    assert all(left(copies, block(TALK)))
    assert all(left(copies, replace(sealed, masked=every)))
    assert all(left(copies, replace(sealed, trusted=~every)))


def test_what_no_key_proves_is_not_remembered() -> None:
    """Else a forger fills the memory, and what he has sent first would be the first of its kind."""
    copies, sealed = LateCopies(0), block(TALK)
    copies.empty(sealed, replace(sealed, lengths=np.zeros(len(TALK), np.int64)))

    assert all(left(copies, block([later(each, 10 * REPLAY_US) for each in TALK])))
