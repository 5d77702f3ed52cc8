"""The ring of a relay: what arrives on its pairs and what it plays, until a worker has sealed it.

Views of one memfd in the layout of docs/inline.md; the relay raises the head, the ingest worker the
tail. Knows nothing of calls, latches or sealing.
"""

import mmap
from ctypes import c_int, c_uint, c_void_p
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from capture.holder.kernel import MSG_DONTWAIT, recvmmsg_prepared
from capture.holder.landing_buffer import HEADER, SLOTS as MAX_PLANNED, views_of
from capture.native.layout import CONTROL_BYTES, MAX_RUN, NAME_BYTES, NAME_ROOM, SMALL_BYTES

# 1.3 s of 1,000 two-party calls at 50 packets a second: a worker that is restarted finds it all.
RELAY_SLOTS: Final = 1 << 17
# Behind the ring: what is sent on but not kept, because it need not be or has no room.
SCRATCH: Final = RELAY_SLOTS
# With `SMALL_BYTES` 2,048, as in a worker's own ring.
LARGE_BYTES: Final = 1792
NOBODY: Final = 0
_PAGE: Final = 4096
_MASK: Final = RELAY_SLOTS - 1
# The last slot at which a whole run fits; so many may be taken when one begins.
_LAST_RUN: Final = RELAY_SLOTS - MAX_RUN
_WHOLE_RUN: Final = c_uint(MAX_RUN)
_DONTWAIT: Final = c_int(MSG_DONTWAIT)
_HEADER_BYTES: Final = HEADER.itemsize
_ALL: Final = RELAY_SLOTS + MAX_RUN
# Words of the first page.
_HEAD, _TAIL, _PLANNED, _PLAN_SEQUENCE, _SEQUENCE, _POINTED = range(6)
# 32-bit words in a header: name length, control length and its upper half, flags, length.
_NAMELEN, CONTROL_WORD, _CONTROL_HIGH, FLAGS_WORD, LENGTH_WORD = 2, 10, 11, 12, 14
HEADER_WORDS: Final = HEADER.itemsize // 4
NAME_WORDS: Final = NAME_ROOM // 8
STAMP_WORDS: Final = CONTROL_BYTES // 8
# A control message with a time stamp and nothing else.
STAMP_CONTROL: Final = 32
_REGIONS: Final = {
    "words": _PAGE,
    "plan": 4 * MAX_PLANNED,
    "owner": 4 * _ALL,
    "headers": HEADER.itemsize * _ALL,
    "vectors": 32 * _ALL,
    "names": NAME_ROOM * _ALL,
    "controls": CONTROL_BYTES * _ALL,
    "small": SMALL_BYTES * _ALL,
    "large": LARGE_BYTES * _ALL,
}
RELAY_RING_BYTES: Final = sum(_REGIONS.values())
Slots = NDArray[np.int64]


