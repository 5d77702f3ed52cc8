"""The bench of simulating a policy."""

from pathlib import Path

from bench.archived_calls import EVERY_KIND
from bench.simulation import HEADS, measure


def test_every_recording_is_judged_and_the_policy_tells_them_apart(tmp_path: Path) -> None:
    """A figure of a policy that decides nothing would be none."""
    figures = measure(tmp_path / "catalog.db", EVERY_KIND, ["bench"])

    assert figures.recordings == sum(figures.changes.values()) == sum(figures.stands.values())
    assert figures.recordings >= EVERY_KIND
    assert all(figures.stands[then] for then in ("due", "dated", "protected", "unknown"))
    assert all(head in figures.told() for head in HEADS)
