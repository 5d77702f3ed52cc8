"""Packets of many frames at once as columns, series by series: no numpy call per frame.

Knows the PACKETS payload. Knows nothing of RTP, codecs or where a packet lies on the time line.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from archive.errors import FrameDamaged
from archive.format.frames import HEAD_BYTES, RTCP_FLAG
from archive.format.packets import MASKED, PACKET_DTYPE, PACKETS_HEAD, SOURCE, PacketsHeads
from archive.format.runs import FrameRun
from archive.reading.packets.blocks import KEY_SHIFT, Block, LineClock, SerialSet
from archive.reading.packets.origins import Origins, SourceEntries
from archive.reading.packets.rtp import Bytes, Column, Mask


@dataclass(frozen=True, slots=True)
class Sweeps:
    """PACKETS frames, their heads, and what the frames before say about them; see `Taken`.

    `series`: 2 × stream, + 1 for RTCP; `fresh` has an entry per packet, the others one per frame.
    """

    run: FrameRun
    heads: PacketsHeads
    series: Column
    fresh: Mask
    shifts_us: Column
    trusted: Mask


class SweepIntake:
    """Takes the PACKETS frames of a part in file order."""

    def __init__(self) -> None:
        self.clock = LineClock()
        self._serials: dict[int, SerialSet] = {}

    def take(self, run: FrameRun) -> Sweeps:
        """Judge frames by those before them; `FrameDamaged` where the head of one is none."""
        assert len(run)
        heads = PacketsHeads.read(run)
        shifts_us, stepped = self.clock.read_many(
            run.positions, run.at_us.astype(np.int64), heads.clock_offsets_us
        )
        series = 2 * run.streams + (run.flags & RTCP_FLAG)
        fresh = self._fresh(run, heads, series)
        return Sweeps(run, heads, series, fresh, shifts_us, ~stepped)

    def _fresh(self, run: FrameRun, heads: PacketsHeads, series: Column) -> Mask:
        fresh = np.ones(int(heads.packets.sum()), np.bool_)
        for one in np.unique(series).tolist():
            own = series == one
            seen = self._serials.setdefault(one, SerialSet())
            found = seen.take_many(run.serials[own], heads.packets[own])
            if not found.all():
                fresh[np.repeat(own, heads.packets)] = found
        return fresh


@dataclass(frozen=True, slots=True)
class Gathered:
    """Packets of frames in file order; `line_us` are arrivals on the part's own line.

    `sweep` numbers the frame of each packet, `firsts` the first packet of each frame.
    """

    sweeps: Sweeps
    sweep: Column
    firsts: Column
    along: Column
    arrivals_us: Column
    line_us: Column
    starts: Column
    lengths: Column
    masked: Mask

    def bounds_us(self) -> tuple[Column, Column]:
        """First and last arrival of each frame, on the line."""
        lows = np.minimum.reduceat(self.line_us, self.firsts)
        return lows, np.maximum.reduceat(self.line_us, self.firsts)

    def ends(self) -> Column:
        """Plaintext offset behind each frame."""
        run = self.sweeps.run
        return run.positions + HEAD_BYTES + run.sizes

    def origins(self, block: Block) -> Origins:
        """Where the packets of a block of these frames came from."""
        run, heads = self.sweeps.run, self.sweeps.heads
        frame = np.searchsorted(run.positions, block.keys >> KEY_SHIFT)
        along = block.keys & ((1 << KEY_SHIFT) - 1)
        data = np.frombuffer(run.data, np.uint8)
        columns_at = (run.begins + heads.columns_at)[frame]
        numbers = _records(data, columns_at + PACKET_DTYPE.itemsize * along)["source"]
        places = (run.begins[frame] + PACKETS_HEAD.size) + SOURCE.size * numbers.astype(np.int64)
        arrived_us = block.arrivals_us - heads.clock_offsets_us[frame]
        return SourceEntries(data, places).origins(block.starts, block.lengths, arrived_us)

    def blocks(self) -> Iterator[tuple[int, Block]]:
        """The packets of each series, in the order received; repetitions go."""
        series = self.sweeps.series
        of_packet = series[self.sweep]
        run = self.sweeps.run
        keys = (run.positions[self.sweep] << KEY_SHIFT) + self.along
        # Ring sequences are unsigned; those beyond what an int64 holds wrap, all alike.
        serials = run.serials.astype(np.int64)[self.sweep] + self.along
        trusted = self.sweeps.trusted[self.sweep]
        data = np.frombuffer(run.data, np.uint8)
        for one in np.unique(series).tolist():
            which = np.flatnonzero((of_packet == one) & self.sweeps.fresh)
            yield (
                one,
                Block(
                    keys=keys[which],
                    serials=serials[which],
                    arrivals_us=self.arrivals_us[which],
                    line_us=self.line_us[which],
                    trusted=trusted[which],
                    starts=self.starts[which],
                    lengths=self.lengths[which],
                    masked=self.masked[which],
                    data=data,
                ),
            )


def gather(sweeps: Sweeps) -> Gathered:
    """Lay out the packets of frames in columns.

    Raises `FrameDamaged` where a frame's sources or lengths do not agree with its datagrams.
    """
    run, counts = sweeps.run, sweeps.heads.packets
    firsts = np.cumsum(counts) - counts
    owners = np.repeat(np.arange(len(run)), counts)
    along = np.arange(len(owners)) - firsts[owners]
    columns_at = run.begins + sweeps.heads.columns_at
    data = np.frombuffer(run.data, np.uint8)
    records = _records(data, columns_at[owners] + PACKET_DTYPE.itemsize * along)
    lengths = records["length"].astype(np.int64)
    ends = np.cumsum(lengths)
    before = (ends - lengths)[firsts]
    _check(sweeps, records, ends[firsts + counts - 1] - before)
    arrivals_us = run.at_us.astype(np.int64)[owners] + records["offset_us"]
    return Gathered(
        sweeps=sweeps,
        sweep=owners,
        firsts=firsts,
        along=along,
        arrivals_us=arrivals_us,
        line_us=arrivals_us + sweeps.shifts_us[owners],
        starts=ends - lengths + (run.begins + sweeps.heads.datagrams_at - before)[owners],
        lengths=lengths,
        masked=(records["flags"] & MASKED).astype(np.bool_),
    )


def _records(data: Bytes, places: Column) -> np.ndarray:
    """The packet records at these places of the data, wherever they begin."""
    size = len(data) - PACKET_DTYPE.itemsize + 1
    return np.ndarray((size,), PACKET_DTYPE, data, strides=(1,))[places]


def _check(sweeps: Sweeps, records: np.ndarray, datagram_bytes: Column) -> None:
    told = sweeps.run.sizes - sweeps.heads.datagrams_at
    if (wrong := np.flatnonzero(told != datagram_bytes)).size:
        position = int(sweeps.run.positions[wrong[0]])
        raise FrameDamaged(position, "its lengths do not add up to its datagrams")
    counts = sweeps.heads.packets
    if (wrong := np.flatnonzero(records["source"] >= np.repeat(sweeps.heads.sources, counts))).size:
        frame = np.searchsorted(np.cumsum(counts), wrong[0], side="right")
        position = int(sweeps.run.positions[frame])
        raise FrameDamaged(position, "a packet is of a source that is not listed")
