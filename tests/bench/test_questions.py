"""Tests of how questions are asked and timed."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.filled_catalog import fill
from bench.processes import family_of
from bench.questions import (
    COMMAND_HEADS,
    HEADS,
    PAGE_HEADS,
    Pages,
    QuestionFailed,
    Waited,
    busy_cores,
    by_id,
    pages,
    ran,
    sample_of,
    synced_line,
)
from tests.support.bench.questions import api

SINCE = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of a few calls."""
    file = tmp_path_factory.mktemp("catalog") / "catalog.db"
    fill(file, 20, seed=1, step=lambda _done, _total: None)
    return file


def test_ids_are_drawn_from_all_calls_and_the_same_each_time(catalog: Path) -> None:
    """Two measurements ask the same; the number is that of a customer who called last."""
    sample = sample_of(catalog, 10, seed=1)

    assert sample == sample_of(catalog, 10, seed=1)
    assert len(set(sample.recordings)) == 10
    assert {len(each) for each in (*sample.calls, *sample.recordings)} == {32}
    assert sample.number.startswith("+81")
    assert sample.agent


def test_everything_is_asked_over_one_connection(catalog: Path) -> None:
    """That is where answers used to wait for themselves."""
    asked: list[str] = []
    sample = sample_of(catalog, 3, seed=1)
    with api(200, asked) as client:
        waited = list(by_id(client, sample))
        found = list(pages(client, sample, 2))

    assert len({each.split()[0] for each in asked}) == 1
    assert [len(each.times_ms) for each in waited] == [3] * len(waited)
    assert {(each.found, each.found_scarce) for each in found} == {(2, 2)}
    assert {len(each.row()) for each in found} == {len(PAGE_HEADS)}
    assert {len(each.row()) for each in waited} == {len(HEADS)}


def test_an_answer_that_is_none_stops_the_bench() -> None:
    """A refusal is quick, and no figure."""
    with api(404, []) as client, pytest.raises(QuestionFailed, match="404"):
        client.search(SINCE, SINCE + timedelta(days=1), [])


def test_half_took_no_longer_than_the_median_and_one_was_the_worst() -> None:
    """The row says both."""
    waited = Waited(name="x", times_ms=[float(each) for each in range(1, 101)])

    assert waited.row() == ["x", 100, 50.5, 96.0, 100.0]


def test_a_page_that_is_not_full_is_told_as_a_multiple_of_the_full_one() -> None:
    """Of the same search."""
    full, scarce = (Waited(name="x", times_ms=[each]) for each in (4.0, 6.0))
    both = Pages(name="time", full=full, found=50, scarce=scarce, found_scarce=3)

    assert both.ratio == 1.5


def test_what_a_command_computes_is_told_beside_what_it_took() -> None:
    """On a busy machine only one of them says something of the command."""
    spin = [sys.executable, "-c", "for _ in range(200_000): pass"]
    told = ran("spin", lambda: subprocess.run(spin, check=True), 2)

    assert len(told.row()) == len(COMMAND_HEADS)
    assert min(told.cpu_ms) > 0
    assert len(told.waited.times_ms) == 2


def test_cores_are_busy_for_the_block_and_no_longer() -> None:
    """Nothing is left running."""
    before = set(family_of(os.getpid()))
    with busy_cores():
        during = set(family_of(os.getpid())) - before

    assert during
    assert not during & set(family_of(os.getpid()))


def test_a_synced_line_is_timed_on_the_same_disk(tmp_path: Path) -> None:
    """What the journal costs at least."""
    assert len(synced_line(tmp_path, 3).times_ms) == 3
