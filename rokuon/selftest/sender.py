"""The paced sender: thousands of RTP streams, 50 packets a second each, spread over the 20-ms beat.

It is fed a clock reading and says when it wants the next one. Knows nothing of threads, SIP or SDP.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from rokuon.selftest.sendmmsg import MMSGHDR, Transmit
from rokuon.selftest.slot import OutgoingStream, Slot

BEAT_S: Final = 0.020
# Later than a second is counted as a second.
MAX_LATE_MS: Final = 1_000
# Slots of 2 ms: at 4,000 calls a slot is 800 packets, a little over half of its time's work. Twice
# as many cost a tenth more at 2,000 streams, for waking up.
SLOTS: Final = 10


@dataclass(frozen=True, slots=True)
class StreamCount:
    """What was sent of one stream, and how it would go on."""

    packets: int
    failed: int
    last_at_s: float
    next_sequence: int
    next_timestamp: int


class _Kept:
    """What the sender remembers of a stream beside its row."""

    __slots__ = ("beats_before", "failed", "slot")

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        self.beats_before = slot.beats
        self.failed = 0


class Sender:
    """Sends every stream once per beat from one socket, at `slots` moments of the beat."""

    def __init__(
        self, transmit: Transmit, *, max_streams: int, start_s: float, slots: int = SLOTS
    ) -> None:
        self._transmit = transmit
        self._slots = [Slot(-(-max_streams // slots)) for _ in range(slots)]
        self._last_at_s = [0.0] * slots
        self._kept: dict[int, _Kept] = {}
        self._start_s = start_s
        self._turn = 0
        # Slots sent, by how many ms they were late.
        self.late_ms = np.zeros(MAX_LATE_MS + 1, np.int64)
        self.sent_packets = 0
        self.failed_packets = 0

    def add(self, stream_id: int, stream: OutgoingStream) -> None:
        """Let a stream begin with the next turn of its slot; raises `SlotFull`."""
        assert stream_id not in self._kept
        slot = min(self._slots, key=len)
        slot.add(stream_id, stream)
        self._kept[stream_id] = _Kept(slot)

    def count(self, stream_id: int) -> StreamCount:
        """What was sent of a stream up to now; raises `KeyError`."""
        kept = self._kept[stream_id]
        sequence, timestamp = kept.slot.next_of(stream_id)
        packets = kept.slot.beats - kept.beats_before - kept.failed
        last_at_s = self._last_at_s[self._slots.index(kept.slot)]
        return StreamCount(packets, kept.failed, last_at_s, sequence, timestamp)

    def remove(self, stream_id: int) -> StreamCount:
        """End a stream; what was sent of it. Raises `KeyError`."""
        count = self.count(stream_id)
        self._kept.pop(stream_id).slot.remove(stream_id)
        return count

    def step(self, now_s: float) -> float:
        """Send what is due at `now_s`; when it wants to be called again."""
        while (due_s := self._due_s()) <= now_s:
            number = self._turn % len(self._slots)
            self._turn += 1
            late_ms = int(1_000 * (now_s - due_s))
            self.late_ms[min(late_ms, MAX_LATE_MS)] += 1
            self._send(number, now_s)
        return due_s

    def _due_s(self) -> float:
        return self._start_s + self._turn * BEAT_S / len(self._slots)

    def _send(self, number: int, now_s: float) -> None:
        slot = self._slots[number]
        if not slot.ids:
            return
        slot.point()
        self.sent_packets += len(slot) - self._transmit_all(slot)
        self._last_at_s[number] = now_s
        slot.advance()

    def _transmit_all(self, slot: Slot) -> int:
        """Hand all messages of the slot to the kernel; how many it refused."""
        done, refused = 0, 0
        while done < len(slot):
            taken, _errno = self._transmit(slot.address + done * MMSGHDR.itemsize, len(slot) - done)
            if taken == 0:
                self._kept[slot.ids[done]].failed += 1
                refused += 1
            done += max(taken, 1)
        self.failed_packets += refused
        return refused
