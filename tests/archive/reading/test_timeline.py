"""Parts on one line."""

import msgspec
import pytest
from hypothesis import given, strategies as st

from archive.call.events import CallEnded, EndReason, Event, Flagged, SipMessage, StreamChanged
from archive.reading.packets.blocks import ClockStep
from archive.reading.packets.seconds import PlainRange
from archive.reading.timeline import PlacedSpan, SampleRange, build_timeline
from archive.reading.timemap import CodecUse, NumberedEvent, PartLine, TimeMap
from tests.archive.reading.scenes import START_US, played
from tests.support.reading.lines import uncertainty_us
from tests.support.reading.timemap import example, span

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


def ended(*events: Event, seconds: int = 320) -> TimeMap:
    """A second of audio, then what these events say."""
    numbered = [NumberedEvent(serial=n, event=event) for n, event in enumerate(events, 1)]
    quiet = example(seconds)
    return msgspec.structs.replace(quiet, events=(*quiet.events, *numbered))


def at(second: int) -> int:
    return START_US + second * 1_000_000


@pytest.mark.parametrize(
    ("reason", "seconds"),
    [
        ("media_timeout", 1), ("hold_timeout", 1), ("probe_failed", 1),
        ("bye", 320), ("node_stopped", 320), ("max_length", 320),
    ],
)  # fmt: skip
def test_a_silence_that_was_waited_out_is_not_heard(reason: EndReason, seconds: int) -> None:
    """20 s were shown and 320 s exported; nobody knows what was said in them, or whether."""
    flag, end = Flagged(at_us=at(320), flag="no_bye"), CallEnded(at_us=at(320), reason=reason)

    assert build_timeline([ended(flag, end)]).samples == seconds * 8_000


def test_what_is_noted_or_played_behind_the_end_lengthens_nothing() -> None:
    """Who hung up was gone; a message that crosses, and a tone that goes on, are ours."""
    crossing = SipMessage(at_us=at(40), is_received=True, transport="udp", local="", remote="")
    end = CallEnded(at_us=at(10), reason="bye")
    (tone,) = example(1, span(end_ticks=8_000 * 30), stream=2).streams
    quiet = ended(end, crossing, played(2, "caller")[0])
    ringing = msgspec.structs.replace(quiet, streams=(*quiet.streams, tone))

    assert build_timeline([quiet]).samples == 10 * 8_000
    assert build_timeline([ringing]).samples == 10 * 8_000


def test_a_hold_that_was_told_before_nobody_came_back_is_still_seen() -> None:
    """The last sign of a call is not always a packet."""
    held = StreamChanged(at_us=at(9), stream=0, formats=(), direction="inactive")
    end = CallEnded(at_us=at(320), reason="hold_timeout")

    assert build_timeline([ended(held, end)]).samples == 9 * 8_000


def test_the_last_part_of_a_call_that_nobody_ended_is_not_only_its_timeout() -> None:
    """A part that began when its call was already silent has nothing to be heard."""
    end = NumberedEvent(serial=9, event=CallEnded(at_us=at(320), reason="media_timeout"))
    line = msgspec.structs.replace(example().line, first_us=at(2), last_us=at(320))
    silent = msgspec.structs.replace(example(), streams=(), events=(end,), line=line)

    assert build_timeline([example(1), silent]).samples == 2 * 8_000


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


MEASURED = {"last_ticks": 319_840, "end_ticks": 320_000, "uncertainty_us": 3_000}


@pytest.mark.parametrize(
    ("own_us", "first_sample"),
    [
        (40_010_000, 320_000), (39_990_000, 320_000), (40_010_125, 320_081), (39_989_875, 319_919),
    ],
)  # fmt: skip
def test_a_measured_span_goes_on_within_both_uncertainties_and_a_step(
    own_us: int, first_sample: int
) -> None:
    """Beyond, the one before leads astray: errors must not add up over the parts of a call."""
    before = example(40, span(**MEASURED))
    after = span(**MEASURED, anchor_us=START_US + own_us, first_timestamp=320_800)
    placed = build_timeline([before, example(40, after)]).parts[1].spans[0]

    assert placed.first_sample == first_sample


@pytest.mark.parametrize("changes", [{"uncertainty_us": 0}, {"last_ticks": 239_840}])
def test_a_span_that_was_not_measured_or_is_short_goes_on_as_ever(changes: dict[str, int]) -> None:
    """All of a few seconds may have waited in one queue; a map of before says nothing."""
    after = MEASURED | changes | {"anchor_us": START_US + 40_300_000, "first_timestamp": 320_800}
    line = build_timeline([example(40, span(**MEASURED)), example(40, span(**after))])

    assert line.parts[1].spans[0].first_sample == 320_000


@pytest.mark.parametrize(
    ("skew_ppb", "first_sample"), [(100_000, 28_802_880), (-100_000, 28_797_120), (0, 28_800_000)]
)
def test_the_next_part_begins_where_the_skew_of_the_one_before_leads(
    skew_ppb: int, first_sample: int
) -> None:
    """0.36 s after an hour."""
    before = span(skew_ppb=skew_ppb, last_ticks=28_799_840, end_ticks=28_800_000)
    after = span(first_timestamp=28_800_800, anchor_us=START_US + HOUR_US, skew_ppb=skew_ppb)
    placed = build_timeline([example(3_600, before), example(3, after)]).parts[1].spans[0]

    assert placed.first_sample == first_sample


def test_the_line_ends_behind_the_last_packet_wherever_the_skew_leads_it() -> None:
    """Nothing that was said is cut off."""
    long = {"last_ticks": 28_799_840, "end_ticks": 28_800_000}
    slow = build_timeline([example(3_600, span(**long, skew_ppb=100_000))])
    fast = build_timeline([example(3_599, span(**long, skew_ppb=-100_000))])

    assert slow.samples == 28_802_880
    assert fast.samples == 28_797_120 + 32


@given(
    st.sampled_from([-500_000, 500_000]),
    st.integers(-60, 60),
    st.integers(-40, 40),
    st.integers(0, 40),
    st.integers(0, 300),
)
def test_no_packet_lies_outside_of_what_its_span_covers(
    skew_ppb: int, steps: int, beside: int, later: int, longest: int
) -> None:
    """A step back may come between two packets that begin or end within a step."""
    first_ticks = 32_000 + 64_000 * steps + beside
    last = first_ticks + later
    end = max(first_ticks + longest, last + 160)
    bounds = {"first_ticks": first_ticks, "last_ticks": last, "end_ticks": end}
    placed = PlacedSpan(0, span(**bounds, skew_ppb=skew_ppb, longest_bytes=longest), 7, 0)
    covered = placed.samples()

    for ticks, length in ((first_ticks, longest), (last, 160)):
        place = placed.sample_at(ticks)
        assert covered.first <= place
        assert place + length <= covered.end


def test_a_lane_is_as_uncertain_as_its_worst_span() -> None:
    """What is moved away from where it was measured is that much less certain."""
    near, moved = span(**MEASURED), span(**MEASURED, anchor_us=START_US + 40_005_000)
    moved = msgspec.structs.replace(moved, first_timestamp=320_800)
    line = build_timeline([example(40, near), example(40, moved)])

    assert [uncertainty_us(line, lane) for lane in (0, 1)] == [8_000, 0]


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
