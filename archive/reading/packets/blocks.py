"""Packets of many frames as one block of columns; repetitions dropped, clock steps undone.

Knows the PACKETS payload. Knows nothing of RTP, codecs or where a packet lies on the time line.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from archive.errors import FrameDamaged
from archive.format.packets import MASKED, Packets
from archive.reading.packets.rtp import Bytes, Column, Mask

# A frame has at most 65,535 packets, so position and index share one number.
KEY_SHIFT: Final = 16
# An NTP daemon steps a clock that is more than 128 ms off, and slews it by 500 ppm below that.
STEP_US: Final = 100_000
SLEW_PPM: Final = 500
MICRO: Final = 1_000_000
# Times beyond (the year 2112) are no clock's; differences of those before fit 64 bits.
FAR_US: Final = 1 << 52
# Times are int64 µs; clocks whose steps add up to more were never read.
MAX_STEPPED_US: Final = (1 << 63) - 1


def packet_keys(position: int, count: int) -> Column:
    """Numbers that grow with the place in the part: frame position and index, shape (count,)."""
    return (position << KEY_SHIFT) + np.arange(count, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Taken:
    """One frame's packets with what the frames before it say about them.

    `shift_us` is added to an arrival to lie on the line of the part's first clock reading;
    `trusted` is false in a frame during which the clock stepped.
    """

    position: int
    packets: Packets
    fresh: Mask
    shift_us: int = 0
    trusted: bool = True

    def line_us(self) -> Column:
        """Arrivals on the part's own line, shape (n,)."""
        return self.packets.arrivals_us + self.shift_us


@dataclass(frozen=True, slots=True)
class Block:
    """Packets of one socket in the order received; columns of shape (n,), places in `data`.

    `arrivals_us` as stamped by the kernel, `line_us` with clock steps undone; `masked` ones were
    overwritten before they were written.
    """

    keys: Column
    serials: Column
    arrivals_us: Column
    line_us: Column
    trusted: Mask
    starts: Column
    lengths: Column
    masked: Mask
    data: Bytes

    def pick(self, which: Mask) -> "Block":
        """The packets that a mask names."""
        return Block(
            self.keys[which],
            self.serials[which],
            self.arrivals_us[which],
            self.line_us[which],
            self.trusted[which],
            self.starts[which],
            self.lengths[which],
            self.masked[which],
            self.data,
        )


def join(frames: Sequence[Taken]) -> Block:
    """Lay frames of one stream end to end; repetitions go."""
    assert frames
    sizes = [len(f.packets.data) for f in frames]
    bases = np.cumsum([0, *sizes[:-1]]).tolist()
    keep = np.concatenate([f.fresh for f in frames])
    counts = [len(f.packets.lengths) for f in frames]
    starts = [f.packets.starts + base for f, base in zip(frames, bases, strict=True)]
    trusted = np.repeat(np.array([f.trusted for f in frames]), counts)
    keys = [packet_keys(f.position, n) for f, n in zip(frames, counts, strict=True)]
    return Block(
        keys=np.concatenate(keys)[keep],
        serials=np.concatenate([f.packets.serials for f in frames])[keep].astype(np.int64),
        arrivals_us=np.concatenate([f.packets.arrivals_us for f in frames])[keep],
        line_us=np.concatenate([f.line_us() for f in frames])[keep],
        trusted=trusted[keep],
        starts=np.concatenate(starts)[keep].astype(np.int64),
        lengths=np.concatenate([f.packets.lengths for f in frames])[keep].astype(np.int64),
        masked=(np.concatenate([f.packets.flags for f in frames])[keep] & MASKED).astype(np.bool_),
        data=np.concatenate([np.frombuffer(f.packets.data, np.uint8) for f in frames]),
    )


