"""Peaks by 20 ms."""

import numpy as np
import pytest

from archive.reading.sound.peaks import (
    BIN_SAMPLES,
    MAX_BINS,
    MIN_ALIKE,
    PeakMeter,
    overlay,
    round_bins,
)
from archive.reading.sound.samples import Stretches
from tests.archive.reading.scenes import START_US
from tests.support.reading.timemap import span

LOUD_UP, LOUD_DOWN, QUIET = 0x80, 0x00, 0xFF


def meter(places: list[int], *codes: int, size: int = 160) -> PeakMeter:
    made, count = PeakMeter(), len(places)
    data = np.repeat(np.array(codes, np.uint8), size)
    starts = np.arange(count) * size
    stretches = Stretches(np.array(places), starts, np.full(count, size))
    made.feed("PCMU", np.zeros(count, np.int64), stretches, data)
    return made


def test_a_bin_holds_the_lowest_and_the_highest_of_its_20_ms() -> None:
    """Packets need not begin where bins do."""
    peaks = meter([80, 320], LOUD_UP, LOUD_DOWN).finish(0, [span()])

    assert np.frombuffer(peaks.high, np.int8).tolist() == [125, 125, 0]
    assert np.frombuffer(peaks.low, np.int8).tolist() == [0, 0, -125]


@pytest.mark.parametrize("size", [1, 80, 160, 161, 240, 500])
@pytest.mark.parametrize("place", [0, 1, 79, 159])
def test_packets_that_are_alike_give_what_each_gives_alone(size: int, place: int) -> None:
    """Worked out in rows or sample by sample: nobody may see which."""
    count = 3 * MIN_ALIKE
    rng = np.random.default_rng(size + place)
    data = rng.integers(0, 256, count * size + 40).astype(np.uint8)
    places = place + BIN_SAMPLES * rng.permutation(count)
    stretches = Stretches(places, 40 + np.arange(count) * size, np.full(count, size))
    spans = rng.integers(0, 2, count)
    alike, alone = PeakMeter(), PeakMeter()
    alike.feed("PCMA", spans, stretches, data)
    for row in range(count):
        one = np.array([row])
        alone.feed("PCMA", spans[one], stretches.pick(one), data)

    both = [span(), span(anchor_us=START_US + 1_000_000)]
    assert alike.finish(0, both) == alone.finish(0, both)
    assert any(alike.finish(0, both).high)


def test_silence_at_the_end_costs_nothing_and_lies_nowhere() -> None:
    """A bin that says 0 and a bin that is not there look the same."""
    assert meter([0, 160], LOUD_UP, QUIET).finish(0, [span()]).high == bytes([125])
    assert PeakMeter().finish(0, [span()]).start_us == START_US
    assert PeakMeter().finish(0, []).low == b""


def test_a_timestamp_far_away_takes_no_memory() -> None:
    """A sender may claim any timestamp."""
    peaks = meter([-10_000, MAX_BINS * 160, 0], LOUD_UP, LOUD_UP, LOUD_DOWN).finish(0, [span()])

    assert len(peaks.low) == 1


def test_spans_lie_at_their_anchors() -> None:
    """Two sources of one stream are one waveform."""
    made = PeakMeter()
    stretches = Stretches(np.array([0, 0]), np.array([0, 160]), np.array([160, 160]))
    data = np.repeat(np.array([LOUD_UP, LOUD_DOWN], np.uint8), 160)
    made.feed("PCMU", np.array([0, 1]), stretches, data)
    peaks = made.finish(0, [span(anchor_us=START_US + 60_000), span()])

    assert peaks.start_us == START_US
    assert np.frombuffer(peaks.low, np.int8).tolist() == [-125, 0, 0, 0]
    assert np.frombuffer(peaks.high, np.int8).tolist() == [0, 0, 0, 125]


@pytest.mark.parametrize(("skew_ppb", "bins"), [(100_000, 20_002), (-100_000, 19_998)])
def test_peaks_follow_the_skew_of_their_span_without_a_hole(skew_ppb: int, bins: int) -> None:
    """Who clicks on a word in the waveform hears it, also after an hour."""
    count, mark = 20_000, 18_123
    data = np.full(count * 160, LOUD_UP, np.uint8)
    data[mark * 160 :][:160] = LOUD_DOWN
    made, starts = PeakMeter(), np.arange(count) * 160
    stretches = Stretches(starts, starts, np.full(count, 160))
    made.feed("PCMU", np.zeros(count, np.int64), stretches, data)
    skewed = span(skew_ppb=skew_ppb)
    peaks = made.finish(0, [skewed])

    low, high = np.frombuffer(peaks.low, np.int8), np.frombuffer(peaks.high, np.int8)
    assert len(high) == bins
    assert np.all((high == 125) | (low == -125))
    place_us = skewed.us_at(mark * 160) - skewed.anchor_us
    assert np.flatnonzero(low).tolist() == [round_bins(place_us)]


def test_a_wave_keeps_the_louder_of_two_bins_that_become_one() -> None:
    """A step back must not hide what was said in it."""
    count = 2_000
    data = np.full(count * 160, QUIET, np.uint8)
    one_in_two = np.arange(count) % 2 == 0
    data[np.repeat(one_in_two, 160)] = LOUD_UP
    made, starts = PeakMeter(), np.arange(count) * 160
    stretches = Stretches(starts, starts, np.full(count, 160))
    made.feed("PCMU", np.zeros(count, np.int64), stretches, data)
    high = np.frombuffer(made.finish(0, [span(skew_ppb=-2_000_000)]).high, np.int8)

    assert np.count_nonzero(high) == count // 2


def test_what_lies_outside_of_a_picture_is_cut() -> None:
    """Peaks may begin before the line, by a bin that was rounded."""
    low, high = np.zeros(3, np.int8), np.zeros(3, np.int8)
    ramp = np.arange(1, 6, dtype=np.int8)
    overlay(low, high, -1, (-ramp, ramp))
    overlay(low, high, 9, (-ramp, ramp))

    assert (low.tolist(), high.tolist()) == ([-2, -3, -4], [2, 3, 4])
    assert (round_bins(9_999), round_bins(10_000)) == (0, 1)
