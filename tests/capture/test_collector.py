"""Python's cycle collector, kept from stopping the loop."""

import gc
import weakref
from collections.abc import Iterator
from contextlib import suppress

import pytest

from capture.collector import FEW_CALLS, WHOLE_EVERY_S, Collector, undisturbed


class Ring:
    """An object that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Nothing of a test stays set aside, and no automatic collection gets in its way."""
    with undisturbed():
        yield
    gc.unfreeze()


def dropped_after_a_turn(collector: Collector) -> "weakref.ref[Ring]":
    """A cycle that was alive at a turn and is garbage now."""
    ring = Ring()
    collector.turn(FEW_CALLS + 1, 0.0)
    return weakref.ref(ring)


def test_what_has_lived_for_a_turn_is_visited_no_more() -> None:
    """Thousands of calls are; each visit to all of them keeps everybody waiting."""
    calls = [[number] for number in range(10_000)]
    Collector(0.0).turn(len(calls), 0.0)
    visited = {id(each) for each in gc.get_objects()}

    assert not any(id(call) in visited for call in calls)


def test_garbage_of_a_tick_is_freed_at_its_end() -> None:
    """Set aside with the rest, it would stay for ever."""
    ring = weakref.ref(Ring())
    assert ring() is not None
    Collector(0.0).turn(FEW_CALLS + 1, 0.0)

    assert ring() is None


def test_garbage_that_outlived_a_turn_waits_for_an_hour_with_few_calls() -> None:
    """Looking for it takes long while many are up."""
    collector = Collector(0.0)
    ring = dropped_after_a_turn(collector)
    collector.turn(FEW_CALLS + 1, WHOLE_EVERY_S)
    collector.turn(FEW_CALLS, WHOLE_EVERY_S - 1.0)
    assert ring() is not None
    collector.turn(FEW_CALLS, WHOLE_EVERY_S)

    assert ring() is None


def test_everything_is_looked_at_once_an_hour_at_most() -> None:
    """Few calls are no reason to do it at each tick."""
    collector = Collector(0.0)
    collector.turn(0, WHOLE_EVERY_S)
    ring = dropped_after_a_turn(collector)
    collector.turn(0, 2 * WHOLE_EVERY_S - 1.0)

    assert ring() is not None


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
