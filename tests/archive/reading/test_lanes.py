"""Who sits on which channel."""

import pytest
from msgspec.structs import replace

from archive.call.events import Event, ParticipantChanged, Side, Tolerated
from archive.call.legs import Decided
from archive.reading.lanes import Lane, arrange, channels_of
from tests.archive.reading.scenes import added, party, played


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


def test_what_is_played_to_each_party_has_a_lane_of_its_own() -> None:
    """The callee hears the notice while the caller hears ringback: neither covers the other."""
    events: list[Event] = [
        added(0), added(1), party(0, "customer", "c"), party(1, "agent", "a"),
        *played(2, "caller"), *played(3, "callee"),
    ]  # fmt: skip

    assert arrange(events, ())[2:] == (
        Lane(streams=(2,), participant="rokuon", side="node", label="to caller"),
        Lane(streams=(3,), participant="rokuon", side="node", label="to callee"),
    )


def test_what_is_played_takes_nobodys_seat_even_before_its_party_is_told() -> None:
    """A part that ends between the two events must not put a notice on the customer's ear."""
    laid, _ = played(0, "caller")

    assert seats([laid, added(1), added(2)]) == [(1,), (2,), (0,)]


def test_a_participant_named_like_a_stream_shares_no_lane_with_it() -> None:
    """Names come from outside; a lane of nobody is not the lane of who calls himself that."""
    events: list[Event] = [party(0, "customer", "stream 1"), added(1)]

    assert seats(events) == [(0,), (1,)]


def test_the_last_word_on_a_party_counts_and_packets_need_no_event() -> None:
    """Metadata comes late, or never."""
    assert seats([party(0, "customer"), party(0, "agent")], (0, 5)) == [(5,), (0,)]


MIX = replace(party(0, "unknown", "a"), also=("b", "c"))


def test_a_stream_on_which_several_speak_is_one_lane_that_names_all() -> None:
    """Nobody can tell them apart."""
    assert arrange([added(0), MIX], ()) == (
        Lane(streams=(0,), participant="a", label="0", is_mixed=True, also=("b", "c")),
    )


def test_a_recording_of_a_version_that_named_one_says_who_else_was_there() -> None:
    """It wrote that the stream is mixed, and who joined."""
    joined = [
        ParticipantChanged(at_us=1, what="joined", participant=who, aor="") for who in ("a", "b")
    ]
    events: list[Event] = [
        added(0), Tolerated(at_us=1, code="TOL-012"), *joined, party(0, "customer", "a"),
    ]  # fmt: skip

    assert arrange(events, ()) == (
        Lane(streams=(0,), participant="a", label="0", is_mixed=True, also=("b",)),
    )


@pytest.mark.parametrize(
    ("events", "channels"),
    [
        ([added(0), MIX], (0, 0)),
        ([added(0), MIX, *played(1, "caller")], (0, 0, 1)),
        ([added(0), added(1)], (0, 1)),
        ([added(0), MIX, added(1), party(1, "agent", "d")], (0, 1)),
        ([], (0, 1)),
    ],
)
def test_a_lone_mixed_lane_is_heard_on_both_sides(
    events: list[Event], channels: tuple[int, ...]
) -> None:
    """What the node played lies behind it as ever."""
    assert channels_of(arrange(events, ())) == channels


def known(side: Side) -> Decided:
    return Decided(side=side, because="agent_table")


def test_a_lane_says_whether_its_side_is_a_guess() -> None:
    """What the index knows counts, else what the events say."""
    guess = replace(party(0, "customer", "c"), because="first_stream")
    events: list[Event] = [added(0), guess]

    assert arrange(events, ())[0].is_guessed
    assert not arrange(events, (), {0: known("customer")})[0].is_guessed
    assert not arrange([added(0), party(0, "customer", "c")], ())[0].is_guessed


def test_the_index_knows_sides_better_than_events() -> None:
    """The table of agents is not in the recording."""
    events: list[Event] = [added(0), added(1), party(0, "customer", "c"), party(1, "agent", "a")]
    sides = {0: known("agent"), 1: known("customer")}

    assert [lane.streams for lane in arrange(events, (), sides)] == [(1,), (0,)]


def test_a_stream_that_was_mixed_once_stays_a_mixed_lane() -> None:
    """After a transfer each has a line of his own; what they said before is on the first one."""
    events: list[Event] = [
        added(0), MIX, added(1), party(0, "customer", "a"), party(1, "agent", "b"),
    ]  # fmt: skip
    lanes = arrange(events, ())

    assert [(lane.streams, lane.is_mixed, lane.also) for lane in lanes] == [
        ((0,), True, ("b", "c")), ((1,), False, ()),
    ]  # fmt: skip
