"""Numbers that run on whatever is heard."""

import pytest

from capture.media.relay.outgoing_stream import NO_SOURCE, OutgoingNumbers

STEP = 160


def voice(first: int = 1_000) -> OutgoingNumbers:
    return OutgoingNumbers(ssrc=9, clock_hz=8000, packet_ms=20, next_index=first, stamp=5_000)


def hear(to: OutgoingNumbers, sequence: int, stamp: int, now_s: float = 0.0) -> tuple[int, int]:
    index = to.index_of(sequence)
    out = (stamp + to.stamp_shift) & 0xFFFFFFFF
    to.sent(index, out, 100, now_s)
    return index, out


def test_the_first_source_begins_with_our_numbers() -> None:
    """Signalling has chosen them."""
    to = voice()
    assert to.source == NO_SOURCE
    to.change(7, 50, 900, 3.0)

    assert hear(to, 50, 900, 3.0) == (1_000, 5_000)
    assert hear(to, 51, 900 + STEP) == (1_001, 5_160)


def test_another_source_follows_by_one_and_by_the_time_that_has_passed() -> None:
    """A phone that hears sequence and timestamp jump would drop or stretch audio."""
    to = voice()
    to.change(7, 50, 900, 3.0)
    hear(to, 50, 900, 3.0)
    to.change(8, 60_000, 123, 3.5)

    assert hear(to, 60_000, 123, 3.5) == (1_001, 5_000 + 4_000)


def test_another_source_is_at_least_one_packet_later() -> None:
    """Two packets with one timestamp would be one."""
    to = voice()
    to.change(7, 50, 900, 3.0)
    hear(to, 50, 900, 3.0)
    to.change(8, 1, 1, 3.0)

    assert hear(to, 1, 1, 3.0)[1] == 5_000 + STEP


def test_what_is_late_or_comes_twice_keeps_its_place() -> None:
    """The receiver sorts it out, as it would have without us."""
    to = voice()
    to.change(7, 50, 900, 0.0)
    found = [hear(to, 50 + n, 900 + n * STEP)[0] for n in (0, 2, 1, 2, 3)]

    assert found == [1_000, 1_002, 1_001, 1_002, 1_003]
    assert to.next_index == 1_004


@pytest.mark.parametrize("first", [0, 0xFFFF, 0x1FFFE])
def test_the_index_counts_rollovers(first: int) -> None:
    """SRTP needs it, of ours and of theirs."""
    to = voice(first)
    to.change(7, 0xFFFE, 0, 0.0)

    assert [hear(to, (0xFFFE + n) & 0xFFFF, 0)[0] for n in range(4)] == [
        first + n for n in range(4)
    ]


def test_what_is_older_than_the_first_packet_has_no_index() -> None:
    """Its number would be below zero."""
    to = voice(0)
    to.change(7, 10, 0, 0.0)

    assert to.index_of(9) < 0


def test_a_new_secret_begins_with_rollover_and_sequence_0() -> None:
    """RFC 3711 section 3.3.1: who hears the first packet knows no more than its sequence."""
    to = voice(70_000)
    to.change(7, 50, 900, 0.0)

    assert to.key(1) == 2 * 65_536 - 70_000
    assert (to.next_index, to.floor) == (2 * 65_536, 2 * 65_536)
    assert to.source == NO_SOURCE


def test_numbers_that_have_hardly_begun_do_not_jump() -> None:
    """They have the rollover counter that a receiver takes them for."""
    to = voice(1_000)

    assert to.key(1) == 0
    assert to.key(2) == 0
    assert to.next_index == 1_000


@pytest.mark.parametrize("first", [32_767, 32_768, 65_535])
def test_a_sequence_in_the_upper_half_jumps(first: int) -> None:
    """A first packet that is lost there would have the receiver a rollover behind."""
    assert (voice(first).key(1) > 0) == (first >= 32_768)


def test_the_same_secret_goes_on_where_it_was() -> None:
    """RFC 3711 section 9.1: no index twice under a key."""
    to = voice(70_000)
    to.key(1)
    for count in range(40_000):
        to.sent(to.floor + count, 0, 0, 0.0)

    assert to.key(1) == 0
    assert to.next_index == 2 * 65_536 + 40_000


def test_what_is_late_beyond_a_new_secret_is_not_sent() -> None:
    """It would have an index below 0 there."""
    to = voice(70_000)
    to.key(1)
    to.change(7, 50, 900, 0.0)

    assert (to.index_of(50), to.index_of(49)) == (2 * 65_536, -1)
