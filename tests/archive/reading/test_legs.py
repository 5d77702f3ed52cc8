"""Two legs of an hour, from their datagrams to the audio: each packet where it was spoken.

What an hour does not matter to is shown by a quarter of one.
"""

import dataclasses
from collections.abc import Iterable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from msgspec.structs import replace

from archive.reading.packets import alignment
from archive.reading.packets.alignment import Span
from archive.reading.packets.rtp import Column
from archive.reading.packets.skew import Buckets, Line
from archive.reading.render import Audio, Renderer
from archive.reading.sound import g711
from archive.reading.timeline import SampleRange, Timeline, build_timeline
from archive.reading.timemap import TimeMap
from tests.archive.reading.legs import DELAY_US, HOUR_S, Hold, Leg, places_us, recorded
from tests.archive.reading.scenes import PACKET
from tests.support.reading.lines import uncertainty_us
from tests.support.reading.render import chaos, renderer

PROMISED_US = 10_000
HOLDS: tuple[Hold, ...] = ("timestamps run on", "timestamps stand still")

CLOCKS_AND_HOLDS = pytest.mark.parametrize(
    ("ppm", "hold"),
    [
        ((100, -100), HOLDS[0]),
        *(
            pytest.param(ppm, hold, marks=pytest.mark.slow)
            for ppm, hold in (((100, -100), HOLDS[1]), ((0, 30), HOLDS[0]), ((0, 30), HOLDS[1]))
        ),
    ],
)


def legs(
    *ppm: float, hold: Hold = HOLDS[0], reports: tuple[bool, bool] = (False, False)
) -> list[Leg]:
    """Both parties of a call."""
    return [
        Leg(stream=stream, ppm=wrong, hold=hold, reports=told)
        for stream, (wrong, told) in enumerate(zip(ppm, reports, strict=True))
    ]


