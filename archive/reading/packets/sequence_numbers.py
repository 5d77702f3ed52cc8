"""Which sequence numbers of a source are missing, and where it sent no sound, while packets pass.

Pure numpy. Knows nothing of streams, of frames or of why.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

import numpy as np

from archive.call.adoption import LEAST_GAP_S
from archive.reading.packets.rtp import Column, Mask

# Of a flood of holes neighbours become one; a lossy hour has some thousands.
MAX_HOLES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Numbered:
    """Packets in the order received, extended numbers and ticks; arrays of shape (n,).

    `ends` are the ticks where their payloads end, `keys` their places in the part, `sounding` those
    that hold neither digits nor the noise of a pause.
    """

    sequence: Column
    ticks: Column
    ends: Column
    arrivals_us: Column
    keys: Column
    sounding: Mask


@dataclass(frozen=True, slots=True)
class Hole:
    """`packets` are missing between two that came: their ticks, arrivals and keys.

    Of one number they are `first` until before `stop`.
    """

    first: int
    stop: int
    packets: int
    ticks: tuple[int, int]
    arrivals_us: tuple[int, int]
    keys: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Edge:
    """The packet with the highest number so far."""

    sequence: int
    end: int
    arrival_us: int
    key: int


class NumberGaps:
    """The holes in one span of a source; a packet that comes late fills its own."""

    def __init__(self, clock_rate_hz: int) -> None:
        self._least_quiet = LEAST_GAP_S * clock_rate_hz
        self._edge: _Edge | None = None
        self._sounded: int | None = None
        self.holes: list[Hole] = []
        self.quiet: list[tuple[int, int]] = []

    def feed(self, packets: Numbered) -> None:
        """Take the packets that follow the last."""
        edge = self._edge or _edge_before(packets)
        before = np.maximum.accumulate(np.concatenate(([edge.sequence], packets.sequence)))
        further = packets.sequence > before[:-1]
        leaders = np.maximum.accumulate(np.where(further, np.arange(len(further)), -1))
        for at in np.flatnonzero(packets.sequence != before[:-1] + 1).tolist():
            if further[at]:
                leader = int(leaders[at - 1]) if at else -1
                self._open(edge if leader < 0 else _edge(packets, leader), packets, at)
            else:
                self._fill(packets, at)
        self._edge = edge if leaders[-1] < 0 else _edge(packets, int(leaders[-1]))
        self._listen(packets, packets.sounding & further)

    def _open(self, edge: _Edge, packets: Numbered, at: int) -> None:
        until = _edge(packets, at)
        self.holes.append(
            Hole(
                first=edge.sequence + 1,
                stop=until.sequence,
                packets=until.sequence - edge.sequence - 1,
                ticks=(edge.end, int(packets.ticks[at])),
                arrivals_us=(edge.arrival_us, until.arrival_us),
                keys=(edge.key, until.key),
            )
        )
        if len(self.holes) > MAX_HOLES:
            self.holes = _paired(self.holes)

    def _fill(self, packets: Numbered, at: int) -> None:
        """One that was missing came after all: its hole is two, one or none."""
        number = int(packets.sequence[at])
        place = bisect_right(self.holes, number, key=lambda hole: hole.first) - 1
        if place < 0 or number >= self.holes[place].stop:
            return
        hole = self.holes[place]
        if hole.packets != hole.stop - hole.first:  # several became one: only their sum is known
            return
        begin, end = int(packets.ticks[at]), int(packets.ends[at])
        around = (hole.arrivals_us, hole.keys)
        left = Hole(hole.first, number, number - hole.first, (hole.ticks[0], begin), *around)
        right = Hole(number + 1, hole.stop, hole.stop - number - 1, (end, hole.ticks[1]), *around)
        self.holes[place : place + 1] = [each for each in (left, right) if each.packets]

    def _listen(self, packets: Numbered, which: Mask) -> None:
        """Where timestamps run on and no sound came with them."""
        at = np.flatnonzero(which)
        if not len(at):
            return
        first = int(packets.ticks[at[0]]) if self._sounded is None else self._sounded
        ends = np.concatenate(([first], packets.ends[at]))
        begins = packets.ticks[at]
        for place in np.flatnonzero(begins - ends[:-1] >= self._least_quiet).tolist():
            self.quiet.append((int(ends[place]), int(begins[place])))
        self._sounded = int(ends[-1])


def _edge_before(packets: Numbered) -> _Edge:
    """Nothing is missing before the first one, as far as anybody knows."""
    return _Edge(
        int(packets.sequence[0]) - 1,
        int(packets.ticks[0]),
        int(packets.arrivals_us[0]),
        int(packets.keys[0]),
    )


def _edge(packets: Numbered, at: int) -> _Edge:
    return _Edge(
        int(packets.sequence[at]),
        int(packets.ends[at]),
        int(packets.arrivals_us[at]),
        int(packets.keys[at]),
    )


def _paired(holes: list[Hole]) -> list[Hole]:
    pairs = zip(holes[::2], holes[1::2], strict=False)
    odd = holes[-1:] if len(holes) % 2 else []
    return [
        Hole(
            first=one.first,
            stop=other.stop,
            packets=one.packets + other.packets,
            ticks=(one.ticks[0], other.ticks[1]),
            arrivals_us=(one.arrivals_us[0], other.arrivals_us[1]),
            keys=(one.keys[0], other.keys[1]),
        )
        for one, other in pairs
    ] + odd
