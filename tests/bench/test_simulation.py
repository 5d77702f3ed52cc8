"""The bench of simulating a policy, and of listing what is due."""

from pathlib import Path

import pytest

from bench.archived_calls import EVERY_KIND
from bench.simulation import (
    HEADS,
    Answer,
    SimulationFigures,
    answered,
    by_class,
    due_list,
    fill_archive,
    kept,
    simulation,
    with_numbers,
)


def test_every_recording_is_judged_and_the_policy_tells_them_apart(tmp_path: Path) -> None:
    """A figure of a policy that decides nothing would be none."""
    file = tmp_path / "catalog.db"
    fill_archive(file, EVERY_KIND, has_numbers=True)
    with kept(file, "sqlite") as url:
        answers = {
            one.__name__: answered(url, one)
            for one in (by_class, simulation, with_numbers, due_list)
        }
    found = answers["simulation"].found
    figures = SimulationFigures(
        command=[], machine={}, catalog="sqlite", recordings=EVERY_KIND, answers=answers
    )

    assert sum(found.values()) == 2 * answers["by_class"].found["recordings"]
    assert {"due", "dated", "unknown", "newly_due", "earlier", "same"} <= set(found)
    assert "protected" in answers["with_numbers"].found
    assert answers["due_list"].found["planned"] == found["due"]
    assert all(head in figures.told() for head in HEADS)
    assert figures.missed == []


@pytest.mark.parametrize(("recordings", "missed"), [(9_999_999, 0), (10_000_000, 2)])
def test_a_promise_is_missed_where_the_archive_is_as_large_as_it_says(
    recordings: int, missed: int
) -> None:
    """Too slow, and too much memory."""
    slow = Answer(10.1, 1.0, 1_025.0, {})
    figures = SimulationFigures(
        command=[], machine={}, catalog="sqlite", recordings=recordings,
        answers={"simulation": slow, "by_class": Answer(1.0, 1.0, 1.0, {})},
    )  # fmt: skip

    assert len(figures.missed) == missed
