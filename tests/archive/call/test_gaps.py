"""Where packets of a recording are missing, as its parts tell it together."""

from dataclasses import replace

import pytest

from archive.call.adoption import EdgeBecause, SequenceRange, StreamGap, StreamSound
from archive.call.events import Event, Flagged, PartOpened, RecordingPaused, RecordingResumed
from archive.call.gaps import KnownGap, PartGaps, gaps_in, without
from tests.archive.reading.scenes import party

LOSS = StreamGap(0, 100, 140, 2, 40, "lost")


def part(
    first: int, last: int, *gaps: StreamGap, at: tuple[int, int] = (0, 1_000), ssrc: int = 1
) -> PartGaps:
    """A part of one source, from one number to another."""
    own = SequenceRange(stream=0, ssrc=ssrc, first=first, last=last)
    return PartGaps(gaps=gaps, sequences=(own,), first_us=at[0], last_us=at[1])


def test_a_gap_has_who_was_to_be_heard() -> None:
    """By the last word on who speaks there."""
    assert gaps_in([part(1, 9, LOSS)], [party(0, "agent", "a")]) == (
        KnownGap(
            from_us=100, until_us=140, because="lost", stream=0, packets=2, absent_us=40,
            participant="a",
        ),
    )  # fmt: skip


def test_of_nobody_who_is_known_nobody_is_named() -> None:
    """A stream without a party has its gaps all the same."""
    found = gaps_in([part(1, 9, LOSS)], [party(1, "agent", "a")])

    assert [each.participant for each in found] == [""]


@pytest.mark.parametrize(
    ("because", "expected"),
    [("worker_replaced", "node_stopped"), ("write_failed", "not_written")],
)
def test_what_is_missing_between_two_parts_has_the_cause_of_the_second(
    because: str, expected: str
) -> None:
    """A writer died, or a disk was full: numbers say how many packets it took."""
    opened = PartOpened(at_us=2_000, part=1, because=because)  # type: ignore[arg-type]
    parts = [part(65_500, 65_530), part(4, 90, at=(2_000, 3_000))]

    assert gaps_in(parts, [opened]) == (
        KnownGap(
            from_us=1_000, until_us=2_000, because=expected,  # type: ignore[arg-type]
            stream=0, packets=9, absent_us=1_000,
        ),
    )  # fmt: skip


def test_parts_that_follow_one_another_have_no_gap_between() -> None:
    """Nor has a source that began anew, nor one that is in one of them alone."""
    after = (2_000, 3_000)

    assert gaps_in([part(1, 9), part(10, 20, at=after)], []) == ()
    assert gaps_in([part(1, 9), part(30_000, 30_010, at=after)], []) == ()
    assert gaps_in([part(1, 9), part(15, 20, at=after, ssrc=2)], []) == ()


def test_a_pause_between_two_parts_is_no_gap() -> None:
    """It is told as a pause."""
    paused = RecordingPaused(at_us=900, serial=0, by="x")
    resumed = RecordingResumed(at_us=2_100, serial=0, by="x", because="asked")

    assert gaps_in([part(1, 9), part(15, 20, at=(2_000, 3_000))], [paused, resumed]) == ()


S = 1_000_000


def sounding(*stretches: tuple[int, int], noise: tuple[int, int] = (0, 0)) -> PartGaps:
    """A part of one source that sounds there, in seconds."""
    laid = tuple((a * S, b * S) for a, b in stretches)
    sounds = [StreamSound(0, "PCMU", laid)]
    if any(noise):
        sounds.append(StreamSound(0, "CN", ((noise[0] * S, noise[1] * S),)))
    own = SequenceRange(stream=0, ssrc=1, first=1, last=9)
    bounds = [each for pair in laid for each in pair] or [0]
    return PartGaps(
        gaps=(), sequences=(own,) if laid else (), first_us=min(bounds), last_us=max(bounds),
        sounds=sounds if laid or any(noise) else [],
    )  # fmt: skip


