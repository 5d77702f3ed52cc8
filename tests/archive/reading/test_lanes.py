"""Who sits on which channel."""

import pytest

from archive.events import Event
from archive.reading.lanes import Lane, arrange
from tests.archive.reading.scenes import added, party


def seats(events: list[Event], heard: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    return [lane.streams for lane in arrange(events, heard)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], [(), ()]),
        ([added(0)], [(0,), ()]),
        ([added(0), added(1)], [(0,), (1,)]),
        ([added(0), added(1), party(0, "agent"), party(1, "customer")], [(1,), (0,)]),
        ([added(0), added(1), party(0, "agent")], [(1,), (0,)]),
        ([added(0), added(1), party(1, "customer")], [(1,), (0,)]),
        ([added(0), party(0, "agent")], [(), (0,)]),
        ([added(0), added(1), added(2), party(2, "customer")], [(2,), (0,), (1,)]),
        (
            [party(0, "agent", "a"), party(1, "agent", "b"), party(2, "customer")],
            [(2,), (0,), (1,)],
        ),
    ],
)
def test_customer_left_agent_right_the_rest_as_they_came(
    events: list[Event], expected: list[tuple[int, ...]]
) -> None:
    """The same side on the same ear in every call; nobody shares an ear with a stranger."""
    assert seats(events) == expected


def test_streams_of_one_participant_share_a_lane() -> None:
    """A phone that comes back from hold on a new stream is the same voice."""
    events: list[Event] = [
        party(0, "customer", "c"), party(1, "agent", "a"), party(2, "customer", "c"),
    ]  # fmt: skip

    assert arrange(events, ()) == (
        Lane(streams=(0, 2), participant="c", side="customer"),
        Lane(streams=(1,), participant="a", side="agent"),
    )


def test_the_last_word_on_a_party_counts_and_packets_need_no_event() -> None:
    """Metadata comes late, or never."""
    assert seats([party(0, "customer"), party(0, "agent")], (0, 5)) == [(5,), (0,)]
