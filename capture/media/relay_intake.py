"""What a relay has landed, taken to the recordings whose turn it is: plan, seal, free.

Copies slots of the relay's ring into a ring of its own, from where a `Sweeper` seals them as what
it has read itself. Knows nothing of sockets, and of relays only what is in their memory.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.format.end import GapCause
from capture.holder import landing_buffer as landing
from capture.holder.landing_buffer import SLOTS as MAX_PLANNED, LandingRing, Run
from capture.holder.relay_buffer import (
    CONTROL_WORD,
    FLAGS_WORD,
    LENGTH_WORD,
    RELAY_SLOTS,
    RelayRing,
    Slots,
)
from capture.holder.relay_table import RelayTable
from capture.media.batch_receiver import MAX_FROM_ONE
from capture.media.live import (
    LiveRecording,
    LiveStream,
    MissingPackets,
    pair_of,
    rtcp_owner,
    rtp_owner,
)
from capture.media.sweep import Sweeper
from capture.native.layout import SMALL_BYTES

# Signalling may say what is recorded a moment after the first packet; then nobody wants it.
UNKNOWN_US: Final = 5_000_000
# The tail waits for what nobody has asked for; while much else waits behind it, not for long.
UNKNOWN_HURRY_US: Final = 1_000_000
HURRY_SLOTS: Final = RELAY_SLOTS // 2
_OWNERS_A_LANE: Final = 2
_OVER: Final = landing.SMALL_BYTES
_RTCP_LAST: Final = 1 << 40


def scratch_ring() -> LandingRing:
    """A landing ring in memory that nobody else sees."""
    descriptor = os.memfd_create("rokuon-gathered", os.MFD_CLOEXEC)
    try:
        os.ftruncate(descriptor, landing.RING_BYTES)
        ring = LandingRing(descriptor)
    finally:
        os.close(descriptor)
    ring.begin(1)
    return ring


class RelayIntake:
    """Takes batches of recordings from a relay's ring to their parts; `sweeper` has another."""

    def __init__(self, ring: RelayRing, table: RelayTable, sweeper: Sweeper) -> None:
        self.ring, self.table, self.sweeper = ring, table, sweeper
        owners = _OWNERS_A_LANE * 2 * table.pairs + 1
        self._known = np.zeros(owners, bool)
        self._over = np.zeros(owners, bool)
        self._turn = np.zeros(owners, bool)
        # The gate that an owner's packets have been through, and the first of a batch that was.
        self._passed = np.zeros(owners, np.uint64)
        self._first = np.zeros(owners, np.int64)

    @property
    def waits(self) -> bool:
        """Whether a predecessor's plan has to be carried out first."""
        return self.ring.has_plan

    def watch(self, stream: LiveStream) -> None:
        """Take what lands for this stream from now on."""
        owners = _owners(stream)
        self._known[owners], self._over[owners] = True, False
        self.sweeper.watch(stream)

    def unwatch(self, stream: LiveStream) -> None:
        """The stream is over: what still lands for it is nobody's."""
        owners = _owners(stream)
        self._known[owners], self._over[owners] = False, True
        self.sweeper.unwatch(stream)

    def gather(self, batch: Sequence[LiveRecording], clock_offset_us: int) -> int:
        """Seal what has landed for these recordings; the packets taken."""
        if self.waits:
            return 0
        streams = [stream for live in batch for stream in live.streams.values() if stream.relayed]
        self._tell_missed(streams)
        taken = 0
        if streams and self.ring.head != self.ring.tail:
            waiting = self._behind_gate(self._find(streams))
            while waiting.size:
                slots, left = self._in_order(waiting[:MAX_PLANNED])
                self._take(slots, batch, clock_offset_us)
                taken += len(slots)
                waiting = np.concatenate((left, waiting[MAX_PLANNED:]))
            self.ring.move_tail()
        if any(live.gaps for live in batch):  # and nothing beside them
            self.sweeper.seal([], [], batch, clock_offset_us)
        return taken

    def _find(self, streams: Iterable[LiveStream]) -> Slots:
        """The slots of these streams, in the order of arrival; what is over goes."""
        owners, tail = self.ring.waiting()
        for stream in streams:
            self._turn[_owners(stream)] = True
        found = np.flatnonzero(self._turn[owners])
        for stream in streams:
            self._turn[_owners(stream)] = False
        over = np.flatnonzero(self._over[owners])
        if over.size:
            self.ring.drop(_slots(over, tail))
        return _slots(found, tail)

    def _in_order(self, slots: Slots) -> tuple[Slots, Slots]:
        """RTP by stream, then RTCP; beside it what is too much of one stream for one write."""
        owners = self.ring.owners[slots].astype(np.int64)
        keys = owners + ((owners & 1) == 0) * _RTCP_LAST
        order = np.argsort(keys, kind="stable")
        sorted_keys = keys[order]
        rank = np.arange(len(order)) - np.searchsorted(sorted_keys, sorted_keys)
        too_many = rank >= MAX_FROM_ONE
        return slots[order[~too_many]], slots[np.sort(order[too_many])]

    def _take(self, slots: Slots, batch: Sequence[LiveRecording], clock_offset_us: int) -> None:
        """The order that a successor can repeat: note the plan, seal, free, forget the plan."""
        sequence = self.ring.note_plan(slots)
        self._seal(slots, sequence, batch, clock_offset_us)
        self._done(slots)

    def _done(self, slots: Slots) -> None:
        self.ring.free(slots)
        self.ring.clear_plan()

    def _behind_gate(self, slots: Slots) -> Slots:
        """What arrived when it might be kept; the rest goes.

        What we played ourselves has no gate, but is of no call before this one. What landed behind
        a packet that has passed has passed as well: a clock that is set back would close the gate.
        """
        owners = self.ring.owners[slots].astype(np.int64)
        lanes = (owners - 1) >> 1
        played = lanes >= self.table.pairs
        gates = np.where(played, self.table.began_us[lanes], self.table.gate_us[lanes])
        arrivals_us = self.ring.arrivals_us(slots)
        passes = (gates != 0) & (arrivals_us >= gates.astype(np.int64))
        kept: NDArray[np.bool_] = passes
        if not passes.all():
            kept = self._behind_others(owners, gates, passes)
            self.ring.drop(slots[~kept])
        self._passed[owners[passes]] = gates[passes]
        return slots[kept]

    def _behind_others(
        self, owners: NDArray[np.int64], gates: NDArray[np.uint64], passes: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        order, first = np.arange(len(owners)), self._first
        first[owners] = len(owners)
        np.minimum.at(first, owners[passes], order[passes])
        is_open: NDArray[np.bool_] = (gates != 0) & (self._passed[owners] == gates)
        return is_open | (order >= first[owners])

    def _seal(
        self, slots: Slots, sequence: int, batch: Iterable[LiveRecording], clock_offset_us: int
    ) -> None:
        """Copy slots, RTP first, and write them under sequences from this one on."""
        self._copy(slots, sequence)
        owners = self.ring.owners[slots]
        begins = np.flatnonzero(np.diff(owners, prepend=np.uint32(0)))
        stops = np.append(begins[1:], len(owners))
        runs = [
            Run(int(owners[begin]), begin, stop - begin)
            for begin, stop in zip(begins.tolist(), stops.tolist(), strict=True)
        ]
        rtp = [run for run in runs if run.owner & 1]
        self.sweeper.seal(rtp, runs[len(rtp) :], batch, clock_offset_us)

    def _copy(self, slots: Slots, sequence: int) -> None:
        source, into, count = self.ring, self.sweeper.ring, len(slots)
        into.rebase(sequence)
        lengths = source.header_column(slots, LENGTH_WORD)
        into.headers["len"][:count] = lengths
        into.headers["controllen"][:count] = source.header_column(slots, CONTROL_WORD)
        into.headers["flags"][:count] = source.header_column(slots, FLAGS_WORD)
        into.owner[:count] = source.owners[slots]
        for rows, copies in (
            (source.name_rows, into.names),
            (source.controls, into.controls),
            (source.small, into.small),
        ):
            width = copies.shape[1]
            _items(copies, width)[:count] = _items(rows, width)[slots]
        long = np.flatnonzero(lengths > _OVER)
        if long.size:
            into.large[long, : SMALL_BYTES - _OVER] = source.small[slots[long], _OVER:]
            long = np.flatnonzero(lengths > SMALL_BYTES)
            into.large[long, SMALL_BYTES - _OVER :] = source.large[slots[long]]

    def _tell_missed(self, streams: list[LiveStream]) -> None:
        """What found no room in the ring is a gap; told twice rather than never."""
        lanes = [stream.wanted.pair for stream in streams]
        table = self.table
        missed = table.missed[lanes] - table.missed_told[lanes]
        for index in np.flatnonzero(missed).tolist():
            lane, stream = lanes[index], streams[index]
            span = (int(table.missed_from_us[lane]), int(table.missed_until_us[lane]))
            stream.recording.gaps.append(
                MissingPackets(stream.wanted.stream, GapCause.RELAY_FULL, int(missed[index]), *span)
            )
            table.missed_told[lane] += missed[index]

    def resume(self, clock_offset_us: int) -> None:
        """Carry out a killed predecessor's plan again: the reader drops what is repeated."""
        slots, sequence = self.ring.plan()
        if not slots.size:
            return
        known = self._known[self.ring.owners[slots]]
        edges = np.flatnonzero(np.diff(known, prepend=False, append=False)).tolist()
        for first, stop in zip(edges[::2], edges[1::2], strict=True):
            part = slots[first:stop]
            lanes = {pair_of(owner) for owner in self.ring.owners[part].tolist()}
            batch = {id(live): live for live in map(self._recording_of, lanes)}
            self._seal(part, sequence + first, list(batch.values()), clock_offset_us)
        self._done(slots)
        self.ring.move_tail()

    def _recording_of(self, lane: int) -> LiveRecording:
        return self.sweeper.streams[lane].recording

    def forget_unknown(self, now_us: int) -> int:
        """Let go of what no recording has asked for in time; how many packets that were."""
        owners, tail = self.ring.waiting()
        if not owners.size:
            return 0
        unknown = np.flatnonzero(~self._known[owners] & (owners != 0))
        if not unknown.size:
            return 0
        slots = _slots(unknown, tail)
        patience_us = UNKNOWN_HURRY_US if len(owners) > HURRY_SLOTS else UNKNOWN_US
        old = slots[self.ring.arrivals_us(slots) < now_us - patience_us]
        self.ring.drop(old)
        self.ring.move_tail()
        return len(old)


def _slots(found: NDArray[np.int64], tail: int) -> Slots:
    return (found + tail) & (RELAY_SLOTS - 1)


def _items(rows: NDArray[np.uint8], width: int) -> NDArray[np.void]:
    """The first `width` bytes of each row as one item: picked by index at a third of the cost."""
    return np.ndarray((len(rows),), f"V{width}", rows.data, strides=rows.strides[:1])


def _owners(stream: LiveStream) -> list[int]:
    return [rtp_owner(stream.wanted.pair), rtcp_owner(stream.wanted.pair)]
