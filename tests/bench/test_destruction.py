"""The bench of destroying, on a small keystore."""

import argparse
from pathlib import Path

from bench.destruction import add_options, measure


def test_a_small_keystore_is_destroyed_deleted_and_held_in_turns(tmp_path: Path) -> None:
    """Every recording asked for was destroyed, else the bench itself says no."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    arguments = parser.parse_args(
        ["--recordings", "600", "--each", "70", "--turns", "2", "--folder", str(tmp_path / "made")]
    )
    arguments.json = tmp_path / "figures.json"
    figures = measure(arguments, ["bench"])

    assert [len(rate.per_s) for rate in (figures.guard, figures.bare, figures.held)] == [2, 2, 2]
    assert "The guard destroys" in figures.told()
    assert arguments.json.exists()
