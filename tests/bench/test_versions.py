"""Two versions beside each other: what counts as more, and what measures each."""

import sys
from pathlib import Path

import pytest

from bench.versions import MEASURED, Compared, measured


def compared(before: list[float], again: list[float], now: list[float]) -> Compared:
    return Compared(name="relay", before=before, again=again, now=now)


def interpreter_in(folder: Path) -> None:
    (folder / ".venv/bin").mkdir(parents=True)
    python = folder / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)


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
    interpreter_in(tmp_path)
    (tmp_path / "cost.py").write_text("US = 1.25\n")

    assert measured(tmp_path, "import cost; print('warm'); print(cost.US)") == 1.25


def test_what_the_keeper_computes_is_measured_by_one_text_in_both_checkouts(tmp_path: Path) -> None:
    """An older checkout has no such bench: there the same file is run, with what lies there."""
    interpreter_in(tmp_path)
    for folder in ("archive", "bench", "tests"):
        (tmp_path / folder).symlink_to(Path(folder).resolve())
    (program,) = [text for name, text in MEASURED.items() if name == "keeper reads a part"]

    assert measured(tmp_path, program) > 0
