"""Tests of what the bench of calls reports and finds."""

import argparse

from bench.calls import CallFigures, add_options
from bench.room import by_descriptors
from bench.searchable import Crowd, Searchable
from tests.bench.examples import held, ours, rate, setup

NOBODY = Crowd(standing=0, ending=0, per_s=0.0, held_s=0)


def figures(asked: list[int]) -> CallFigures:
    """Nothing measured yet, on a host with 20,000 descriptors."""
    return CallFigures(command=[], machine={}, bound=by_descriptors(20_000), asked=asked)


def test_figures_within_the_promises_are_no_finding() -> None:
    """Also where a number beyond the promise fails: that is what was looked for."""
    good = figures([4_000])
    good.held = [held(4_000), held(4_500, ours(1.5, dropped=9, began=setup(4_500)))]
    good.rates = [rate(150), rate(400, {"503": 7}, p99_ms=80.0)]
    good.searchable = [Searchable(crowd=NOBODY, answered=1, delays_s=[0.4, 4.9])]

    assert good.missed == []


def test_each_missed_promise_is_a_finding_in_words() -> None:
    """Calls, set-ups, their latency, and the time until a call is found."""
    bad = figures([4_000])
    bad.held = [held(4_000, ours(1.5, dropped=9, began=setup(4_000)))]
    bad.rates = [rate(100, {"503": 7}), rate(150, p99_ms=21.0)]
    bad.searchable = [Searchable(crowd=NOBODY, answered=1, delays_s=[5.1], not_found=2)]

    assert bad.missed == [
        "4,000 calls held: 9 packets dropped from full receive queues",
        "100 set-ups/s: 7 failures, p99 5.0 ms",
        "150 set-ups/s: 0 failures, p99 21.0 ms",
        "call end → searchable: 5.1 s",
        "2 calls were never found",
    ]


def test_what_the_host_has_no_room_for_is_named_in_the_report() -> None:
    """The bench says which limit it met, and where."""
    beyond = figures([4_000, 5_000])
    beyond.held = [held(4_000)]

    assert beyond.not_tried.startswith(
        "5,000 calls were not tried: descriptors have room for 4,936"
    )
    assert figures([4_000]).not_tried == ""
    assert "Most calls held without a lost packet: 4,000. 5,000 calls" in beyond.tables()[0]


def test_without_options_the_promise_and_the_aim_are_tried() -> None:
    """`make bench` gives none."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    asked = parser.parse_args([])

    assert {4_000, 5_000} <= set(asked.calls)
    assert 150.0 in asked.rates
    assert asked.hold == 60
    assert asked.ends_per_s == 17.0
