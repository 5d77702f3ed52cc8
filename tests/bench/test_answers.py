"""Tests of what the bench of answers reports and finds."""

from tests.support.bench.answers import figures


def test_figures_within_the_promises_are_no_finding() -> None:
    """Up to and with what is promised."""
    assert figures(10.0, 20.0, 1_000.0).missed == []


def test_each_missed_promise_is_a_finding_in_words() -> None:
    """By id, the page that is not full or within a reach, the page that people see, the command."""
    assert figures(10.1, 30.0, 1_200.0, 61.0, 150.0).missed == [
        "GET /calls/{id}: 10.1 ms",
        "a page by time that is not full: 1.50 ×",
        "a year, within a team: 150 ms",
        "the page for a day: 51 ms more",
        "rokuon calls show: 1,200 ms",
    ]


def test_the_catalog_is_told_with_its_rows_and_its_size() -> None:
    """A figure of answers says nothing without them."""
    assert figures(1.0, 1.0, 1.0).told() == "2 calls, 6 rows in 2 tables, 0 MiB: 6.3 kB a call.\n"
