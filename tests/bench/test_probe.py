"""Tests of delays: what arrived is told apart by sequence numbers that a server has shifted."""

import pytest

from bench.probe import delays_of

MS = 1_000_000
SENT = [number * 20 * MS for number in range(20)]


def test_the_shift_of_numbers_is_found() -> None:
    """It is whatever the server made of them, also around the end of the numbers."""
    heard = [((65_530 + number) % 65_536, at + 2 * MS) for number, at in enumerate(SENT)]

    assert delays_of(SENT, heard) == pytest.approx([2.0] * 20)


def test_lost_and_late_packets_do_not_disturb_it() -> None:
    """The first two are lost, one comes after the next has been sent."""
    heard = [(100 + number, at + MS) for number, at in enumerate(SENT)][2:]
    heard[5] = (heard[5][0], heard[5][1] + 24 * MS)

    assert sorted(delays_of(SENT, heard)) == pytest.approx([1.0] * 17 + [25.0])


def test_nothing_heard_has_no_delay() -> None:
    """And is no error: it is counted as lost."""
    assert delays_of(SENT, []) == []
