"""Landed runs as PACKETS frames: base time, columns and datagrams, laid out in one copy.

Works on columns of a whole batch; only what differs from packet to packet takes the slow path.
"""

import struct
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.format.frames import HEAD, HEAD_BYTES, FrameKind
from archive.format.header import PLAIN_BYTES
from archive.format.packets import CUT, MASKED, MAX_SOURCES, PACKET_DTYPE, PACKETS_HEAD, SOURCE
from capture.holder.landing_buffer import SLOTS, SMALL_BYTES, LandingRing, Run
from capture.media.batch_receiver import Columns, datagram
from capture.media.layout import Layout, WriteFull

_AF_INET: Final = 2
# A frame's head, its payload's head and its only source, in one stroke.
_PLAIN_HEAD: Final = struct.Struct(f"{HEAD.format}{PACKETS_HEAD.format[1:]}{SOURCE.size}s")
_PACKETS: Final = int(FrameKind.PACKETS)
_ZEROS: Final = bytes(HEAD_BYTES)
_RECORD: Final = PACKET_DTYPE.itemsize
_OFFSET_SHIFT: Final = 32
_LENGTH_SHIFT: Final = 16
# Up to so many bytes on average, a batch of another length than a slot's is copied at once.
_COPIED_BYTES: Final = 256
_V4_IN_V6: Final = bytes(10) + b"\xff\xff"
_BYTES: Final = np.arange(SMALL_BYTES)
# u32 µs in a column; a run that spans more (a stepped clock) is split.
_LONGEST_SPAN_US: Final = (1 << 32) - 1


