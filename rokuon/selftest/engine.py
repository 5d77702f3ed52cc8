"""The media engine: a thread that keeps a sender in time and counts what that costs.

Knows nothing of SIP; others ask it to add and remove streams from any thread.
"""

import resource
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Final, Self, TypeVar

from rokuon.clock import monotonic_s
from rokuon.selftest.sender import SLOTS, Lateness, Sender, StreamCount
from rokuon.selftest.sendmmsg import transmit_from
from rokuon.selftest.slot import OutgoingStream, SlotFull
from rokuon.selftest.sources import Source

Answer = TypeVar("Answer")
# One slot's time is long enough to end in, whatever the sender is doing.
_JOIN_S: Final = 10.0
# How long a thread may keep the interpreter while another waits. Python's 5 ms are a quarter of a
# beat, and would show in the set-up times as well.
_SWITCH_S: Final = 0.000_5


@dataclass(frozen=True, slots=True)
class MediaReport:
    """Packets sent up to an instant, what they cost this thread, and how punctual they were."""

    at_s: float
    packets: int
    failed: int
    cpu_s: float
    lateness: Lateness


class MediaEngine:
    """Sends streams from `sources` while its `with` block lasts."""

    def __init__(self, sources: Sequence[Source], *, max_streams: int, slots: int = SLOTS) -> None:
        transmits = [transmit_from(source.rtp.fileno()) for source in sources]
        self._sender = Sender(
            transmits, max_streams=max_streams, start_s=monotonic_s(), slots=slots
        )
        self._asked: deque[Callable[[], None]] = deque()
        self._ids = count(1)
        self._room = [max_streams] * len(sources)
        self._source_of: dict[int, int] = {}
        self._switch_before_s = sys.getswitchinterval()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="media", daemon=True)

    def __enter__(self) -> Self:
        self._switch_before_s = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(_JOIN_S)
        sys.setswitchinterval(self._switch_before_s)

    def add(self, stream: OutgoingStream) -> int:
        """Begin a stream within one beat; its number, by which it is removed. Raises `SlotFull`."""
        if self._room[stream.source] == 0:
            raise SlotFull
        self._room[stream.source] -= 1
        stream_id = next(self._ids)
        self._source_of[stream_id] = stream.source
        self._ask(lambda: self._sender.add(stream_id, stream))
        return stream_id

    def count(self, stream_id: int) -> Future[StreamCount]:
        """What was sent of a stream so far."""
        return self._ask(lambda: self._sender.count(stream_id))

    def remove(self, stream_id: int) -> Future[StreamCount]:
        """End a stream; what was sent of it. Raises `KeyError`."""
        self._room[self._source_of.pop(stream_id)] += 1
        return self._ask(lambda: self._sender.remove(stream_id))

    def report(self) -> Future[MediaReport]:
        """The figures of this instant."""
        return self._ask(self._report)

    @property
    def sent_packets(self) -> int:
        """Packets handed to the kernel up to now."""
        return self._sender.sent_packets

    def _ask(self, task: Callable[[], Answer]) -> Future[Answer]:
        future: Future[Answer] = Future()

        def answer() -> None:
            # Done also for one who no longer waits: an ended stream must end.
            awaited = future.set_running_or_notify_cancel()
            try:
                result = task()
            except (KeyError, AssertionError, OSError, SlotFull) as error:
                if awaited:
                    future.set_exception(error)
            else:
                if awaited:
                    future.set_result(result)

        self._asked.append(answer)
        return future

    def _report(self) -> MediaReport:
        used = resource.getrusage(resource.RUSAGE_THREAD)
        sender = self._sender
        return MediaReport(
            monotonic_s(),
            sender.sent_packets,
            sender.failed_packets,
            used.ru_utime + used.ru_stime,
            sender.lateness(),
        )

    def _run(self) -> None:
        while not self._stop.is_set():
            while self._asked:
                self._asked.popleft()()
            wait_s = self._sender.step(monotonic_s()) - monotonic_s()
            if wait_s > 0:
                time.sleep(wait_s)
