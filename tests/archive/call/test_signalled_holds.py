"""Silence in a call that has its reason."""

import pytest
from msgspec.structs import replace

from archive.call.events import (
    CallEnded,
    Event,
    ParticipantChange,
    ParticipantChanged,
    StreamAdded,
    StreamChanged,
    StreamRemoved,
)
from archive.call.signalled_holds import holds_in
from tests.archive.catalog.examples import (
    AGENT,
    CUSTOMER,
    MINUTE_US,
    STARTED_US,
    inbound,
    party,
    stream,
)

LAST_US = STARTED_US + 9 * MINUTE_US
FROM_US = STARTED_US + 2 * MINUTE_US
UNTIL_US = STARTED_US + 3 * MINUTE_US
WHO = f"participant of {CUSTOMER}"


def directed(direction: str, at_us: int, number: int = 0) -> StreamChanged:
    held = "inactive" if direction == "inactive" else "recvonly"
    return StreamChanged(at_us=at_us, stream=number, formats=(), direction=held)


def changed(what: ParticipantChange, at_us: int) -> ParticipantChanged:
    return ParticipantChanged(at_us=at_us, what=what, participant=WHO)


def holds(*events: Event) -> list[tuple[str, str, tuple[int, ...], int, int]]:
    return [
        (each.told_by, each.participant, each.streams, each.from_us, each.until_us)
        for each in holds_in((*inbound()[:-1], *events), LAST_US)
    ]


ON_HOLD = [("sdp", WHO, (0,), FROM_US, UNTIL_US)]


def test_a_hold_that_sdp_alone_tells_is_a_hold() -> None:
    """Most phones and half of the recording clients tell it no other way."""
    assert holds(directed("inactive", FROM_US), directed("recvonly", UNTIL_US)) == ON_HOLD


def test_a_hold_by_port_0_ends_when_the_line_comes_back() -> None:
    """The stream that comes back has another number and the same label."""
    back = replace(stream(2, UNTIL_US), label="0")

    assert holds(StreamRemoved(at_us=FROM_US, stream=0), back) == ON_HOLD


def test_a_hold_that_is_never_taken_off_lasts_to_the_end() -> None:
    """He hung up while he waited."""
    ended = CallEnded(at_us=LAST_US, reason="bye")

    assert holds(directed("inactive", FROM_US), ended) == [("sdp", WHO, (0,), FROM_US, LAST_US)]


def test_who_leaves_waits_no_longer() -> None:
    """What follows is another's silence."""
    left = changed("left", UNTIL_US)

    assert holds(directed("inactive", FROM_US), left) == ON_HOLD


def test_who_comes_back_to_a_line_that_is_still_inactive_waits_again() -> None:
    """Also who comes there in his place: until now his silence had no reason."""
    later_us = UNTIL_US + MINUTE_US
    left, back = changed("left", UNTIL_US), changed("joined", later_us)
    own = [directed("inactive", FROM_US), left]

    assert holds(*own, back) == [*ON_HOLD, ("sdp", WHO, (0,), later_us, LAST_US)]
    another = party(0, "+81312340000", "customer", at_us=later_us)
    who = another.participant
    assert holds(*own, another) == [*ON_HOLD, ("sdp", who, (0,), later_us, LAST_US)]
    assert holds(*own, replace(another, participant=WHO)) == ON_HOLD


def test_the_line_of_who_has_left_is_missed_by_nobody() -> None:
    """It is taken away after he was said to have gone, which is no hold to the call's end."""
    left = changed("left", FROM_US)

    assert holds(left, StreamRemoved(at_us=UNTIL_US, stream=0)) == []


def test_who_is_heard_on_another_line_is_back() -> None:
    """A client without labels, or with new ones: the line that comes back is not the same."""
    back = replace(stream(2, UNTIL_US), label="new")
    spoken = party(2, CUSTOMER, "customer", at_us=UNTIL_US)

    assert holds(StreamRemoved(at_us=FROM_US, stream=0), back, spoken) == ON_HOLD


def test_a_hold_of_the_metadata_is_one_with_that_of_sdp() -> None:
    """A client that tells both means one."""
    found = holds(
        changed("held", FROM_US),
        directed("inactive", FROM_US + 1),
        directed("recvonly", UNTIL_US + 1),
        changed("resumed", UNTIL_US),
    )

    assert found == [("metadata", WHO, (0,), FROM_US, UNTIL_US + 1)]


def test_both_parties_may_be_on_hold_at_once() -> None:
    """Each line is told for itself."""
    found = holds(
        directed("inactive", FROM_US), directed("inactive", FROM_US, 1),
        directed("recvonly", UNTIL_US), directed("recvonly", UNTIL_US, 1),
    )  # fmt: skip

    assert found == [*ON_HOLD, ("sdp", f"participant of {AGENT}", (1,), FROM_US, UNTIL_US)]


@pytest.mark.parametrize("again", [1, 2])
def test_a_hold_that_is_told_again_is_one(again: int) -> None:
    """A refresh of the session repeats the description."""
    told = [directed("inactive", FROM_US + n) for n in range(again)]

    assert holds(*told, directed("recvonly", UNTIL_US)) == ON_HOLD


def test_a_line_that_begins_inactive_is_silent_for_a_reason() -> None:
    """Whose it is was not said when it began."""
    waiting = StreamAdded(
        at_us=FROM_US, stream=2, label="x", local_port=1, formats=(), direction="inactive"
    )
    spoken = party(2, CUSTOMER, "customer", at_us=UNTIL_US)

    assert holds(waiting, directed("recvonly", UNTIL_US, 2), spoken) == [
        ("sdp", "", (2,), FROM_US, UNTIL_US)
    ]


def test_what_the_node_plays_is_never_on_hold() -> None:
    """A notice that is over is no silence."""
    prompt = replace(stream(3), direction="sendonly")

    assert holds(prompt, StreamRemoved(at_us=FROM_US, stream=3)) == []


def test_a_line_of_nobody_known_that_comes_back_was_on_hold() -> None:
    """Without metadata its return is the only sign."""
    gone, back = StreamRemoved(at_us=FROM_US, stream=0), replace(stream(2, UNTIL_US), label="0")
    found = holds_in((stream(0), gone, back), LAST_US)

    assert [(each.streams, each.from_us, each.until_us) for each in found] == [
        ((0,), FROM_US, UNTIL_US)
    ]
    assert holds_in((stream(0), gone), LAST_US) == ()
