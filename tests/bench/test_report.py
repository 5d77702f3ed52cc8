"""Tests of how figures are shown."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.report import spread, table, write_json


@dataclass(frozen=True)
class Figure:
    """Something measured."""

    us: float


def test_a_table_shows_two_digits_and_keeps_words() -> None:
    """Figures that are read aloud."""
    assert table(["streams", "µs"], [["2,000", 1.2345], ["6,000", "–"]]) == (
        "| streams | µs |\n| --- | --- |\n| 2,000 | 1.23 |\n| 6,000 | – |\n"
    )


def test_dataclasses_anywhere_become_objects(tmp_path: Path) -> None:
    """Every single run is kept, not only its median."""
    path = tmp_path / "figures.json"
    write_json(path, {"runs": [Figure(1.5)]})

    assert json.loads(path.read_text()) == {"runs": [{"us": 1.5}]}


def test_a_spread_is_the_median_with_the_least_and_the_most() -> None:
    """One run has none, and no run no figure."""
    assert spread([1.7, 1.5, 1.6]) == "1.60 (1.50–1.70)"
    assert spread([1.5]) == "1.50"
    assert spread([]) == "–"
