"""No packet index is used twice; the few that were left out may still come."""

from hypothesis import given, strategies as st

from capture.media.relay.packet_indices import REPLAY_PACKETS, HeardIndices, SkippedIndices


def test_what_was_left_out_comes_once() -> None:
    """And nothing else does."""
    passed_over = SkippedIndices()
    passed_over.leave_out(10, 13)

    assert [passed_over.comes(each) for each in (9, 10, 12, 12, 13)] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_what_was_left_out_long_ago_is_forgotten() -> None:
    """However wide a gap is, a window's worth of it is kept."""
    passed_over = SkippedIndices()
    passed_over.leave_out(0, 5)
    passed_over.leave_out(1_000, 100_000)

    assert len(passed_over._indices) == REPLAY_PACKETS
    assert not passed_over.comes(3)
    assert not passed_over.comes(100_000 - REPLAY_PACKETS - 1)
    assert passed_over.comes(100_000 - REPLAY_PACKETS)


def test_a_sequence_number_is_the_nearest_index() -> None:
    """RFC 3711 §3.3.1, over a rollover either way."""
    heard = HeardIndices(65_535)

    assert heard.is_new(65_535)
    assert heard.guess(0) == 65_536
    assert heard.is_new(65_536)
    assert heard.guess(65_534) == 65_534
    assert HeardIndices(0).guess(65_000) < 0


def test_what_is_older_than_the_window_is_never_new() -> None:
    """Also where it had not come: nobody remembers whether it had."""
    heard = HeardIndices(1_000)
    for index in (1_000, 1_002, *range(1_003, 1_003 + REPLAY_PACKETS)):
        assert heard.is_new(index)

    assert not heard.is_new(1_001)


def test_what_came_before_the_first_that_is_known_may_be_late() -> None:
    """Whoever comes in the middle of a stream hears its packets in any order."""
    heard = HeardIndices(1_000)
    assert heard.is_new(1_000)

    assert heard.is_new(999)
    assert not heard.is_new(999)


@given(st.lists(st.integers(0, 4 * REPLAY_PACKETS), max_size=400))
def test_no_index_is_new_twice_and_in_the_window_each_is_new_once(indices: list[int]) -> None:
    """Whatever order they come in."""
    heard, came = HeardIndices(500), set[int]()
    for index in indices:
        highest = max({499} | came)
        expected = index not in came and index > highest - REPLAY_PACKETS
        assert heard.is_new(index) is expected
        if expected:
            came.add(index)