class PacketFrames:
    """The frames of one batch, ready to be laid out run by run."""

    def __init__(self) -> None:
        self._copied = np.empty(SLOTS * _COPIED_BYTES, np.uint8)
        self._copied_view = memoryview(self._copied.data).cast("B")
        self._sources: dict[bytes, bytes] = {}
        self._run_names: dict[int, bytes] = {}

    def take(
        self,
        ring: LandingRing,
        columns: Columns,
        masked: NDArray[np.bool_] | None,
        numbers: Sequence[int],
    ) -> None:
        """See `columns`, with each run's stream number; `masked` marks what was overwritten."""
        self.numbers = numbers
        self._ring, self._columns = ring, columns
        starts = columns.starts
        self._first, self._base = columns.runs[0].first, ring.base
        self._total = len(columns.arrivals_us)
        bases = np.minimum.reduceat(columns.arrivals_us, starts)
        offsets = columns.arrivals_us - np.repeat(bases, columns.counts)
        self._records = _records(columns, offsets, masked)
        self._record_view = memoryview(self._records.data).cast("B")
        self._bases: list[int] = bases.tolist()
        longest = np.maximum.reduceat(columns.lengths, starts)
        self._longest: list[int] = longest.tolist()
        self._counts: list[int] = columns.counts.tolist()
        self._begins: list[int] = starts.tolist()
        self._run_sources = self._sources_of(starts)
        plain = longest == np.minimum.reduceat(columns.lengths, starts)
        if not self._one_source_each():
            plain &= self._one_source()
        if offsets.max() > _LONGEST_SPAN_US:
            plain &= np.maximum.reduceat(offsets, starts) <= _LONGEST_SPAN_US
        self._plain: list[bool] = plain.tolist()
        self._common, self._packed = SMALL_BYTES, ring.packed[self._first * SMALL_BYTES :]
        self._copy_common_length(self._longest[0])

    def run(self, index: int) -> Run:
        """The slots of run `index`."""
        return self._columns.runs[index]

    def span(self, index: int) -> tuple[Run, int, int]:
        """Run `index` and the arrival of its first and last packet."""
        arrivals, run = self._columns.arrivals_us, self._columns.runs[index]
        begin = run.first - self._first
        return run, int(arrivals[begin]), int(arrivals[begin + run.count - 1])

    def _names(self) -> NDArray[np.uint64]:
        """What tells sources apart, shape (packets, words)."""
        names = self._ring.name_words[self._first : self._first + self._total]
        return names[:, :1] if names[0, 0] & 0xFFFF == _AF_INET else names[:, :3]

    def _one_source_each(self) -> bool:
        """Whether names change only from run to run: the usual answer, at once."""
        names, starts = self._names(), self._columns.starts
        if names.shape[1] > 1:
            return False
        column = names[:, 0]
        changes = np.count_nonzero(column[1:] != column[:-1])
        between = np.count_nonzero(column[starts[1:]] != column[starts[1:] - 1])
        return bool(changes == between)

    def _one_source(self) -> NDArray[np.bool_]:
        """Per run: whether all its datagrams came from one address and port."""
        names = self._names()
        same = np.ones(self._total, bool)
        same[1:] = (names[1:] == names[:-1]).all(axis=1)
        same[self._columns.starts] = True
        return np.logical_and.reduceat(same, self._columns.starts)

    def _copy_common_length(self, length: int) -> None:
        """Where most datagrams are of another length than a slot's, close the gaps at once."""
        if not 0 < length <= _COPIED_BYTES or length == SMALL_BYTES:
            return
        if self._longest.count(length) * 2 < len(self._longest):
            return
        slots = slice(self._first, self._first + self._total)
        into = self._copied[: self._total * length].reshape(self._total, length)
        into[:, :SMALL_BYTES] = self._ring.small[slots, :length]
        into[:, SMALL_BYTES:] = self._ring.large[slots, : max(0, length - SMALL_BYTES)]
        self._common, self._packed = length, self._copied_view

    def lay(self, index: int, flags: int, layout: Layout, clock_us: int) -> None:
        """Lay out any run as frames of its stream; raises `WriteFull` with nothing changed."""
        run = self._columns.runs[index]
        frame = (self.numbers[index], flags, clock_us)
        pieces = [
            self._mixed_frame(group)
            for group in self._groups(range(run.first, run.first + run.count))
        ]
        if not layout.fits(sum(len(payload) + 2 * HEAD_BYTES for _, _, payload in pieces)):
            raise WriteFull
        for slot, base_us, payload in pieces:
            PACKETS_HEAD.pack_into(payload, 0, frame[2], *PACKETS_HEAD.unpack_from(payload)[1:])
            at = self._head(layout, frame, (len(payload), base_us, slot))
            layout.view[at : at + len(payload)] = payload
            layout.position = at + len(payload)

    def lay_plain(self, indices: Sequence[int], layout: Layout, clock_us: int) -> int:
        """Lay out runs of one length and source each, as many as fit; how many those were.

        The hot loop: two slices and one head a run, no call that can be saved.
        """
        view, plain, sync, position = layout.view, layout.plain, layout.sync, layout.position
        records, data, common = self._record_view, self._packed, self._common
        for done, index in enumerate(indices):
            count, length, begin = self._counts[index], self._longest[index], self._begins[index]
            size = _PLAIN_HEAD.size - HEAD_BYTES + count * (_RECORD + length)
            if not self._plain[index] or position + size + 4 * HEAD_BYTES > len(plain):
                layout.position = position
                return done
            left = PLAIN_BYTES - position % PLAIN_BYTES
            if left < HEAD_BYTES:
                view[position : position + left] = _ZEROS[:left]
                position += left
            serial, number = self._base + self._first + begin, self.numbers[index]
            _PLAIN_HEAD.pack_into(
                *(plain, position, sync, _PACKETS, 0, number, size, self._bases[index], serial),
                *(clock_us, count, 1, 0, self._run_sources[index]),
            )
            at = position + _PLAIN_HEAD.size
            middle = at + count * _RECORD
            view[at:middle] = records[begin * _RECORD : (begin + count) * _RECORD]
            position = middle + count * length
            if length == common:
                view[middle:position] = data[begin * length : (begin + count) * length]
            else:
                view[middle:position] = self._equal(self._first + begin, count, length)
        layout.position = position
        return len(indices)

    def _equal(self, slot: int, count: int, length: int) -> bytes:
        """`count` datagrams of one length, which is not the batch's."""
        small = self._ring.small[slot : slot + count, :length]
        large = self._ring.large[slot : slot + count, : max(0, length - SMALL_BYTES)]
        return np.concatenate((small, large), axis=1).tobytes()

    def _head(
        self, layout: Layout, frame: tuple[int, int, int], place: tuple[int, int, int]
    ) -> int:
        """Write the frame head; the payload's first place."""
        size, base_us, slot = place
        at = layout.room_for_head()
        serial = self._base + slot
        HEAD.pack_into(
            layout.plain,
            at,
            layout.sync,
            FrameKind.PACKETS,
            frame[1],
            frame[0],
            size,
            base_us,
            serial,
        )
        return at + HEAD_BYTES

    def _groups(self, slots: range) -> list[list[int]]:
        """Cut a run where a frame could not hold it (sources, span of time)."""
        groups: list[list[int]] = []
        sources: set[bytes] = set()
        low = high = 0
        for slot in slots:
            arrival = int(self._columns.arrivals_us[slot - self._first])
            source = self._ring.names[slot].tobytes()
            low, high = min(low, arrival), max(high, arrival)
            full = len(sources) == MAX_SOURCES and source not in sources
            if not groups or full or high - low > _LONGEST_SPAN_US:
                groups.append([])
                sources, low, high = set(), arrival, arrival
            sources.add(source)
            groups[-1].append(slot)
        return groups

    def _mixed_frame(self, slots: list[int]) -> tuple[int, int, bytearray]:
        """First slot, base time and payload of consecutive slots."""
        begin, end = slots[0] - self._first, slots[-1] - self._first + 1
        arrivals, lengths = self._columns.arrivals_us[begin:end], self._columns.lengths[begin:end]
        base_us = int(arrivals.min())
        numbers: dict[bytes, int] = {}
        index = [numbers.setdefault(self._source(slot), len(numbers)) for slot in slots]
        records: NDArray[Any] = self._records[begin:end].view(PACKET_DTYPE).copy()
        records["offset_us"] = arrivals - base_us
        records["source"] = index
        payload = bytearray(PACKETS_HEAD.pack(0, len(slots), len(numbers), 0))
        payload += b"".join(numbers)
        payload += records.tobytes()
        payload += self._datagrams(slots, lengths)
        return slots[0], base_us, payload

    def _datagrams(self, slots: list[int], lengths: NDArray[np.uint32]) -> bytes:
        if int(lengths.max()) <= SMALL_BYTES:
            small = self._ring.small[slots[0] : slots[-1] + 1]
            return small[lengths[:, None] > _BYTES].tobytes()
        sizes = lengths.tolist()
        return b"".join(datagram(self._ring, s, n) for s, n in zip(slots, sizes, strict=True))

    def _sources_of(self, starts: NDArray[np.int64]) -> list[bytes]:
        """The source entry of each run's first datagram, by one look at the column."""
        if len(self._run_names) > SLOTS:
            self._run_names.clear()
        known, entries = self._run_names, []
        for index, name in enumerate(self._ring.name_words[starts + self._first, 0].tolist()):
            entry = known.get(name)
            if entry is None:
                entry = self._source(self._first + self._begins[index])
                if name & 0xFFFF == _AF_INET:
                    known[name] = entry
            entries.append(entry)
        return entries

    def _source(self, slot: int) -> bytes:
        """The 20-byte source entry of a slot's address; remembered, bounded."""
        name = self._ring.names[slot].tobytes()
        known = self._sources.get(name)
        if known is None:
            if len(self._sources) > SLOTS:
                self._sources.clear()
            known = self._sources[name] = encode_source(name)
        return known


def _records(
    columns: Columns, offsets: NDArray[np.int64], masked: NDArray[np.bool_] | None
) -> NDArray[Any]:
    """The packets' `PACKET_DTYPE` entries, as the big-endian words that they are."""
    words = offsets << _OFFSET_SHIFT
    words += columns.lengths.astype(np.int64) << _LENGTH_SHIFT
    if columns.cut is not None:
        words += columns.cut * CUT
    if masked is not None:
        words += masked * MASKED
    return words.byteswap(inplace=True)


def encode_source(name: bytes) -> bytes:
    """A `sockaddr_in` or `sockaddr_in6` as the format's source entry."""
    port = int.from_bytes(name[2:4], "big")
    if int.from_bytes(name[:2], "little") == _AF_INET:
        return SOURCE.pack(_V4_IN_V6 + name[4:8], port, 0)
    return SOURCE.pack(name[8:24], port, 0)
