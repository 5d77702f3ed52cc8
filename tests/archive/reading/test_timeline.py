"""Parts on one line."""

import msgspec
import pytest

from archive.reading.blocks import ClockStep
from archive.reading.seconds import PlainRange
from archive.reading.timeline import SampleRange, build_timeline
from archive.reading.timemap import CodecUse, PartLine, TimeMap
from tests.archive.reading.scenes import START_US
from tests.archive.reading.test_timemap import example, span

HOUR_US = 3_600_000_000


def moved(time_map: TimeMap, **line: object) -> TimeMap:
    values = {name: getattr(time_map.line, name) for name in PartLine.__struct_fields__}
    return msgspec.structs.replace(time_map, line=msgspec.convert(values | line, PartLine))


def test_the_line_begins_with_the_first_event_or_sample_and_ends_with_the_last() -> None:
    """A call that rings for a minute has a minute of silence, and none is cut."""
    early = example(3, span(anchor_us=START_US - 500_000))

    assert build_timeline([example(3)]).samples == 24_000
    assert build_timeline([early]).start_us == START_US - 500_000
    assert build_timeline([early]).samples == 28_000
    assert build_timeline([]).samples == 0


@pytest.mark.parametrize(
    ("own_us", "first_sample"),
    [(1_000_000, 8_000), (1_003_000, 8_000), (2_900_000, 8_000), (3_100_000, 24_800)],
)
def test_a_source_that_goes_on_keeps_its_place_within_two_seconds(
    own_us: int, first_sample: int
) -> None:
    """The next part's own guess may differ by its jitter; a hole of its size would be heard."""
    after = example(3, span(anchor_us=START_US + own_us, first_timestamp=8_800))
    placed = build_timeline([example(3), after]).parts[1].spans[0]

    assert placed.first_sample == first_sample
    assert placed.moved_us == first_sample * 125 - own_us


def test_another_source_or_rate_lies_where_it_says() -> None:
    """Only the same source goes on."""
    others = (
        span(ssrc=6, anchor_us=START_US + 1_003_000, first_timestamp=8_800),
        span(clock_rate_hz=16_000, anchor_us=START_US + 1_003_000, first_timestamp=8_800),
    )
    for other in others:
        placed = build_timeline([example(3), example(3, other)]).parts[1].spans[0]
        assert placed.first_sample == 8_024


def test_a_step_of_the_clock_stays_undone_in_the_next_part() -> None:
    """Else the next part of the call lies an hour away, or on top of the first."""
    step = (ClockStep(0, -HOUR_US),)
    first = moved(example(3), last_offset_us=-HOUR_US, steps=step)
    later = START_US + 3_000_000 - HOUR_US
    second = moved(
        example(3, span(anchor_us=later, ssrc=9)),
        first_us=later,
        last_us=later + 3_000_000,
        first_offset_us=-HOUR_US,
        last_offset_us=-HOUR_US,
    )
    line = build_timeline([first, second])

    assert line.samples == 48_000
    assert line.parts[1].spans[0].first_sample == 24_000
    assert line.parts[1].shift_us == HOUR_US


def test_events_that_a_part_repeats_count_once() -> None:
    """Each part repeats what its reader needs."""
    assert len(build_timeline([example(3), example(3)]).events) == 1


def test_a_range_asks_as_far_as_its_packets_may_have_been_late() -> None:
    """A packet that came two seconds late is in a frame two seconds on."""
    assert asked(5 * 8_000 + 800, late_us=0) == PlainRange(5, 6)
    assert asked(5 * 8_000 + 800, late_us=2_000_000) == PlainRange(5, 8)


def test_a_range_asks_back_to_what_came_before_its_place_and_what_reaches_into_it() -> None:
    """A packet may have come before its place by the sender's clock, and begun before the range."""
    assert asked(5 * 8_000 + 800, early_us=-150_000) == PlainRange(4, 6)
    assert asked(5 * 8_000 + 80) == PlainRange(4, 6)
    assert asked(5 * 8_000 + 80, longest_bytes=60) == PlainRange(5, 6)


def asked(first: int, **changes: int) -> PlainRange:
    """What 100 ms from a sample on ask of a part of ten seconds with one frame in each."""
    values = {"end_ticks": 80_000, "last_ticks": 79_840, "late_us": 0} | changes
    line = build_timeline([example(10, span(**values))])
    return line.plain_range(line.parts[0], SampleRange(first, first + 800))


def test_a_range_beside_a_part_asks_nothing_of_it() -> None:
    """A seek into the third hour leaves the first two alone."""
    later = START_US + HOUR_US
    second = moved(example(3, span(anchor_us=later)), first_us=later, last_us=later + 3_000_000)
    line = build_timeline([example(3), second])

    assert line.plain_range(line.parts[0], SampleRange(28_800_000, 28_808_000)).stop == 0
    assert line.plain_range(line.parts[1], SampleRange(0, 8_000)).stop == 0


def wide(**changes: int) -> TimeMap:
    """A part of ten seconds in G.722."""
    made = example(10, span(end_ticks=80_000, last_ticks=79_840, late_us=0, **changes))
    use = CodecUse(payload_type=9, encoding="G722", clock_rate_hz=8_000, packets=500)
    streams = tuple(msgspec.structs.replace(each, codecs=(use,)) for each in made.streams)
    return msgspec.structs.replace(made, streams=streams)


def test_a_line_is_as_wide_as_the_widest_codec_of_any_part() -> None:
    """One rate for all of a recording, however it went on."""
    narrow, line = example(3), build_timeline([wide()])

    assert (line.sample_rate_hz, line.samples) == (16_000, 160_000)
    assert build_timeline([narrow]).sample_rate_hz == 8_000
    assert build_timeline([narrow, wide()]).sample_rate_hz == 16_000
    assert build_timeline([narrow], 16_000).samples == 48_000


def test_a_clock_says_nothing_of_the_rate_of_the_line() -> None:
    """G.722 counts 8,000 ticks a second and has 16,000 samples (RFC 3551 §4.5.2)."""
    (placed,) = build_timeline([wide()]).parts[0].spans

    assert (placed.sample_at(8_000), placed.samples()) == (16_000, SampleRange(0, 160_000))


def test_a_codec_with_a_memory_is_asked_for_from_before_its_anchor() -> None:
    """Two seconds of segment and the lead on the one side, the rest of the segment on the other."""
    line = build_timeline([wide()])
    first = 16_000 * 5 + 1_600

    assert line.plain_range(line.parts[0], SampleRange(first, first + 160)) == PlainRange(2, 8)
