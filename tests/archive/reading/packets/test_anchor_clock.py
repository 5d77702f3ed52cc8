"""Which clock lays a part: reports where one stands behind all legs, else arrivals."""

import numpy as np
import pytest

from archive.reading.packets.anchor_clock import (
    MAX_REPORTS,
    MIN_REPORTS,
    REPORT_TRUST_US,
    SHARED_CLOCK_US,
    Fit,
    Said,
    agreed_source,
    line_through,
)
from archive.reading.packets.skew import Buckets, Line

HOUR_US = 3_600_000_000
EARLIER_US = -25_000


def spanning(length_us: int) -> Buckets:
    """A span of which only the length matters."""
    ends = np.array([0, length_us - 1_000_000])
    return Buckets(ends, 1_000_000, np.zeros(2, np.int64), np.zeros(2, np.int64))


def said(
    count: int, *, until_us: int = HOUR_US, ppm: float = 0.0, noise_us: int = 0, wild: int = 0
) -> Said:
    """Reports of a clock that is slow by `ppm`; of ten reports `wild` ones tell nonsense."""
    elapsed_us = np.linspace(0, until_us, count).astype(np.int64)
    rng = np.random.default_rng(count)
    noise = rng.integers(-noise_us, noise_us + 1, count) + 90_000 * (np.arange(count) % 10 < wild)
    return Said(elapsed_us, EARLIER_US + (elapsed_us * ppm / 1e6).astype(np.int64) + noise)


def through(reports: Said, arrived: Line, length_us: int = HOUR_US) -> Line:
    line = line_through(reports, arrived, spanning(length_us))
    assert line is not None
    return line


@pytest.mark.parametrize("ppm", [-100, -8, 30, 100])
@pytest.mark.parametrize("wild", [0, 2])
def test_reports_tell_the_skew_though_some_are_wild(ppm: int, wild: int) -> None:
    """A sender that now and then reports what it sent long ago."""
    arrived = Line(0, ppm * 1_000)
    line = through(said(600, ppm=ppm, noise_us=8_000, wild=wild), arrived)

    assert line.skew_ppb == pytest.approx(ppm * 1_000, abs=1_500)
    assert line.at(HOUR_US // 2) == pytest.approx(
        EARLIER_US + ppm * HOUR_US // 2_000_000, abs=5_000
    )


def test_a_clock_that_runs_right_reports_no_skew() -> None:
    """What reports are wrong by must not make steps."""
    assert through(said(600, noise_us=8_000), Line(0)).skew_ppb == 0


@pytest.mark.parametrize(
    ("reports", "length_us"),
    [
        (said(MIN_REPORTS - 1, ppm=30), HOUR_US),
        (said(100, until_us=HOUR_US // 2 - 1, ppm=30), HOUR_US),
        (said(100, until_us=29_000_000, ppm=30), 29_000_000),
    ],
)
def test_too_few_reports_take_over_the_skew_of_the_arrivals(reports: Said, length_us: int) -> None:
    """They still tell the offset better than a queue does."""
    line = through(reports, Line(0, 30_200, 3_000), length_us)

    assert line.skew_ppb == 30_200
    assert line.offset_us == pytest.approx(EARLIER_US, abs=500)
    assert line.uncertainty_us == 3_000


def test_reports_are_believed_near_the_line_of_the_arrivals_however_far_that_has_gone() -> None:
    """At 100 ppm the last ones of an hour are 360 ms from the first."""
    line = through(said(600, ppm=100), Line(0, 100_000))

    assert line.skew_ppb == pytest.approx(100_000, abs=10)
    assert line_through(said(3), Line(EARLIER_US + REPORT_TRUST_US), spanning(HOUR_US)) is not None
    assert line_through(said(3), Line(EARLIER_US + REPORT_TRUST_US + 1), spanning(HOUR_US)) is None


def test_a_flood_of_reports_is_thinned() -> None:
    """Pairs of all would be a hundred million."""
    line = through(said(16_000, ppm=50), Line(0, 50_000))

    assert line.skew_ppb == pytest.approx(50_000, abs=10)
    assert MAX_REPORTS**2 < 300_000


def fit(lead_us: int | None, clock: bytes = b"", unsure_us: int = 1_000) -> Fit:
    """A span that its reports lay so much later than its arrivals."""
    reported = None if lead_us is None else Line(lead_us, 0, unsure_us)
    return Fit(spanning(HOUR_US), Line(0, 0, unsure_us), reported, clock)


NEAR_US = SHARED_CLOCK_US + 4_000


@pytest.mark.parametrize(
    ("fits", "source"),
    [
        ([], "arrival"),
        ([fit(-25_000)], "sr"),
        ([fit(-25_000), fit(None)], "arrival"),
        ([fit(-25_000, b"client"), fit(None, b"client")], "arrival"),
        ([fit(-25_000, b"client"), fit(-125_000, b"client")], "sr"),
        ([fit(-25_000), fit(-125_000)], "sr"),
        ([fit(-25_000, b"client"), fit(-125_000)], "sr"),
        ([fit(-25_000, b"one"), fit(-125_000, b"other")], "arrival"),
        ([fit(-25_000, b"one"), fit(-25_000 + NEAR_US, b"other")], "sr"),
        ([fit(-25_000, b"one"), fit(-24_999 + NEAR_US, b"other")], "arrival"),
        ([fit(-25_000, b"one"), fit(40_000, b"other", unsure_us=30_000)], "sr"),
    ],
)
def test_reports_lay_a_part_only_where_one_clock_stands_behind_all_of_it(
    fits: list[Fit], source: str
) -> None:
    """Else legs are moved against each other: by the delay of the way, or what clocks differ by.

    A client that names no clock has one for all that it sends (RFC 7866).
    """
    assert agreed_source(fits) == source


def test_the_steps_of_a_line_leave_no_room_for_another_clock() -> None:
    """They are made by us, alike on both lines."""
    reported, arrived = Line(-25_000, 9_000, 3_000), Line(0, 9_000, 3_000)
    stepped = Fit(spanning(HOUR_US), arrived, reported, b"one")

    assert agreed_source([stepped, fit(-25_000 + NEAR_US, b"other")]) == "sr"
    assert agreed_source([stepped, fit(-24_999 + NEAR_US, b"other")]) == "arrival"
