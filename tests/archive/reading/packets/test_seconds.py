"""From seconds to plaintext offsets."""

import numpy as np
from hypothesis import given, strategies as st

from archive.reading.packets.seconds import PlainRange, SecondIndex, SecondMap

T0 = 1_795_000_000_000_000
FRAMES = st.lists(
    st.tuples(st.integers(-1_500_000, 20_000_000), st.integers(0, 900_000)), max_size=40
)


def index(frames: list[tuple[int, int]]) -> SecondMap:
    made = SecondIndex()
    for n, (at_us, length_us) in enumerate(frames):
        made.add(PlainRange(100 * n, 100 * n + 60), T0 + at_us, T0 + at_us + length_us)
    return made.finish()


@given(FRAMES, st.integers(-2_000_000, 22_000_000), st.integers(0, 5_000_000))
def test_no_frame_of_the_time_asked_for_is_left_out(
    frames: list[tuple[int, int]], from_us: int, length_us: int
) -> None:
    """A frame that is missed is a silence that nobody made."""
    frames = [(0, 0), *frames]
    found = index(frames).find(T0 + from_us, T0 + from_us + length_us)

    for n, (at_us, lasts_us) in enumerate(frames):
        if at_us <= from_us + length_us and at_us + lasts_us >= from_us:
            assert found.start <= 100 * n
            assert 100 * n + 60 <= found.stop


YEARS_US = 10**15
TIMES = st.one_of(
    st.integers(-1_500_000, 20_000_000),
    st.integers(-YEARS_US, YEARS_US),
    st.sampled_from([-T0, (1 << 63) - 1 - T0 - 900_000]),
)
BATCHES = st.lists(
    st.tuples(
        st.booleans(),
        st.lists(st.tuples(TIMES, st.integers(0, 900_000)), min_size=1, max_size=12),
    ),
    max_size=6,
)


@given(BATCHES, st.booleans())
def test_many_frames_are_noted_as_each_is(
    batches: list[tuple[bool, list[tuple[int, int]]]], damaged: bool
) -> None:
    """However a reader cuts them, with damage before them or at the end."""
    many, single, place = SecondIndex(), SecondIndex(), 0
    for behind_damage, frames in batches:
        if behind_damage:
            for made in (many, single):
                made.add_damage(PlainRange(place, place + 40))
            place += 40
        starts = place + 100 * np.arange(len(frames))
        place = int(starts[-1]) + 100
        earliest = np.array([T0 + at_us for at_us, _ in frames])
        latest = earliest + np.array([lasts_us for _, lasts_us in frames])
        many.add_many(starts, starts + 60, earliest, latest)
        for row in zip(starts.tolist(), earliest.tolist(), latest.tolist(), strict=True):
            single.add(PlainRange(row[0], row[0] + 60), row[1], row[2])
    if damaged:
        for made in (many, single):
            made.add_damage(PlainRange(place, place + 40))

    assert many.finish() == single.finish()


def test_a_second_is_a_few_frames_and_what_is_outside_is_none() -> None:
    """A seek that reads the whole part is no seek."""
    made = index([(n * 430_000, 420_000) for n in range(100)])
    inside = made.find(T0 + 10_000_000, T0 + 11_000_000)

    assert inside.stop - inside.start <= 7 * 100
    assert made.find(T0 + 60_000_000, T0 + 70_000_000) == PlainRange(0, 0)
    assert made.find(T0 - 70_000_000, T0 - 60_000_000) == PlainRange(0, 0)
    assert SecondMap().find(T0, T0) == PlainRange(0, 0)


def test_both_seconds_beside_a_damage_run_into_it() -> None:
    """Nobody knows when the packets arrived that cannot be read: no side may call them silence."""
    made = SecondIndex()
    made.add(PlainRange(0, 50), T0, T0 + 400_000)
    made.add_damage(PlainRange(50, 90))
    made.add(PlainRange(90, 150), T0 + 8_000_000, T0 + 8_400_000)
    seconds = made.finish()

    before, after = (seconds.find(T0 + at, T0 + at) for at in (100_000, 8_100_000))
    between = seconds.find(T0 + 4_000_000, T0 + 4_000_000)
    assert before == PlainRange(0, 90)
    assert after.start == 50
    assert (between.start, between.stop) == (50, 90)


def test_a_clock_that_lies_by_years_makes_no_map_of_years() -> None:
    """Memory is bounded by the part, not by what its clock says."""
    made = index([(0, 0), (10 * 365 * 86_400 * 1_000_000, 0)])

    assert len(made.first) == 86_400
    assert made.find(T0 + 10**17, T0 + 10**17).stop == 160
