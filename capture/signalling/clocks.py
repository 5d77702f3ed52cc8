"""Both clocks, and whether the one on the wall was set.

Knows nothing of what depends on them.
"""

import time
from collections.abc import Callable
from typing import Final

from capture.recording.outputs import Now

# A clock that is disciplined gains microseconds in a tick; this one was set, or the host slept.
STEP_US: Final = 5_000_000


class Clocks:
    """The monotonic clock, and the wall clock that `wall_us` reads (µs since 1970 UTC)."""

    def __init__(self, wall_us: Callable[[], int]) -> None:
        self._wall_us = wall_us
        self._offset_us = _offset_us(self.now())

    def now(self) -> Now:
        """This moment."""
        return Now(time.monotonic(), self._wall_us())

    def step_us(self, now: Now) -> int:
        """By how much the wall clock was set since the last call; 0 where it only ran."""
        before, self._offset_us = self._offset_us, _offset_us(now)
        step_us = self._offset_us - before
        return step_us if abs(step_us) >= STEP_US else 0


def _offset_us(now: Now) -> int:
    """The wall clock less the monotonic one."""
    return now.us - int(now.s * 1_000_000)
