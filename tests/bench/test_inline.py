"""Tests of what is said of relayed calls: ratios, promises, the rates that held."""

import argparse
from dataclasses import replace

import pytest

from bench import inline
from bench.inline import DELAY_HEADS, InlineFigures, RelayFigures
from bench.inline_setups import RateFigures, highest
from tests.bench.examples import inline_rate, inline_run, relayed


def test_ours_is_beside_the_peer_of_the_same_turn() -> None:
    """A slow minute strikes both: the median of ratios, not the ratio of medians."""
    figures = RelayFigures(
        calls=500, secure=False,
        ours=[relayed(8.0), relayed(16.0), relayed(9.0)],
        relay_pcap=[relayed(10.0), relayed(20.0), relayed(10.0)],
    )  # fmt: skip

    assert figures.ratio(figures.relay_pcap) == 0.8
    assert figures.missed == []


def test_every_promise_that_is_not_kept_is_named() -> None:
    """Cost, delay and loss; delay is promised up to a thousand calls only, to five hundred less."""
    bad = relayed(12.0, p99_ms=6.0, lost=3)
    figures = RelayFigures(calls=500, secure=True, ours=[bad], relay_pcap=[relayed(10.0)])

    assert figures.missed == [
        "500 calls with SRTP: 1.20 × rtpengine with pcap",
        "500 calls with SRTP: p99 6.00 ms",
        "500 calls with SRTP: 3 packets or recordings with losses",
    ]
    for calls, p99_ms, is_named in [(1_000, 6.0, False), (1_000, 11.0, True), (1_001, 11.0, False)]:
        late = RelayFigures(calls=calls, secure=True)
        late.ours, late.relay_pcap = [relayed(8.0, p99_ms=p99_ms)], [relayed(10.0)]
        assert any("p99" in what for what in late.missed) == is_named


def test_srtp_may_cost_a_little_more_beside_srtp() -> None:
    """Both sides seal and open anew."""
    for secure, missed in ((False, ["500 calls: 0.85 × rtpengine with pcap"]), (True, [])):
        figures = RelayFigures(calls=500, secure=secure)
        figures.ours, figures.relay_pcap = [relayed(8.5)], [relayed(10.0)]
        assert figures.missed == missed


def test_calls_that_there_was_no_room_for_are_counted_apart() -> None:
    """A node that says so has not failed; it has not carried them either."""
    run = relayed(8.0)
    run.calls, run.failures = 440, {"503": 60}
    figures = RelayFigures(calls=500, secure=True, ours=[run], relay_pcap=[relayed(10.0)])

    assert figures.missed == ["500 calls with SRTP: no room for 60 calls"]
    run.failures["silent"] = 1
    assert figures.missed[-1] == "500 calls with SRTP: calls failed"


def test_a_server_that_seals_nothing_anew_is_not_compared() -> None:
    """One that hands keys through would be cheap, and prove nothing."""
    run = relayed(8.0)
    run.delays = replace(run.delays, resealed=False)
    figures = RelayFigures(calls=500, secure=True, ours=[relayed(7.0)], relay_pcap=[run])

    assert figures.missed == ["500 calls with SRTP: what was heard was not what was said"]


def test_what_the_relays_used_is_told_apart() -> None:
    """By the name of the process."""
    assert relayed(8.0).relays_us_per_packet == 6.25


def test_the_highest_rate_is_the_last_before_the_first_that_failed() -> None:
    """A later one that happened to hold does not count."""
    rates = [inline_rate(50), inline_rate(100, p99_ms=30.0), inline_rate(150)]

    assert highest(rates, 20.0) == 50
    assert highest(rates, 1_000.0) == 150
    assert highest([inline_rate(50, failed=1)], 1_000.0) == 0.0


def test_a_rate_has_the_median_delay_of_its_runs_and_the_failures_of_all() -> None:
    """One slow minute of a shared machine is no figure; one call that failed is."""
    runs = [inline_run(50, p99_ms=ms) for ms in (12.0, 208.0, 14.0)]
    figures = RateFigures(asked_per_s=50, runs=[*runs, inline_run(50, failed=2, p99_ms=13.0)])

    assert figures.p99_ms == 13.5
    assert figures.failed == 2
    assert figures.row()[2:5] == ["2 × 503", "5.00 (5.00–5.00)", "13.50 (12.00–208.00)"]
    assert highest([figures], 20.0) == 0.0


def test_what_the_host_took_stands_beside_the_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A p99 of a machine that others had meanwhile is theirs."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    quiet, taken = relayed(8.0), replace(relayed(8.0), stolen_cpu_s=6.0)
    figures = RelayFigures(calls=500, secure=True, ours=[quiet, taken, quiet], relay_pcap=[taken])

    assert taken.stolen_share == 30.0
    row = dict(zip(DELAY_HEADS[:6], figures.delay_row(), strict=False))
    assert row["host took %"] == "0.00 (0.00–30.00)"


def test_set_ups_are_judged_up_to_the_promised_rate() -> None:
    """What fails beyond it is a figure, no broken promise."""
    figures = InlineFigures(command=[], machine={}, seconds=1, runs=[])
    figures.rates = [inline_rate(100), inline_rate(150, p99_ms=25.0), inline_rate(400, failed=9)]

    assert figures.missed == ["150 inline set-ups/s: 0 failures, p99 25.0 ms"]


def test_its_options_stand_beside_those_of_others() -> None:
    """Alone it has short names, among the others long ones."""
    alone, among = argparse.ArgumentParser(), argparse.ArgumentParser()
    inline.add_options(alone, prefix="")
    inline.add_options(among)

    assert alone.parse_args(["--calls", "5", "--runs", "1"]).inline_calls == [5]
    assert among.parse_args(["--inline-rates", "25"]).inline_rates == [25.0]
