"""Pages for who reaches a part of the calls."""

from pathlib import Path

from bench.archived_calls import EVERY_KIND
from bench.filled_catalog import fill
from bench.questions import sample_of
from bench.reach_pages import reach_pages


def test_each_reach_is_asked_as_often_as_it_is_told(tmp_path: Path) -> None:
    """Of a catalog that has every kind of call."""
    file = tmp_path / "catalog.db"
    fill(file, EVERY_KIND, seed=1, step=lambda *_: None)

    asked = list(reach_pages(file, sample_of(file, 2, seed=1), 2))

    assert [len(each.times_ms) for each in asked] == [2, 2, 2, 2]
    assert asked[0].name == "a year, within everything"
