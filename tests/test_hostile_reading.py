"""The table of what a hostile reading found leads to tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/hostile-reading.md").read_text("utf-8")
LINES = [f"A{number}" for number in range(1, 7)] + [f"B{number}" for number in range(1, 8)]


def test_each_line_has_its_tests_and_they_are_there() -> None:
    """A resolution that nobody can run is none."""
    rows = [row for row in PAGE.splitlines() if re.match(r"\| [AB]\d ", row)]
    named = {row: re.findall(r"`(tests/[\w/]+\.py)`", row) for row in rows}

    assert sorted({row[2:4] for row in rows}) == LINES
    assert [row for row, tests in named.items() if not tests] == []
    assert [each for tests in named.values() for each in tests if not (ROOT / each).is_file()] == []


def test_each_line_says_what_was_red_and_what_is_green() -> None:
    """And nothing is in two rows under one name."""
    rows = [row.strip("| ").split(" | ") for row in PAGE.splitlines() if row.startswith("| ")]
    told = [row for row in rows if row[0][:1] in {"A", "B"}]

    assert [row[0] for row in told if len(row) != 4 or not all(row)] == []
    assert len({row[0] for row in told}) == len(told)
