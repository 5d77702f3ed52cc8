"""What Python's collector does under ours, by name: python -m tests.capture.collected

In a process of its own: a look at everything takes a minute in one that has run tests for a while.
"""

import gc
import json
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from capture.signalling.garbage_collector import FEW_CALLS, WHOLE_EVERY_S, Collector


class Ring:
    """An object that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@contextmanager
def thawed() -> Iterator[None]:
    """Nothing is set aside afterwards, and no automatic collection gets in the way."""
    gc.disable()
    yield
    gc.unfreeze()


def dropped_after_a_turn(collector: Collector) -> "weakref.ref[Ring]":
    """A cycle that was alive at a turn and is garbage now."""
    ring = Ring()
    collector.turn(FEW_CALLS + 1, 0.0)
    return weakref.ref(ring)


def visited_after_a_turn() -> bool:
    """Whether calls that are up are visited after a turn."""
    calls = [[number] for number in range(10_000)]
    Collector(0.0).turn(len(calls), 0.0)
    visited = {id(each) for each in gc.get_objects()}
    return any(id(call) in visited for call in calls)


def alive_after_its_tick() -> list[bool]:
    """Whether garbage is alive before the end of its tick, and behind it."""
    ring = weakref.ref(Ring())
    alive = [ring() is not None]
    Collector(0.0).turn(FEW_CALLS + 1, 0.0)
    return [*alive, ring() is not None]


def alive_after_an_hour() -> list[bool]:
    """Of what outlived a turn: an hour later with many calls, with few before it, and then."""
    collector = Collector(0.0)
    ring = dropped_after_a_turn(collector)
    collector.turn(FEW_CALLS + 1, WHOLE_EVERY_S)
    collector.turn(FEW_CALLS, WHOLE_EVERY_S - 1.0)
    alive = [ring() is not None]
    collector.turn(FEW_CALLS, WHOLE_EVERY_S)
    return [*alive, ring() is not None]


def alive_within_the_next_hour() -> bool:
    """Of what outlived a turn, when everything was looked at less than an hour ago."""
    collector = Collector(0.0)
    collector.turn(0, WHOLE_EVERY_S)
    ring = dropped_after_a_turn(collector)
    collector.turn(0, 2 * WHOLE_EVERY_S - 1.0)
    return ring() is not None


SCENES = (
    visited_after_a_turn,
    alive_after_its_tick,
    alive_after_an_hour,
    alive_within_the_next_hour,
)


def main() -> None:
    """One after another."""
    told = {}
    for scene in SCENES:
        with thawed():
            told[scene.__name__] = scene()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
