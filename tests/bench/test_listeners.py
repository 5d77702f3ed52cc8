"""Tests of the bench of listeners: which calls are tried, and what is reported and found."""

from bench.beside import Beside
from bench.listeners import until_kept
from tests.support.bench.beside import ALONE, beside
from tests.support.bench.listeners import figures


def test_fewer_calls_are_tried_until_everything_holds() -> None:
    """What does not fit is shown, and so is what does; nobody waits for the rest."""

    def one(calls: int) -> Beside:
        return beside(calls, p99_ms=80.0 if calls <= 300 else 81.0)

    tried = list(until_kept((500, 400, 300, 200), one, ALONE))

    assert [each.calls for each in tried] == [500, 400, 300]
    assert figures(*tried).most == 300


def test_only_what_was_promised_can_be_missed() -> None:
    """That it does not hold beside 500 calls is a finding, beside fewer it is a figure."""
    assert figures(beside(500)).missed == []
    assert figures(beside(500, p99_ms=90.0), beside(400, p99_ms=90.0)).missed == [
        "beside 500 calls: search p99 2.2 × its own alone"
    ]


def test_what_was_asked_stands_before_the_table() -> None:
    """A ratio says nothing without what it is a ratio of."""
    told = figures(beside(500)).table()

    assert "50 listeners and 20 searches a second (day, number, in turn) for 60 s." in told
    assert "Searches alone: p50 10.0 ms, p99 40.0 ms, 0 of 100 failed." in told
    assert "| 500 | 500 | 10,000 | 10,000 | 0 |" in told
    assert "Most calls beside which everything held: 500." in told


def test_without_a_measurement_nothing_is_found() -> None:
    """Where the searches alone were never measured there is no ratio."""
    empty = figures()
    empty.alone = None

    assert (empty.table(), empty.missed, empty.most) == ("", [], 0)
