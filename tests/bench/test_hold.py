"""The bench of a legal hold over a whole archive, on a small one."""

from pathlib import Path

import pytest

from bench import hold
from bench.archived_calls import EVERY_KIND
from bench.hold import HEADS, HoldFigures, make, measure


def test_every_recording_is_held_when_it_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A figure of a hold that was too late for some would be none."""
    monkeypatch.setattr(hold, "_QUIET_S", 0.05)
    made = tmp_path / "hold"
    make(made, EVERY_KIND)
    figures = measure(made, ["bench"])

    assert figures.recordings >= EVERY_KIND
    assert figures.seconds > figures.noting_s > 0
    assert all(head in figures.told() for head in HEADS)


def test_what_takes_longer_than_promised_is_said() -> None:
    """By what a million would take."""
    slow = HoldFigures(command=[], machine={}, recordings=100_000, seconds=4.0)

    assert slow.missed == ["40 s for a million"]
