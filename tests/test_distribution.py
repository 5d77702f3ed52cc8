"""What takes longest is handed out first, and not to one worker alone."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.distribution import APART, LongestFirst

ROOT = Path(__file__).parents[1]
SMALL = [f"tests/test_small.py::test_{number}" for number in range(20)]
LONG = [f"{file}::test_{name}" for file in APART for name in ("a", "b")]


class Worker:
    """Takes what it is given."""

    shutting_down = False

    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.given: list[int] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.given += indices

    def shutdown(self) -> None:
        self.shutting_down = True


class Settings:
    """Two workers, and nothing else that is asked for."""

    option = SimpleNamespace(loadscopereorder=True)

    def getvalue(self, name: str) -> Any:
        return {"tx": ["2*popen"]}[name]


def test_tests_that_take_long_come_first_and_go_to_all_workers() -> None:
    """As one file of few tests they would come last, and all but one worker would wait."""
    workers = [Worker("one"), Worker("two")]
    scheduler = LongestFirst(Settings())
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, SMALL + LONG)
    scheduler.schedule()

    given = [[(SMALL + LONG)[index] for index in worker.given] for worker in workers]
    assert given == [LONG[0::2], LONG[1::2]]


@pytest.mark.parametrize("file", APART)
def test_what_is_handed_out_test_by_test_shares_nothing_in_its_file(file: str) -> None:
    """Each worker would make it anew."""
    assert "pytest.fixture" not in (ROOT / file).read_text()