class SerialSet:
    """Ring sequences that were read: which of a frame's packets are new."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []

    def take(self, first: int, count: int) -> Mask:
        """Remember `count` sequences from `first` on; true where new, shape (count,)."""
        if not self._stops or first > self._stops[-1]:
            self._starts.append(first)
            self._stops.append(first + count)
            return np.ones(count, np.bool_)
        fresh = np.ones(count, np.bool_)
        low = max(bisect_right(self._starts, first) - 1, 0)
        high = bisect_right(self._starts, first + count)
        for start, stop in zip(self._starts[low:high], self._stops[low:high], strict=True):
            fresh[max(start - first, 0) : max(stop - first, 0)] = False
        self._insert(first, first + count, low, high)
        return fresh

    def take_many(self, firsts: NDArray[np.uint64], counts: Column) -> Mask:
        """`take` of many frames, in their order; shape (Σ counts,)."""
        stops = firsts + counts.astype(np.uint64)
        # Those that go on where the one before ends are one, nearly always all; 2^64 ends as 0.
        apart = (firsts[1:] != stops[:-1]) | (stops[:-1] == 0)
        begins = np.flatnonzero(np.append(True, apart))
        pairs = zip(firsts[begins].tolist(), np.add.reduceat(counts, begins).tolist(), strict=True)
        return np.concatenate([self.take(first, count) for first, count in pairs])

    def _insert(self, start: int, stop: int, low: int, high: int) -> None:
        if low < high and self._stops[low] < start:
            low += 1
        if low < high:
            start = min(start, self._starts[low])
            stop = max(stop, *self._stops[low:high])
        self._starts[low:high] = [start]
        self._stops[low:high] = [stop]


class ClockStep(msgspec.Struct, frozen=True):
    """In the frame at `position` the clock stepped: `stepped_us` is the sum of all steps so far."""

    position: int
    stepped_us: int


@dataclass(slots=True)
class LineClock:
    """Tells a step of the node's clock from its slewing, by the offset that each frame carries."""

    first_offset_us: int = 0
    last_offset_us: int = 0
    steps: list[ClockStep] = field(default_factory=list)
    _last_monotonic_us: int = 0
    _begun: bool = False

    @property
    def stepped_us(self) -> int:
        """Sum of all steps so far."""
        return self.steps[-1].stepped_us if self.steps else 0

    def read(self, position: int, at_us: int, offset: int) -> bool:
        """Take a frame's offset in file order; true where the clock stepped since the last.

        `FrameDamaged` where its steps add up to what is no time.
        """
        monotonic_us = at_us - offset
        if not self._begun:
            self.first_offset_us = self.last_offset_us = offset
            self._last_monotonic_us, self._begun = monotonic_us, True
        moved = offset - self.last_offset_us
        elapsed_us = max(monotonic_us - self._last_monotonic_us, 0)
        stepped = abs(moved) > STEP_US + elapsed_us * SLEW_PPM // MICRO
        if stepped:
            stepped_us = self.stepped_us + moved
            if abs(stepped_us) > MAX_STEPPED_US:
                raise FrameDamaged(position, "the steps of its clock run over")
            self.steps.append(ClockStep(position, stepped_us))
        self.last_offset_us, self._last_monotonic_us = offset, monotonic_us
        return stepped

    def read_many(self, positions: Column, at_us: Column, offsets: Column) -> tuple[Column, Mask]:
        """`read` of many frames: what is to be added to the arrivals of each, and which stepped."""
        shifts, stepped = np.zeros(len(positions), np.int64), np.zeros(len(positions), np.bool_)
        if not self._begun:
            self.read(int(positions[0]), int(at_us[0]), int(offsets[0]))
        if self._runs_on(at_us, offsets):
            shifts[:] = -self.stepped_us
            self.last_offset_us = int(offsets[-1])
            self._last_monotonic_us = int(at_us[-1]) - self.last_offset_us
            return shifts, stepped
        rows = zip(positions.tolist(), at_us.tolist(), offsets.tolist(), strict=True)
        for number, row in enumerate(rows):
            stepped[number] = self.read(*row)
            shifts[number] = -self.stepped_us
        return shifts, stepped

    def _runs_on(self, at_us: Column, offsets: Column) -> bool:
        """Whether the clock steps in none of these frames; false also where nobody can say."""
        far = max(self._last_monotonic_us, -self._last_monotonic_us, abs(self.last_offset_us))
        if far > FAR_US or np.any((at_us > FAR_US) | (offsets > FAR_US) | (offsets < -FAR_US)):
            return False
        moved = np.diff(offsets, prepend=self.last_offset_us)
        elapsed_us = np.diff(at_us - offsets, prepend=self._last_monotonic_us)
        allowed = STEP_US + elapsed_us // (MICRO // SLEW_PPM)
        return not np.any(abs(moved) > allowed)
