"""Tests of what is said of a process's memory and descriptors."""

import os
import tempfile

import pytest

from bench.footprint import Footprint, Held, Watch, sparkline


def footprint(*rss_kib: int) -> Footprint:
    readings = [(30.0 * number, Held(10, rss, rss)) for number, rss in enumerate(rss_kib)]
    return Footprint(name="part", start=Held(10, 1_000, 900), readings=readings, end=Held(12, 1, 1))


def test_growth_counts_once_it_has_settled() -> None:
    """What a process takes in its first minutes it keeps."""
    assert footprint(500, 900, 1_000, 1_000, 1_000, 1_030).growth(60.0) == pytest.approx(0.015)
    assert footprint(500, 900).growth(300.0) == 0.0


def test_descriptors_are_compared_with_those_before_the_first_call() -> None:
    """None of a call may stay."""
    assert footprint(1).descriptors_left == 2


def test_our_own_descriptors_and_memory_are_seen() -> None:
    """One more open file is one more."""
    watch = Watch([os.getpid()])
    with tempfile.TemporaryFile():
        watch.read(0.0)
    (found,) = watch.finish()

    assert found.readings[0][1].descriptors == found.start.descriptors + 1
    assert found.readings[0][1].rss_kib > 1_000
    assert found.readings[0][1].pss_kib <= found.readings[0][1].rss_kib


def test_a_line_of_bars_reaches_from_the_least_to_the_most() -> None:
    """Thirty at most, whatever was read."""
    assert sparkline([1.0, 8.0, 4.0]) == "▁█▄"
    assert sparkline([5.0, 5.0]) == "▁▁"
    assert len(sparkline(list(range(500)))) <= 30
    assert sparkline([]) == ""
