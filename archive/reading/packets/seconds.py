"""From a second to the frames that matter for it: plaintext offsets, both ways safe.

Pure. Knows nothing of what the frames hold.
"""

from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from archive.reading.packets.rtp import Column

SECOND_US: Final = 1_000_000
# A part is cut after an hour; a day of seconds is a clock that lies, and what lies beyond it is
# read with the last second.
MAX_SECONDS: Final = 86_400
# The first frame in the file need not hold the first packet: another stream's sweep follows.
LEAD_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class PlainRange:
    """Plaintext offsets: frames from `start` up to `stop`."""

    start: int
    stop: int


class SecondMap(msgspec.Struct, frozen=True, kw_only=True):
    """For each second from `start_us` on: where its first frame begins and its last one ends.

    No frame before `first[s]` has packets of second s or later, none from `until[s]` on has
    packets of second s or earlier.
    """

    start_us: int = 0
    first: tuple[int, ...] = ()
    until: tuple[int, ...] = ()

    def find(self, from_us: int, until_us: int) -> PlainRange:
        """Where all frames with packets of this time lie; both ends included, µs on the line."""
        if not self.first:
            return PlainRange(0, 0)
        first = self._second(from_us)
        last = self._second(until_us)
        if first >= len(self.first) or last < 0:
            return PlainRange(0, 0)
        start = self.first[max(first, 0)]
        return PlainRange(start, max(start, self.until[min(last, len(self.until) - 1)]))

    def _second(self, at_us: int) -> int:
        return min((at_us - self.start_us) // SECOND_US, MAX_SECONDS - 1)


class SecondIndex:
    """Builds a `SecondMap` while frames pass in file order."""

    def __init__(self) -> None:
        self._start: int = 0
        self._first: list[int] = []
        self._until: dict[int, int] = {}
        self._damage: list[PlainRange] = []
        self._begun = False

    def add(self, where: PlainRange, earliest_us: int, latest_us: int) -> None:
        """Take a frame and the times of its packets."""
        if not self._begun:
            self._start, self._begun = earliest_us // SECOND_US - LEAD_SECONDS, True
        low, high = self._clamp(earliest_us), self._clamp(latest_us)
        for damage in self._damage:
            # Whatever was there lay between its neighbours: both must run into it.
            self._note(damage, min(low, max(len(self._first) - 1, 0)), high)
        self._damage.clear()
        self._note(where, low, high)

    def add_many(self, starts: Column, stops: Column, earliest: Column, latest: Column) -> None:
        """`add` of many frames, in their order; arrays of shape (n,), times in µs."""
        head = PlainRange(int(starts[0]), int(stops[0]))
        self.add(head, int(earliest[0]), int(latest[0]))
        lows = np.clip(earliest // SECOND_US - self._start, 0, MAX_SECONDS - 1)
        highs = np.clip(latest // SECOND_US - self._start, 0, MAX_SECONDS - 1)
        # Only who reaches a second before all others is its first; the last who is in it ends it.
        reached = np.maximum.accumulate(highs)
        for frame in (np.flatnonzero(reached[1:] > reached[:-1]) + 1).tolist():
            missing = int(highs[frame]) + 1 - len(self._first)
            self._first.extend([int(starts[frame])] * missing)
        for low, stop in dict(zip(lows.tolist(), stops.tolist(), strict=True)).items():
            self._until[low] = max(self._until.get(low, 0), stop)

    def add_damage(self, where: PlainRange) -> None:
        """Take a place where no frame can be read."""
        self._damage.append(where)

    def _clamp(self, at_us: int) -> int:
        return min(max(at_us // SECOND_US - self._start, 0), MAX_SECONDS - 1)

    def _note(self, where: PlainRange, low: int, high: int) -> None:
        missing = high + 1 - len(self._first)
        self._first.extend([where.start] * missing)
        self._until[low] = max(self._until.get(low, 0), where.stop)

    def finish(self) -> SecondMap:
        """The map of all seconds seen."""
        for damage in self._damage:
            self._note(damage, max(len(self._first) - 1, 0), len(self._first))
        until, running = [], 0
        for second in range(len(self._first)):
            running = max(running, self._until.get(second, 0))
            until.append(running)
        return SecondMap(
            start_us=self._start * SECOND_US, first=tuple(self._first), until=tuple(until)
        )
