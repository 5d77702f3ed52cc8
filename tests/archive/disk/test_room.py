"""For how long the room of a disk lasts."""

import pytest

from archive.disk.room import SAMPLE_US, DiskState, RoomSample, sampled

HOUR_US = 3_600_000_000


def of_hours(*free: int) -> DiskState:
    """A disk with so much free at each full hour."""
    samples: tuple[RoomSample, ...] = ()
    for hour, free_bytes in enumerate(free):
        samples = sampled(samples, RoomSample(hour * HOUR_US, free_bytes))
    return DiskState(name="archive", free_bytes=free[-1], size_bytes=10_000, samples=samples)


def test_the_days_left_are_those_at_the_rate_of_the_last_day() -> None:
    """Of 30 hours the first six are too old to count."""
    disk = of_hours(*[9_000] * 6, *range(9_000, 6_600, -100))

    assert disk.filled_a_day_bytes == 2_208
    assert disk.days_left == pytest.approx(6_700 / 2_208)


@pytest.mark.parametrize(
    "disk",
    [
        of_hours(9_000, 8_000, 7_000, 6_000, 5_000, 4_000),  # of five hours nothing is concluded
        of_hours(1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000),
        of_hours(1_000, 1_100, 1_200, 1_300, 1_400, 1_500, 1_600),
        DiskState(name="archive"),
    ],
)
def test_a_disk_that_does_not_fill_or_is_not_known_yet_has_no_day(disk: DiskState) -> None:
    """An alarm on a guess is an alarm that nobody hears the next time."""
    assert disk.days_left is None


def test_there_is_one_sample_an_hour_and_the_latest() -> None:
    """Told every ten seconds, a day would be 8,640 of them."""
    samples: tuple[RoomSample, ...] = ()
    for moment in range(0, 3 * SAMPLE_US + 1, SAMPLE_US // 6):
        samples = sampled(samples, RoomSample(moment, 5))

    assert [each.at_us for each in samples] == [0, SAMPLE_US, 2 * SAMPLE_US, 3 * SAMPLE_US]


def test_samples_of_a_clock_that_was_set_back_go() -> None:
    """They would lie in the future for ever."""
    assert sampled((RoomSample(9_000, 1),), RoomSample(10, 2)) == (RoomSample(10, 2),)
