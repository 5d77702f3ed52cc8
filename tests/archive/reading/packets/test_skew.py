"""Lines below arrivals: how near the truth they are, and what cannot move them."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from archive.reading.packets.rtp import Column
from archive.reading.packets.skew import (
    MAX_BUCKETS,
    MIN_FIT_US,
    Buckets,
    Envelope,
    Line,
    line_below,
)
from archive.reading.packets.skew_steps import correction_us

RATE = 8_000
PACKET_US = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Packets of a clock that is slow by `ppm`, each held up on its way; drift is µs from 0."""

    seconds: int
    ppm: float = 0.0
    shape: float = 2.0
    mean_us: float = 20_000.0
    seed: int = 1

    def elapsed_us(self) -> Column:
        """By the sender's clock."""
        return np.arange(self.seconds * 50) * PACKET_US

    def truth_us(self) -> Column:
        """What the drift would be if nothing were held up."""
        return (self.elapsed_us() * self.ppm / 1e6).astype(np.int64)

    def drift_us(self) -> Column:
        """What it is."""
        rng = np.random.default_rng(self.seed)
        held_up = rng.gamma(self.shape, self.mean_us / self.shape, self.seconds * 50)
        return self.truth_us() + held_up.astype(np.int64)


def buckets(way: Way, drift_us: Column) -> Buckets:
    envelope = Envelope(RATE)
    envelope.feed(way.elapsed_us() * RATE // 1_000_000, drift_us)
    return envelope.buckets()


def error_us(line: Line, way: Way) -> int:
    """How far off a packet is laid at the most."""
    elapsed_us = way.elapsed_us()
    laid_us = line.offset_us + correction_us(elapsed_us, line.skew_ppb)
    return int(np.abs(laid_us - way.truth_us()).max())


@pytest.mark.parametrize("shape", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("ppm", [-400, -100, -8, 0, 30, 100, 400])
@pytest.mark.parametrize("seconds", [40, 120, 600, 3_600])
def test_20_ms_of_jitter_leave_a_line_within_8_ms_of_the_truth(
    seconds: int, ppm: int, shape: float
) -> None:
    """Of 10 ms that legs may be off, some are for the time line and its steps."""
    way = Way(seconds=seconds, ppm=ppm, shape=shape)

    assert error_us(line_below(buckets(way, way.drift_us())), way) < 8_000


@pytest.mark.parametrize("ppm", [-100, 0, 30, 100])
@pytest.mark.parametrize("seconds", [5, 60, 600, 3_600])
def test_the_uncertainty_stated_is_neither_below_the_error_nor_far_above(
    seconds: int, ppm: int
) -> None:
    """A number that nobody can rely on had better not be stated."""
    way = Way(seconds=seconds, ppm=ppm)
    line = line_below(buckets(way, way.drift_us()))

    assert error_us(line, way) <= line.uncertainty_us < 8_000


def test_a_spike_however_high_moves_nothing() -> None:
    """What a queue holds up lies above the line; only a packet that comes too early could."""
    way = Way(seconds=3_600, ppm=-40)
    drift_us = way.drift_us()
    spiked = drift_us + 1_500_000 * (np.arange(len(drift_us)) % 500 > 250)

    assert line_below(buckets(way, spiked)).skew_ppb == pytest.approx(-40_000, abs=2_000)


@pytest.mark.parametrize("busy", [slice(0, 70_000), slice(60_000, 110_000), slice(110_000, None)])
def test_a_third_of_an_hour_behind_a_full_queue_is_seen_through(busy: slice) -> None:
    """A line through the middle of all packets would be drawn up by it; its uncertainty tells."""
    way = Way(seconds=3_600, ppm=30)
    drift_us = way.drift_us()
    drift_us[busy] += 80_000
    line = line_below(buckets(way, drift_us))

    assert error_us(line, way) < 8_000
    assert line.uncertainty_us > 80_000


@pytest.mark.parametrize("ppm", [-600, 520, 5_000])
def test_a_wrong_clock_rate_is_no_skew(ppm: int) -> None:
    """No crystal is as wrong as that; a line would carry an anchor far beside all others."""
    way = Way(seconds=600, ppm=ppm)

    assert line_below(buckets(way, way.drift_us())).skew_ppb == 0


def test_a_span_that_is_too_short_has_no_skew() -> None:
    """Jitter alone draws a line of hundreds of ppm through a few seconds."""
    way = Way(seconds=MIN_FIT_US // 1_000_000 - 1, ppm=400, mean_us=1.0)
    longer = Way(seconds=MIN_FIT_US // 1_000_000 + 1, ppm=400, mean_us=1.0)

    assert line_below(buckets(way, way.drift_us())).skew_ppb == 0
    assert line_below(buckets(longer, longer.drift_us())).skew_ppb == pytest.approx(400_000, 0.02)


def test_a_skew_that_moves_no_packet_is_none() -> None:
    """A map says what it does; what is below half a step in the whole span does nothing."""
    slight, more = (Way(seconds=600, ppm=ppm, mean_us=1.0) for ppm in (3, 4))

    assert line_below(buckets(slight, slight.drift_us())).skew_ppb == 0
    assert line_below(buckets(more, more.drift_us())).skew_ppb == pytest.approx(4_000, 0.02)


def test_a_skew_that_jitter_alone_could_make_is_none() -> None:
    """The earliest of few packets are far apart: a line through two of them says little."""
    ways = [Way(seconds=35, seed=seed, mean_us=100_000) for seed in range(30)]
    skewed = [way for way in ways if line_below(buckets(way, way.drift_us())).skew_ppb]

    assert len(skewed) <= 3


@pytest.mark.parametrize("seed", range(5))
def test_a_clock_that_runs_right_moves_no_packet_in_an_hour(seed: int) -> None:
    """Jitter must not make steps of its own."""
    way = Way(seconds=3_600, seed=seed)

    assert line_below(buckets(way, way.drift_us())).skew_ppb == 0


@pytest.mark.parametrize(
    ("drift_us", "line"),
    [
        ([], Line(0)),
        ([7_000], Line(7_000)),
        ([7_000, 9_000, 4_000], Line(4_000, 0, 5_000)),
        ([7_000] * 100, Line(7_000, 0, 1)),
    ],
)
def test_few_packets_say_how_far_apart_they_lie_and_one_says_nothing(
    drift_us: list[int], line: Line
) -> None:
    """0 is for what cannot be said; nobody knows to the µs."""
    envelope = Envelope(RATE)
    if drift_us:
        envelope.feed(np.arange(len(drift_us)) * 160, np.array(drift_us))

    assert line_below(envelope.buckets()) == line


_FED = st.lists(
    st.tuples(st.integers(-(1 << 20), 1 << 26), st.integers(-(1 << 24), 1 << 24)), min_size=1
)


@settings(deadline=None)
@given(st.lists(_FED, min_size=1, max_size=6))
def test_an_envelope_is_the_same_in_whatever_pieces_it_was_fed(
    pieces: list[list[tuple[int, int]]],
) -> None:
    """How many packets are looked at together is our affair, not the recording's."""
    whole, piecewise = Envelope(RATE), Envelope(RATE)
    for piece in reversed(pieces):
        piecewise.feed(*np.array(piece, np.int64).T)
    whole.feed(*np.array([packet for piece in pieces for packet in piece], np.int64).T)
    one, other = whole.buckets(), piecewise.buckets()

    assert one.width_us == other.width_us
    for name in ("begins_us", "low", "high"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


@given(_FED, st.integers(-500_000, 500_000), st.sampled_from([RATE, 11_025, 90_000]))
@settings(max_examples=300, deadline=None)
def test_every_packet_came_within_the_lateness_that_a_line_tells(
    packets: list[tuple[int, int]], skew_ppb: int, rate: int
) -> None:
    """A range is read as far as this says; a packet beyond would be heard in some ranges only."""
    ticks, drift = np.array(packets, np.int64).T
    envelope = Envelope(rate)
    envelope.feed(ticks, drift)
    line = Line(int(drift.min()), skew_ppb)
    early_us, late_us = envelope.buckets().lateness_us(line)
    moved_us = correction_us(ticks * 1_000_000 // rate, skew_ppb)

    assert np.all(drift - line.offset_us - moved_us >= early_us)
    assert np.all(drift - line.offset_us - moved_us <= late_us)


@pytest.mark.parametrize("hours", [1, 12, 200])
def test_no_length_of_a_span_needs_more_than_so_many_buckets(hours: int) -> None:
    """A keeper maps a hundred parts side by side."""
    envelope = Envelope(RATE)
    for begin in range(0, hours * 3_600 * RATE, 600 * RATE):
        ticks = begin + np.arange(0, 600 * RATE, RATE)
        envelope.feed(ticks, ticks * 0)

    assert MAX_BUCKETS // 2 <= len(envelope.buckets()) <= MAX_BUCKETS