def quarter(*parties: Leg) -> list[Leg]:
    """The same parties in a call of 15 minutes, with its hold and its other source."""
    return [
        dataclasses.replace(each, length_s=HOUR_S // 4, hold_s=(300, 360), change_s=600)
        for each in parties
    ]


def errors_us(made: Renderer, leg: Leg, delay_us: int = DELAY_US) -> Column:
    """By how much each packet that arrived is heard too late."""
    expected, heard = leg.packets().sent_us + delay_us, places_us(made, leg.stream)
    assert len(heard) == len(expected)
    return heard - expected


def sources(line: Timeline) -> set[str]:
    return {placed.span.source for part in line.parts for placed in part.spans}


def worst_us(made: Renderer, parties: Iterable[Leg], delay_us: int = DELAY_US) -> int:
    return max(int(np.abs(errors_us(made, leg, delay_us)).max()) for leg in parties)


@CLOCKS_AND_HOLDS
def test_each_packet_of_an_hour_is_heard_within_10_ms_of_when_it_was_sent(
    ppm: tuple[float, float], hold: Hold
) -> None:
    """Jitter of 20 ms with spikes of 150 ms, 2 % lost in bursts, a hold, another source."""
    parties = legs(*ppm, hold=hold)
    made = recorded(*parties)

    assert sources(made.timeline) == {"arrival"}
    assert worst_us(made, parties) < PROMISED_US
    for leg in parties:
        stated_us = uncertainty_us(made.timeline, leg.stream)
        assert worst_us(made, [leg]) <= stated_us < PROMISED_US


@CLOCKS_AND_HOLDS
def test_by_reports_each_packet_is_heard_within_10_ms_of_what_its_senders_clock_says(
    ppm: tuple[float, float], hold: Hold
) -> None:
    """One clock behind both legs, whose reports are up to 8 ms wrong: no delay is in them."""
    parties = legs(*ppm, hold=hold, reports=(True, True))
    made = recorded(*parties)

    assert sources(made.timeline) == {"sr"}
    assert worst_us(made, parties, delay_us=0) < PROMISED_US
    for leg in parties:
        stated_us = uncertainty_us(made.timeline, leg.stream)
        assert worst_us(made, [leg], delay_us=0) <= stated_us < PROMISED_US


def test_where_one_leg_reports_and_one_does_not_both_lie_by_their_arrivals() -> None:
    """Else the one that reports is heard earlier, by the delay of the way."""
    parties = quarter(*legs(100, -100, reports=(True, False)))
    made = recorded(*parties)

    assert sources(made.timeline) == {"arrival"}
    assert worst_us(made, parties) < PROMISED_US


def test_legs_whose_clocks_differ_lie_by_their_arrivals() -> None:
    """Two telephones that both report, one of them 60 ms ahead of the other."""
    one, other = quarter(*legs(100, -100, reports=(True, True)))
    ahead = dataclasses.replace(other, clock_off_us=60_000, clock=b"another")
    made = recorded(one, ahead)

    assert sources(made.timeline) == {"arrival"}
    assert worst_us(made, [one, ahead]) < PROMISED_US


def level(buckets: Buckets) -> Line:
    return Line(int(buckets.low.min()), 0, 1)


@pytest.mark.slow
def test_without_a_skew_an_hour_is_wrong_by_hundreds_of_milliseconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That the scene is as hard as it looks: one offset per span does not do."""
    monkeypatch.setattr(alignment, "line_below", level)
    parties = legs(100, -100)

    assert worst_us(recorded(*parties), parties) > 20 * PROMISED_US


def test_a_recording_in_parts_goes_on_without_a_jump_and_without_adding_up_errors() -> None:
    """A part is cut after an hour; here after 5 min, so that there are three."""
    parties = quarter(*legs(100, -30))
    made = recorded(*parties, cuts_s=(300, 600))

    assert worst_us(made, parties) < PROMISED_US
    for leg in parties:
        packets, heard = leg.packets(), places_us(made, leg.stream)
        ticks = np.diff(packets.timestamp)
        follows = (np.diff(packets.ssrc) == 0) & (ticks < 8_000)
        moved_us = (np.diff(heard) - ticks * 125)[follows]
        assert set(moved_us.tolist()) == {0, 4_000 if leg.ppm > 0 else -4_000}


@pytest.mark.slow
def test_a_part_that_disagrees_with_the_one_before_lies_where_its_own_packets_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else what one line was wrong by is there for the rest of the call."""
    parties = legs(100, -100)
    made = recorded(*parties, cuts_s=(1_200, 2_400))
    maps = [part.time_map for part in made.timeline.parts]
    wrong = [_shifted(maps[0], 40_000), *maps[1:]]
    line = build_timeline(wrong)

    moved_us = [abs(placed.moved_us) for placed in line.parts[1].spans]
    assert max(moved_us) < 125
    monkeypatch.setattr("archive.reading.timeline.MIN_FIT_US", 4 * HOUR_S * 1_000_000)
    kept = build_timeline(wrong)
    assert min(abs(placed.moved_us) for placed in kept.parts[1].spans) > 30_000


def _shifted(time_map: TimeMap, by_us: int) -> TimeMap:
    """A map whose spans all lie later."""
    streams = tuple(
        replace(s, spans=tuple(replace(span, anchor_us=span.anchor_us + by_us) for span in s.spans))
        for s in time_map.streams
    )
    return replace(time_map, streams=streams)


@cache
def talk(ppm: float) -> Renderer:
    """Ten minutes of whole packets with a hold and a change of source."""
    return recorded(
        Leg(
            stream=0, ppm=ppm, length_s=600, hold_s=(200, 260), change_s=500, shape=2.0, payload=200
        ),
        cuts_s=(400,),
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([-300.0, 300.0]), st.integers(0, 4_700_000), st.integers(1, 90_000))
def test_a_range_of_skewed_legs_is_a_cut_of_the_whole(ppm: float, first: int, size: int) -> None:
    """Also where a step back lays packets over one another: who seeks hears what others hear."""
    made = talk(ppm)
    wanted = SampleRange(first, min(first + size, made.timeline.samples))

    assert np.array_equal(made.render(wanted, [0]), whole(ppm)[wanted.first : wanted.end])


@cache
def whole(ppm: float) -> Audio:
    made = talk(ppm)
    return made.render(SampleRange(0, made.timeline.samples), [0])


@pytest.mark.parametrize("ppm", [-300.0, 300.0])
def test_between_two_steps_the_audio_is_what_was_sent_sample_by_sample(ppm: float) -> None:
    """Evidence is moved and never made anew: half a second anywhere is found as it was sent."""
    made = recorded(leg := Leg(stream=0, ppm=ppm, length_s=300, hold_s=(0, 0), payload=PACKET))
    (placed,) = made.timeline.parts[0].spans
    audio = made.render(SampleRange(0, made.timeline.samples), [0])[:, 0]
    sent = leg.packets()
    spoken = g711.decode(sent.datagrams(PACKET)[:, 12:], "PCMU")
    ticks = (sent.timestamp - placed.span.first_timestamp) % (1 << 32)
    moved_us = placed.span.correction_us(ticks)
    compared = 0
    for first in range(0, len(sent) - 25, 25):
        last = first + 24
        if ticks[last] - ticks[first] == 24 * PACKET and moved_us[first] == moved_us[last]:
            place = placed.sample_at(int(ticks[first]))
            stretch = spoken[first : last + 1].reshape(-1)
            assert np.array_equal(audio[place : place + 25 * PACKET], stretch)
            compared += 1

    assert compared > 300
    assert len(np.unique(moved_us)) > 20


@pytest.mark.parametrize("files", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_chaos_with_a_skew_sounds_the_same_in_any_pieces(files: int) -> None:
    """Long packets, repetitions and jumps, a step in every second of them."""

    @settings(max_examples=files, deadline=None)
    @given(
        st.integers(0, 1 << 32),
        st.integers(1, 60_000),
        st.sampled_from([-5_000_000, -500_000, 500_000, 5_000_000]),
    )
    def adds_up(seed: int, size: int, skew: int) -> None:
        made, _ = renderer(chaos(seed))
        (part,) = made.timeline.parts
        made = dataclasses.replace(made, timeline=build_timeline([_skewed(part.time_map, skew)]))
        total = made.timeline.samples
        all_of_it = made.render(SampleRange(0, total), [0])
        starts = range(0, total, max(size, total // 60))
        ends = [*starts[1:], total]
        pieces = [made.render(SampleRange(a, b), [0]) for a, b in zip(starts, ends, strict=True)]

        assert np.array_equal(np.concatenate(pieces), all_of_it)

    adds_up()


def _skewed(time_map: TimeMap, skew_ppb: int) -> TimeMap:
    """A map whose spans have a skew; what came in time by the old ones does so by these."""
    streams = tuple(
        replace(s, spans=tuple(_skewed_span(span, skew_ppb) for span in s.spans))
        for s in time_map.streams
    )
    return replace(time_map, streams=streams)


def _skewed_span(span: Span, skew_ppb: int) -> Span:
    made = replace(span, skew_ppb=skew_ppb)
    moved = [made.correction_us(ticks) for ticks in (span.first_ticks, span.last_ticks)]
    early_us, late_us = span.early_us - max(moved), span.late_us - min(moved)
    return replace(made, early_us=early_us, late_us=late_us)
