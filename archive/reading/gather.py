"""Packets of many frames at once as columns, series by series: no numpy call per frame.

Knows the PACKETS payload. Knows nothing of RTP, codecs or where a packet lies on the time line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from archive.errors import FrameDamaged
from archive.frames import RTCP_FLAG, Frame
from archive.packets import PACKET_DTYPE, PacketsHead
from archive.reading.blocks import KEY_SHIFT, Block, LineClock, SerialSet
from archive.reading.rtp import Bytes, Column, Mask


class Sweep(NamedTuple):
    """A PACKETS frame, its head, and what the frames before it say about it; see `Taken`.

    `series`: 2 × stream, + 1 for RTCP.
    """

    frame: Frame
    head: PacketsHead
    series: int
    fresh: Mask
    shift_us: int
    trusted: bool


class SweepIntake:
    """Takes the PACKETS frames of a part in file order."""

    def __init__(self) -> None:
        self.clock = LineClock()
        self._serials: dict[int, SerialSet] = {}

    def take(self, frame: Frame) -> Sweep:
        """Judge a frame by those before it; `FrameDamaged` where its head is none."""
        head = PacketsHead.read(frame)
        stepped = self.clock.read(frame.position, frame.at_us, head.clock_offset_us)
        series = 2 * frame.stream + (frame.flags & RTCP_FLAG)
        seen = self._serials.setdefault(series, SerialSet())
        fresh = seen.take(frame.serial, head.packets)
        return Sweep(frame, head, series, fresh, -self.clock.stepped_us, not stepped)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Packets of frames in file order; `line_us` are arrivals on the part's own line.

    `sweep` numbers the frame of each packet, `firsts` the first packet of each frame.
    """

    sweeps: Sequence[Sweep]
    sweep: Column
    firsts: Column
    along: Column
    arrivals_us: Column
    line_us: Column
    starts: Column
    lengths: Column
    data: Bytes

    def bounds_us(self) -> list[tuple[int, int]]:
        """First and last arrival of each frame, on the line."""
        lows = np.minimum.reduceat(self.line_us, self.firsts).tolist()
        highs = np.maximum.reduceat(self.line_us, self.firsts).tolist()
        return list(zip(lows, highs, strict=True))

    def blocks(self) -> dict[int, Block]:
        """The packets of each series, in the order received; repetitions go."""
        series = np.array([sweep.series for sweep in self.sweeps])
        of_packet = series[self.sweep]
        fresh = np.concatenate([sweep.fresh for sweep in self.sweeps])
        return {
            int(one): self._block(np.flatnonzero((of_packet == one) & fresh))
            for one in np.unique(series)
        }

    def _block(self, which: Column) -> Block:
        sweep, along = self.sweep[which], self.along[which]
        positions = np.array([s.frame.position for s in self.sweeps], np.int64)
        # Ring sequences are unsigned; those beyond what an int64 holds wrap, all alike.
        serials = np.array([s.frame.serial for s in self.sweeps], np.uint64).astype(np.int64)
        trusted = np.array([s.trusted for s in self.sweeps], np.bool_)
        return Block(
            keys=(positions[sweep] << KEY_SHIFT) + along,
            serials=serials[sweep] + along,
            arrivals_us=self.arrivals_us[which],
            line_us=self.line_us[which],
            trusted=trusted[sweep],
            starts=self.starts[which],
            lengths=self.lengths[which],
            data=self.data,
        )


def gather(sweeps: Sequence[Sweep]) -> Gathered:
    """Lay out the packets of frames in columns.

    Raises `FrameDamaged` where a frame's sources or lengths do not agree with its datagrams.
    """
    assert sweeps
    data = np.frombuffer(b"".join([sweep.frame.payload for sweep in sweeps]), np.uint8)
    sizes = np.array([len(sweep.frame.payload) for sweep in sweeps])
    bases = np.cumsum(sizes) - sizes
    counts = np.array([sweep.head.packets for sweep in sweeps])
    firsts = np.cumsum(counts) - counts
    owners = np.repeat(np.arange(len(sweeps)), counts)
    along = np.arange(len(owners)) - firsts[owners]
    columns_at = bases + np.array([sweep.head.columns_at for sweep in sweeps])
    records = _records(data, columns_at[owners] + PACKET_DTYPE.itemsize * along)
    lengths = records["length"].astype(np.int64)
    datagrams_at = columns_at + PACKET_DTYPE.itemsize * counts
    ends = np.cumsum(lengths)
    _check(sweeps, records, ends[firsts + counts - 1] - ends[firsts] + lengths[firsts])
    before = (ends - lengths)[firsts]
    shifts = np.array([sweep.shift_us for sweep in sweeps])
    at_us = np.array([sweep.frame.at_us for sweep in sweeps])
    arrivals_us = at_us[owners] + records["offset_us"]
    return Gathered(
        sweeps=sweeps,
        sweep=owners,
        firsts=firsts,
        along=along,
        arrivals_us=arrivals_us,
        line_us=arrivals_us + shifts[owners],
        starts=ends - lengths + (datagrams_at - before)[owners],
        lengths=lengths,
        data=data,
    )


def _records(data: Bytes, places: Column) -> np.ndarray:
    """The packet records at these places of the data, wherever they begin."""
    size = len(data) - PACKET_DTYPE.itemsize + 1
    return np.ndarray((size,), PACKET_DTYPE, data, strides=(1,))[places]


def _check(sweeps: Sequence[Sweep], records: np.ndarray, datagram_bytes: Column) -> None:
    told = np.array([len(s.frame.payload) - s.head.datagrams_at for s in sweeps])
    if (wrong := np.flatnonzero(told != datagram_bytes)).size:
        position = sweeps[wrong[0]].frame.position
        raise FrameDamaged(position, "its lengths do not add up to its datagrams")
    counts = np.array([sweep.head.packets for sweep in sweeps])
    listed = np.repeat(np.array([sweep.head.sources for sweep in sweeps]), counts)
    if (wrong := np.flatnonzero(records["source"] >= listed)).size:
        sweep = sweeps[np.searchsorted(np.cumsum(counts), wrong[0], side="right")]
        raise FrameDamaged(sweep.frame.position, "a packet is of a source that is not listed")
