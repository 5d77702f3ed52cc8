"""Which recordings are swept together, and when.

Pure: takes monotonic seconds, gives batches that are due. Knows nothing of sockets.
"""

import heapq
import math
from dataclasses import dataclass, field
from typing import Final

from capture.media.live import LiveRecording

# 128 runs land about 4,100 packets: enough for columns, half of the ring's slots.
MAX_BATCH: Final = 64
# Batches of one burst follow each other while code and tables are in the cache.
BURSTS: Final = 2
_GOLDEN: Final = 0.6180339887498949


@dataclass(slots=True, eq=False)
class Batch:
    """Recordings swept together; `number` fixes its place in the period."""

    number: int
    recordings: list[LiveRecording] = field(default_factory=list)


class Schedule:
    """Spreads batches over a period by the golden ratio, so that their number may change."""

    def __init__(self, period_s: float, now_s: float) -> None:
        self.period_s = period_s
        self._began_s = now_s
        self._batches: list[Batch] = []
        self._due: list[tuple[float, int]] = []
        self._batch_of: dict[LiveRecording, Batch] = {}

    def add(self, recording: LiveRecording, now_s: float) -> None:
        """Put a recording into the emptiest batch, or a new one where all are full."""
        batch = min(self._batches, key=lambda each: len(each.recordings), default=None)
        if batch is None or len(batch.recordings) >= MAX_BATCH:
            batch = Batch(len(self._batches))
            self._batches.append(batch)
            heapq.heappush(self._due, (self._next_turn(batch.number, now_s), batch.number))
        batch.recordings.append(recording)
        self._batch_of[recording] = batch

    def remove(self, recording: LiveRecording) -> None:
        """Sweep it no more."""
        batch = self._batch_of.pop(recording, None)
        if batch is not None:
            batch.recordings.remove(recording)

    def _next_turn(self, number: int, now_s: float) -> float:
        """The first moment after now at which this batch's place in the period comes."""
        phase_s = int((number * _GOLDEN) % 1.0 * BURSTS) / BURSTS * self.period_s
        turns = max(0, math.floor((now_s - self._began_s - phase_s) / self.period_s) + 1)
        return self._began_s + phase_s + turns * self.period_s

    def next_due_s(self) -> float | None:
        """When the next batch is due; None where there is none."""
        return self._due[0][0] if self._due else None

    def take_due(self, now_s: float) -> tuple[Batch, float] | None:
        """The batch whose turn has come, and how late it is in seconds."""
        if not self._due or self._due[0][0] > now_s:
            return None
        due_s, number = heapq.heappop(self._due)
        heapq.heappush(self._due, (self._next_turn(number, now_s), number))
        return self._batches[number], now_s - due_s
