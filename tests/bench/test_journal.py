"""Tests of what the bench of the journal measures and finds."""

import argparse
from pathlib import Path

import pytest

from bench.journal import measure
from bench.journal_entries import Appended
from tests.support.bench.journal import figures


def test_figures_within_the_promises_are_no_finding() -> None:
    """Up to and with what is promised; of a page nothing is."""
    assert figures(100.0, 100.0, 1.1).missed == []


def test_each_missed_promise_is_a_finding_in_words() -> None:
    """The two questions, and what an entry costs."""
    assert figures(101.0, 250.0, 1.5).missed == [
        "who heard a call: 101 ms",
        "reach of an account in a month: 250 ms",
        "read: 1.50 × with the indexes",
    ]


def test_a_ratio_is_taken_within_each_turn() -> None:
    """A turn that was slow for both says nothing of the indexes."""
    appended = Appended(
        name="read", bytes_a_row=1, with_ms=[1.1, 11.0, 2.2], without_ms=[1.0, 10.0, 1.0]
    )

    assert appended.ratio == pytest.approx(1.1)


def test_a_small_journal_is_measured_from_end_to_end(tmp_path: Path) -> None:
    """Every question answered, every sort of entry written to both."""
    asked = argparse.Namespace(
        entries=600, questions=2, turns=2, folder=tmp_path / "made", json=tmp_path / "figures.json"
    )
    found = measure(asked, ["bench"])

    assert [len(each.waited.times_ms) for each in found.questions] == [2] * 6
    assert [(each.name, len(each.with_ms)) for each in found.appended] == [
        ("read", 2), ("searched", 2), ("found", 2)
    ]  # fmt: skip
    assert found.index_bytes > 0
    assert not asked.folder.exists()
    assert asked.json.exists()