class RelayRing:
    """One mapping of the ring; scalars by memoryviews, columns by numpy.

    Exactly one process lands (`point` has to be called there), exactly one takes.
    """

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, RELAY_RING_BYTES)
        views = self._views = views_of(self._map, _REGIONS)
        self.words = views["words"].view("<u8").data
        self.plan_slots: NDArray[np.uint32] = views["plan"].view("<u4")
        self.owners: NDArray[np.uint32] = views["owner"].view("<u4")
        self.headers: NDArray[np.uint32] = views["headers"].view("<u4").reshape(_ALL, HEADER_WORDS)
        self.name_rows: NDArray[np.uint8] = views["names"].reshape(_ALL, NAME_ROOM)
        self.controls: NDArray[np.uint8] = views["controls"].reshape(_ALL, CONTROL_BYTES)
        self.stamps: NDArray[np.int64] = self.controls.view("<i8")
        self.small: NDArray[np.uint8] = views["small"].reshape(_ALL, SMALL_BYTES)
        self.large: NDArray[np.uint8] = views["large"].reshape(_ALL, LARGE_BYTES)
        # The same as flat sequences: one look at an item costs a fifth of numpy's.
        self.owner = memoryview(self.owners.data)
        self.header_words = memoryview(self.headers.data).cast("B").cast("I")
        self.name_words = memoryview(views["names"].data).cast("Q")
        self.stamp_words = memoryview(views["controls"].data).cast("q")
        self.data = memoryview(views["small"].data)
        self.rest = memoryview(views["large"].data)
        self._header_bytes = memoryview(views["headers"].data)
        self.first_header: int = self.headers.ctypes.data
        self._place = c_void_p()

    # Both sides.

    def address(self, region: str) -> int:
        return int(self._views[region].ctypes.data)

    @property
    def head(self) -> int:
        """Slots landed so far, ever."""
        return self.words[_HEAD]

    @head.setter
    def head(self, slots: int) -> None:
        self.words[_HEAD] = slots

    @property
    def tail(self) -> int:
        """Slots that the worker needs no more, ever."""
        return self.words[_TAIL]

    def datagram(self, slot: int, length: int) -> bytes:
        begin = slot * SMALL_BYTES
        head = bytes(self.data[begin : begin + min(length, SMALL_BYTES)])
        if length <= SMALL_BYTES:
            return head
        begin = slot * LARGE_BYTES
        return head + bytes(self.rest[begin : begin + length - SMALL_BYTES])

    # The relay's side.

    def point(self) -> None:
        """Fill in the addresses, which are this process's own."""
        slots = np.arange(_ALL, dtype="<u8")
        vectors = self._views["vectors"].view("<u8").reshape(_ALL, 4)
        vectors[:, 0] = self.small.ctypes.data + slots * SMALL_BYTES
        vectors[:, 1] = SMALL_BYTES
        vectors[:, 2] = self.large.ctypes.data + slots * LARGE_BYTES
        vectors[:, 3] = LARGE_BYTES
        headers: NDArray[Any] = self._views["headers"].view(HEADER)
        headers["name"] = self.name_rows.ctypes.data + slots * NAME_ROOM
        headers["iov"] = vectors.ctypes.data + slots * 32
        headers["iovlen"] = 2
        headers["control"] = self.controls.ctypes.data + slots * CONTROL_BYTES
        self.reset(np.arange(SCRATCH if self.words[_POINTED] else 0, _ALL))
        self.words[_POINTED] = 1
        self._fresh = bytes(self._header_bytes[HEADER.itemsize * SCRATCH :])

    @property
    def is_full(self) -> bool:
        """Whether a run of packets would lie where something is not sealed yet."""
        return self.head - self.tail > _LAST_RUN

    def land(self, descriptor: c_int, owner: int, keeps: bool) -> tuple[int, int]:  # noqa: FBT001 — hot
        """Read a socket into the slots behind the head; the first one, and how many.

        They count as landed once the head is raised. Where nothing is to be kept, or there is no
        room, it is the scratch slots: `SCRATCH` is the first.
        """
        head = self.words[_HEAD]
        slot, run = head & _MASK, _WHOLE_RUN
        if not keeps or head - self.words[_TAIL] > _LAST_RUN:
            slot = SCRATCH
        elif slot > _LAST_RUN:
            run = c_uint(RELAY_SLOTS - slot)
        self.owner[slot] = owner
        self._place.value = self.first_header + slot * _HEADER_BYTES
        count: int = recvmmsg_prepared(descriptor, self._place, run, _DONTWAIT, None)
        if count > 1:
            self.owners[slot + 1 : slot + count] = owner
        return slot, max(count, 0)

    def renew_scratch(self) -> None:
        """Make the scratch slots ready for the kernel."""
        self._header_bytes[HEADER.itemsize * SCRATCH :] = self._fresh

    def disown(self, slot: int) -> None:
        """What landed here is nobody's; the slot is ready for the kernel."""
        self.owner[slot] = NOBODY
        words, at = self.header_words, slot * HEADER_WORDS
        words[at + _NAMELEN], words[at + CONTROL_WORD] = NAME_BYTES, CONTROL_BYTES
        words[at + _CONTROL_HIGH] = words[at + LENGTH_WORD] = 0

    def put(self, owner: int, data: bytes, name: bytes, at_us: int) -> int:
        """Fill the slot behind the head with what we send ourselves; which one.

        The caller raises the head. Asserts that there is room.
        """
        assert not self.is_full
        slot = self.head & _MASK
        self.owner[slot] = owner
        self.name_rows[slot, : len(name)] = np.frombuffer(name, np.uint8)
        stamp = slot * STAMP_WORDS
        seconds, rest = divmod(at_us, 1_000_000)
        self.stamp_words[stamp + 2], self.stamp_words[stamp + 3] = seconds, rest * 1000
        small, large = data[:SMALL_BYTES], data[SMALL_BYTES:]
        self.data[slot * SMALL_BYTES : slot * SMALL_BYTES + len(small)] = small
        self.rest[slot * LARGE_BYTES : slot * LARGE_BYTES + len(large)] = large
        at = slot * HEADER_WORDS
        self.header_words[at + CONTROL_WORD] = STAMP_CONTROL
        self.header_words[at + LENGTH_WORD] = len(data)
        return slot

    def unlanded(self) -> tuple[int, int, int]:
        """Owner, first slot and count of what a killed predecessor had read but not raised over."""
        slot = self.head & _MASK
        stop = min(slot + MAX_RUN, RELAY_SLOTS)
        headers = self.headers[slot:stop]
        used = (headers[:, LENGTH_WORD] != 0) | (headers[:, CONTROL_WORD] != CONTROL_BYTES)
        count = int(np.argmin(used)) if not used.all() else stop - slot
        owner = int(self.owners[slot])
        if self.is_full or owner == NOBODY:
            return NOBODY, slot, 0
        self.owners[slot : slot + count] = owner
        return owner, slot, count

    # The worker's side.

    def waiting(self) -> tuple[NDArray[np.uint32], int]:
        """The owners of all slots between tail and head, in order; the tail."""
        tail, head = self.tail, self.head
        first, stop = tail & _MASK, head & _MASK
        if head - tail < RELAY_SLOTS and first <= stop:
            return self.owners[first:stop], tail
        return np.concatenate((self.owners[first:RELAY_SLOTS], self.owners[:stop])), tail

    def arrivals_us(self, slots: Slots) -> NDArray[np.int64]:
        """When what lies in these slots arrived in the kernel, or was sent by us (µs UTC)."""
        seconds, words = slots * STAMP_WORDS + 2, self.stamps.reshape(-1)
        arrivals: NDArray[np.int64] = words[seconds] * 1_000_000 + words[seconds + 1] // 1000
        return arrivals

    def header_column(self, slots: Slots, word: int) -> NDArray[np.uint32]:
        """One 32-bit word of the header of each of these slots."""
        return self.headers.reshape(-1)[slots * HEADER_WORDS + word]

    @property
    def has_plan(self) -> bool:
        """Whether a plan is noted that may not be carried out."""
        return bool(self.words[_PLANNED])

    def note_plan(self, slots: Slots) -> int:
        """Note what is sealed next, in that order; the ring sequence of the first."""
        words = self.words
        assert 0 < len(slots) <= MAX_PLANNED
        assert not words[_PLANNED]
        self.plan_slots[: len(slots)] = slots
        words[_PLAN_SEQUENCE] = words[_SEQUENCE]
        words[_PLANNED] = len(slots)
        return words[_PLAN_SEQUENCE]

    def plan(self) -> tuple[Slots, int]:
        """What was noted and may not be sealed; none where it is known to be sealed."""
        slots = self.plan_slots[: self.words[_PLANNED]].astype(np.int64)
        if not (self.owners[slots] != NOBODY).all():  # one that is free was sealed with the others
            self.free(slots)
            self.clear_plan()
            slots = slots[:0]
        return slots, self.words[_PLAN_SEQUENCE]

    def clear_plan(self) -> None:
        """What was noted is sealed, and its slots are free."""
        words = self.words
        words[_SEQUENCE] = words[_PLAN_SEQUENCE] + words[_PLANNED]
        words[_PLANNED] = 0

    def free(self, slots: Slots) -> None:
        """The slots of the plan are sealed; the tail has still to be moved over them.

        Owners first: where one is gone, `plan` knows that all are sealed.
        """
        self.owners[slots] = NOBODY
        self.reset(slots)

    def drop(self, slots: Slots) -> None:
        """Slots that are in no plan are needed no more."""
        self.reset(slots)
        self.owners[slots] = NOBODY

    def move_tail(self) -> None:
        owners, tail = self.waiting()
        taken = owners != NOBODY
        self.words[_TAIL] = tail + (int(np.argmax(taken)) if taken.any() else len(owners))

    def begin(self, sequence: int) -> None:
        """Number what is sealed from `sequence` on; done once in the life of the memory."""
        self.words[_SEQUENCE] = sequence

    @property
    def is_new(self) -> bool:
        """Whether nobody has called `begin` on this memory yet."""
        return not self.words[_SEQUENCE]

    def reset(self, slots: Slots) -> None:
        """Make headers ready for the kernel."""
        words, first = self.headers.reshape(-1), slots * HEADER_WORDS
        words[first + _NAMELEN] = NAME_BYTES
        words[first + CONTROL_WORD] = CONTROL_BYTES
        words[first + _CONTROL_HIGH] = 0
        words[first + LENGTH_WORD] = 0
