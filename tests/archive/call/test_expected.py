"""When a stream was to bring somebody's voice, as events tell it."""

from typing import Any

import msgspec
import pytest

from archive.call.events import (
    Event,
    NoticePlayed,
    ParticipantChanged,
    PartiesJoined,
    PartiesParted,
    RecordingBegan,
    RecordingPaused,
    RecordingResumed,
    StreamAdded,
    StreamChanged,
    StreamPartyKnown,
    StreamRemoved,
)
from archive.call.expected import expected_in
from tests.archive.catalog.examples import inline, notice_played, opened

END = 100


def added(stream: int = 0, at: int = 10, **changes: Any) -> StreamAdded:
    told = StreamAdded(
        at_us=at, stream=stream, label=str(stream), local_port=1, formats=(), direction="recvonly"
    )
    return msgspec.structs.replace(told, **changes)


def speaks(who: str, stream: int = 0, at: int = 10, also: tuple[str, ...] = ()) -> StreamPartyKnown:
    return StreamPartyKnown(
        at_us=at, stream=stream, participant=who, aor="", names=(), side="unknown",
        because="first_stream", also=also,
    )  # fmt: skip


def changed(what: Any, who: str, at: int, **more: Any) -> ParticipantChanged:
    return ParticipantChanged(at_us=at, what=what, participant=who, **more)


def directed(direction: Any, at: int) -> StreamChanged:
    return StreamChanged(at_us=at, stream=0, formats=(), direction=direction)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([added()], ((10, 100),)),
        ([added(), StreamRemoved(at_us=60, stream=0)], ((10, 60),)),
        ([added(), directed("inactive", 30), directed("recvonly", 50)], ((10, 30), (50, 100))),
        ([added(direction="inactive"), directed("recvonly", 50)], ((50, 100),)),
        (
            [
                added(),
                RecordingPaused(at_us=20, serial=0, by="x"),
                RecordingResumed(at_us=40, serial=0, by="x", because="asked"),
            ],
            ((10, 20), (40, 100)),
        ),
        ([added(), speaks("a"), changed("left", "a", 60)], ((10, 60),)),
        ([added(), speaks("a"), changed("left", "a", 60), speaks("a", at=70)], ((10, 60),)),
        (
            [added(), speaks("a"), changed("left", "a", 60), speaks("b", at=70)],
            ((10, 60), (70, 100)),
        ),
        (
            [
                *(added(), speaks("a"), changed("left", "a", 60)),
                *(changed("joined", "a", 80), speaks("a", at=80)),
            ],
            ((10, 60), (80, 100)),
        ),
        ([added(), speaks("a", also=("b",)), changed("left", "a", 60)], ((10, 100),)),
        (
            [
                *(added(), speaks("a")),
                *(changed("transferred", "b", 60, instead_of="a"), speaks("b", at=60)),
            ],
            ((10, 100),),
        ),
        (
            [
                *(added(), speaks("a")),
                *(changed("joined", "A", 60, instead_of="a"), changed("left", "A", 80)),
            ],
            ((10, 80),),
        ),
        ([added(), speaks("a"), changed("held", "a", 30), changed("resumed", "a", 40)],
         ((10, 30), (40, 100))),
    ],
)  # fmt: skip
def test_somebody_is_expected_as_long_as_he_is_there_and_may_speak(
    told: list[Event], expected: object
) -> None:
    """Not while he is on hold, paused or gone; nobody who is known is somebody all the same."""
    assert expected_in([opened(0), *told], END) == {0: expected}


def test_what_the_node_plays_is_expected_of_nobody() -> None:
    """It says itself when it plays."""
    assert expected_in([opened(0), added(direction="sendonly")], END) == {}


def test_a_stream_that_comes_back_has_its_own_intervals() -> None:
    """The client gives the line a new number."""
    told = [added(), StreamRemoved(at_us=40, stream=0), added(2, 60, label="0")]

    assert expected_in([opened(0), *told], END) == {0: ((10, 40),), 2: ((60, 100),)}


def test_who_speaks_on_anothers_line_by_now_is_expected_on_that_alone() -> None:
    """His own stays as it is, nobody is on it, and a client may go on naming him there."""
    told = [
        *(added(0), added(1), speaks("a", 0), speaks("b", 1)),
        *(changed("left", "b", 60), changed("joined", "a", 60, speaks=(1,))),
        *(speaks("a", 0, 60), speaks("a", 1, 60)),
    ]

    assert expected_in([opened(0), *told], END) == {0: ((10, 60),), 1: ((10, 100),)}
    back = changed("joined", "a", 80, speaks=(0, 1))
    assert expected_in([opened(0), *told, back], END)[0] == ((10, 60), (80, 100))


def test_who_is_taken_off_a_hold_on_another_line_is_not_expected_on_his_own() -> None:
    """While he is held his line is still his."""
    held, resumed = changed("held", "a", 30), changed("resumed", "a", 50, speaks=(1,))
    told = [added(0), added(1), speaks("a", 0), held, resumed]

    assert expected_in([opened(0), *told], END)[0] == ((10, 30),)


def bridged(*told: Event) -> object:
    first, *rest = inline(*told)
    return expected_in([first, *rest[:-1]], END)


def test_a_party_of_an_inline_call_is_expected_while_both_hear_each_other() -> None:
    """Not while it rings, nor under the notice, nor while a transfer has left a place empty."""
    told = [
        *(added(0, 10), RecordingBegan(at_us=15), added(1, 20), PartiesJoined(at_us=30)),
        *(PartiesParted(at_us=50), PartiesJoined(at_us=70)),
    ]

    assert bridged(*told) == {n: ((30, 50), (70, 100)) for n in (0, 1)}


def test_what_is_said_before_the_recording_began_is_expected_in_none() -> None:
    """A party may still refuse: both talk already, and nothing of it is kept."""
    told = [added(), PartiesJoined(at_us=30), RecordingBegan(at_us=60)]

    assert bridged(*told) == {0: ((60, 100),)}
    assert bridged(added(), PartiesJoined(at_us=30)) == {0: ()}


def test_an_inline_recording_from_before_has_its_notices_over_first() -> None:
    """A notice to who comes later is none of these."""
    first: NoticePlayed = msgspec.structs.replace(notice_played(), from_us=12, until_us=40)
    later = msgspec.structs.replace(first, from_us=70, until_us=80)

    assert bridged(RecordingBegan(at_us=12), added(0, 10), added(1, 20), first, later) == {
        n: ((40, 100),) for n in (0, 1)
    }