def silent(parts: list[PartGaps], until: int = 6, *told: Event) -> list[tuple[float, float, str]]:
    found = gaps_in(parts, told, {0: ((0, until * S),)})
    assert all(each.is_whole and each.packets == 0 for each in found)
    return [(each.from_us / S, each.until_us / S, each.because) for each in found]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (sounding((0, 6)), []),
        (sounding((0, 2)), [(2, 6, "unknown")]),
        (sounding((3, 6)), [(0, 3, "unknown")]),
        (sounding(), [(0, 6, "unknown")]),
        (sounding((0, 1), (4, 6)), [(1, 4, "unknown")]),
        (sounding((0, 2), noise=(2, 3)), [(2, 6, "not_sent")]),
        (sounding((3, 6), noise=(1, 2)), [(0, 3, "not_sent")]),
        (sounding((2, 6), noise=(5, 6)), [(0, 2, "unknown")]),
    ],
)
def test_a_second_without_the_voice_that_was_expected_is_a_gap(
    part: PartGaps, expected: object
) -> None:
    """At the begin, at the end, between two sources; it is no loss, and nobody knows why."""
    assert silent([part]) == expected


def test_a_pause_that_took_no_time_makes_no_silence_shorter() -> None:
    """Else a second of it was two halves, of which neither is told."""
    assert without([(0, 9)], [(4, 4)]) == ((0, 9),)
    assert without([(0, 9)], [(4, 4), (2, 6)]) == ((0, 2), (6, 9))


def test_a_silence_that_is_told_already_is_told_once() -> None:
    """What lies around it is a gap of its own."""
    part = replace(sounding((0, 2)), gaps=(StreamGap(0, 2 * S, 4 * S, 9, 2 * S, "lost"),))
    found = gaps_in([part], [], {0: ((0, 6 * S),)})

    assert [(each.from_us // S, each.until_us // S, each.because) for each in found] == [
        (2, 4, "lost"),
        (4, 6, "unknown"),
    ]


def test_what_came_while_a_writer_was_replaced_has_its_cause() -> None:
    """A source that began anew has no numbers that tell."""
    opened = PartOpened(at_us=2 * S, part=1, because="worker_replaced")

    assert silent([sounding((0, 2)), sounding((4, 6))], 6, opened) == [(2, 4, "node_stopped")]


def test_of_packets_that_nobody_has_placed_no_edge_is_told() -> None:
    """Of a stream without any there is nothing to read."""
    unread = replace(sounding((0, 2)), sounds=None)

    assert silent([unread]) == []
    assert silent([replace(unread, sequences=())]) == [(0, 6, "unknown")]


@pytest.mark.parametrize("because", ["lost", "not_sent"])
def test_what_a_sender_report_counts_is_the_cause_of_an_edge(because: EdgeBecause) -> None:
    """Before the first packet and behind the last; of one edge it says nothing of the other."""
    late, early = sounding((3, 6)), sounding((0, 2))

    assert silent([reported(late, before=because)]) == [(0, 3, because)]
    assert silent([reported(early, after=because)]) == [(2, 6, because)]
    assert silent([reported(late, after=because)]) == [(0, 3, "unknown")]
    assert silent([reported(early, before=because)]) == [(2, 6, "unknown")]
    assert silent([reported(sounding(), before=because)]) == [(0, 6, because)]


def reported(part: PartGaps, *, before: EdgeBecause = "", after: EdgeBecause = "") -> PartGaps:
    """The part, where RTCP says what became of an edge."""
    told = StreamSound(0, "", (), before, after)
    return replace(part, sounds=(*(part.sounds or ()), told))


def test_by_a_clock_that_was_set_nobody_knows_the_end() -> None:
    """Its events and its packets lie on two clocks."""
    stepped = Flagged(at_us=1, flag="clock_stepped")

    assert silent([sounding((2, 4))], 6, stepped) == [(0, 2, "unknown")]
    assert silent([sounding()], 6, stepped) == [(0, 6, "unknown")]
