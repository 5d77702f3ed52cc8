"""Where packets of a recording are missing, as its parts tell it together."""

import pytest

from archive.call.adoption import SequenceRange, StreamGap
from archive.call.events import PartOpened, RecordingPaused, RecordingResumed
from archive.call.gaps import KnownGap, PartGaps, gaps_in
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
