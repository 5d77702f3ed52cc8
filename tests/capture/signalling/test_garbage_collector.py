"""Python's cycle collector, kept from stopping the loop."""

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from capture.signalling.garbage_collector import undisturbed
from tests import ROOT


@pytest.fixture(scope="module")
def told() -> Any:
    """What was seen in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.capture.collected"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def _enabled_again() -> Iterator[None]:
    """Whatever a test leaves."""
    yield
    gc.enable()


def test_what_has_lived_for_a_turn_is_visited_no_more(told: Any) -> None:
    """Thousands of calls are; each visit to all of them keeps everybody waiting."""
    assert told["visited_after_a_turn"] is False


def test_garbage_of_a_tick_is_freed_at_its_end(told: Any) -> None:
    """Set aside with the rest, it would stay for ever."""
    assert told["alive_after_its_tick"] == [True, False]


def test_garbage_that_outlived_a_turn_waits_for_an_hour_with_few_calls(told: Any) -> None:
    """Looking for it takes long while many are up."""
    assert told["alive_after_an_hour"] == [True, False]


def test_everything_is_looked_at_once_an_hour_at_most(told: Any) -> None:
    """Few calls are no reason to do it at each tick."""
    assert told["alive_within_the_next_hour"] is True


@pytest.mark.usefixtures("_enabled_again")
def test_a_block_is_undisturbed_and_only_the_block() -> None:
    """Also where it fails; and who has switched the collector off finds it off."""
    gc.enable()
    with suppress(ZeroDivisionError), undisturbed():
        assert not gc.isenabled()
        assert 1 // 0
    assert gc.isenabled()
    gc.disable()
    with undisturbed():
        pass

    assert not gc.isenabled()
