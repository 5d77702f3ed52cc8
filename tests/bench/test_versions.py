"""Two versions beside each other: what counts as more, and what measures each."""

import sys
from pathlib import Path

import pytest

from bench.versions import Compared, measured


def compared(before: list[float], again: list[float], now: list[float]) -> Compared:
    return Compared(name="relay", before=before, again=again, now=now)


@pytest.mark.parametrize(
    ("now", "has_missed"), [([1.02] * 3, False), ([1.05] * 3, True), ([0.5] * 3, False)]
)
def test_three_hundredths_more_are_allowed(now: list[float], *, has_missed: bool) -> None:
    """Less is never missed."""
    assert compared([1.0] * 3, [1.0] * 3, now).has_missed is has_missed


def test_a_difference_within_what_the_same_version_differs_by_is_none() -> None:
    """A machine that others use tells one and the same apart."""
    assert not compared([1.0] * 3, [1.0, 1.1, 1.0], [1.08] * 3).has_missed


def test_each_version_is_measured_by_its_own_interpreter_in_its_own_folder(tmp_path: Path) -> None:
    """What is installed in one checkout must not be taken for the other."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    python = tmp_path / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (tmp_path / "cost.py").write_text("US = 1.25\n")

    assert measured(tmp_path, "import cost; print('warm'); print(cost.US)") == 1.25
