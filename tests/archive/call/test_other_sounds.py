"""What sounds in a party's lane and is not its voice."""

from typing import Any

import msgspec
import pytest

from archive.call.adoption import StreamSound
from archive.call.events import (
    Attempted,
    CallOpened,
    Event,
    PartiesJoined,
    PartiesParted,
    RecordingBegan,
    StreamAdded,
    StreamChanged,
    StreamPartyKnown,
)
from archive.call.other_sounds import other_sounds_in
from tests.archive.catalog.examples import opened

S = 1_000_000
END = 100
CALLER, CALLEE = 0, 1


def added(stream: int, label: str, at: int = 1, **changes: Any) -> StreamAdded:
    told = StreamAdded(
        at_us=at * S, stream=stream, label=label, local_port=1, formats=(), direction="recvonly"
    )
    return msgspec.structs.replace(told, **changes)


def speaks(who: str, at: int, stream: int = CALLEE) -> StreamPartyKnown:
    return StreamPartyKnown(
        at_us=at * S, stream=stream, participant=who, aor="", names=(), side="agent",
        because="route",
    )  # fmt: skip


def attempt(outcome: Any, at: int) -> Attempted:
    return Attempted(at_us=at * S, target="pbx", outcome=outcome)


def call(*told: Event, mode: Any = "inline") -> list[Event]:
    """Recorded from its tenth second on, with both ends."""
    begun: CallOpened = msgspec.structs.replace(opened(0), mode=mode)
    ends = (added(CALLER, "caller"), added(CALLEE, "callee"), speaks("a", 1))
    return [begun, *ends, RecordingBegan(at_us=10 * S), *told]


def told(
    events: list[Event], *others: tuple[int, int], stream: int = CALLEE, encoding: str = "PCMU"
) -> list[tuple[str, int, int, int, str]]:
    """Of a call whose callee's stream sounds all the time, `others` from another source."""
    laid = tuple((a * S, b * S) for a, b in others)
    sounds = [StreamSound(stream, encoding, ((0, END * S),), others=laid)]
    return [
        (each.kind, each.from_us // S, each.until_us // S, each.stream, each.participant)
        for each in other_sounds_in(events, sounds, END * S)
    ]


JOINED = PartiesJoined(at_us=20 * S)


@pytest.mark.parametrize(
    ("attempts", "found"),
    [
        ([("rang", 11), ("sounded", 12), ("answered", 18)], [(12, 18)]),
        ([("rang", 11), ("answered", 18)], []),
        ([("sounded", 12), ("refused", 16), ("rang", 17), ("answered", 18)], [(12, 16)]),
        ([("sounded", 12)], [(12, END)]),
        ([("sounded", 4), ("answered", 18)], [(10, 18)]),
        ([("sounded", 4), ("answered", 8)], []),
    ],
)
def test_what_a_called_side_plays_before_it_answers_is_told_as_that(
    attempts: list[tuple[str, int]], found: list[tuple[int, int]]
) -> None:
    """From when it is heard until the attempt has come to something, as far as it is kept."""
    events = call(*(attempt(*each) for each in attempts))

    assert told(events) == [("early_media", a, b, CALLEE, "a") for a, b in found]


def test_another_source_for_a_while_is_music_on_hold_by_a_guess() -> None:
    """While both may hear each other, in the place of who speaks there."""
    (music,) = other_sounds_in(
        call(JOINED), [StreamSound(CALLEE, "PCMU", (), others=((30 * S, 40 * S),))], END * S
    )

    assert (music.kind, music.participant, music.is_guess) == ("hold_music", "a", True)
    assert told(call(attempt("sounded", 12), attempt("answered", 18))) == [
        ("early_media", 12, 18, CALLEE, "a")
    ]


@pytest.mark.parametrize(
    ("more", "others", "found"),
    [
        ((), (5, 15), []),  # before both hear each other
        ((), (15, 25), [(20, 25)]),
        ((PartiesParted(at_us=30 * S), PartiesJoined(at_us=40 * S)), (28, 40), [(28, 30)]),
        ((speaks("b", 30), speaks("a", 41)), (30, 40), []),  # somebody else is there, and says so
        (
            (
                StreamChanged(at_us=29 * S, stream=CALLER, formats=(), direction="inactive"),
                StreamChanged(at_us=41 * S, stream=CALLER, formats=(), direction="recvonly"),
            ),
            (30, 40),
            [],  # a hold that is told
        ),
    ],
)
def test_what_is_told_otherwise_is_no_music(
    more: tuple[Event, ...], others: tuple[int, int], found: list[tuple[int, int]]
) -> None:
    """A guess stands where nothing is known."""
    assert told(call(JOINED, *more), others) == [
        ("hold_music", a, b, CALLEE, "a") for a, b in found
    ]


def test_neither_comfort_noise_nor_what_the_node_plays_nor_a_recording_session_has_any() -> None:
    """They are no voice, ours, and told of by metadata."""
    ours = added(2, "to caller", direction="sendonly")

    assert told(call(JOINED), (30, 40), encoding="CN") == []
    assert told(call(ours, JOINED), (30, 40), stream=2) == []
    assert told(call(JOINED, mode="siprec"), (30, 40)) == []
