"""The media engine: a sending thread for each source socket, and what all of them did.

Two threads use two cores: one alone sends some 270,000 packets a second. Knows nothing of SIP;
others ask it to add and remove streams from any thread.
"""

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

import numpy as np
from numpy.typing import NDArray

from rokuon.machine.clock import monotonic_s
from rokuon.selftest.sender import BEAT_S, SLOTS, Sender, StreamCount
from rokuon.selftest.sendmmsg import transmit_from
from rokuon.selftest.slot import OutgoingStream, SlotFull
from rokuon.selftest.sources import Source

Answer = TypeVar("Answer")
# One slot's time is long enough to end in, whatever the sender is doing.
_JOIN_S: Final = 10.0


class SendingThread:
    """Runs `sender` from `start` to `stop`; its figures may be read from any thread."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self._asked: deque[Callable[[], None]] = deque()
        self._stop = threading.Event()
        self._used_s = 0.0
        self._thread = threading.Thread(target=self._run, name="media", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Send no more once this returns."""
        self._stop.set()
        self._thread.join(_JOIN_S)

    @property
    def cpu_s(self) -> float:
        """User and system time of this thread up to now, in seconds."""
        if not self._thread.is_alive() or self._thread.ident is None:
            return self._used_s
        return time.clock_gettime(time.pthread_getcpuclockid(self._thread.ident))

    def ask(self, task: Callable[[], Answer]) -> Future[Answer]:
        """Let the thread do `task` before its next beat."""
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

    def _run(self) -> None:
        while not self._stop.is_set():
            while self._asked:
                self._asked.popleft()()
            wait_s = self.sender.step(monotonic_s()) - monotonic_s()
            if wait_s > 0:
                time.sleep(wait_s)
        self._used_s = time.thread_time()


# How long a thread may keep the interpreter while another waits. Python's 5 ms are a quarter of a
# beat, and would show in the set-up times as well.
_SWITCH_S: Final = 0.000_5


@dataclass(frozen=True, slots=True, eq=False)
class MediaReport:
    """Packets sent up to an instant, what they cost our threads, and how punctual they were.

    `late_ms` counts slots by the ms that they were late.
    """

    at_s: float
    packets: int
    failed: int
    cpu_s: float
    late_ms: NDArray[np.int64]


class MediaEngine:
    """Sends streams from `sources` while its `with` block lasts; `slots` moments a beat in all."""

    def __init__(self, sources: Sequence[Source], *, max_streams: int, slots: int = SLOTS) -> None:
        own, start_s = max(1, slots // len(sources)), monotonic_s()
        apart_s = BEAT_S / own / len(sources)
        self._threads = [
            SendingThread(
                Sender(
                    transmit_from(source.rtp.fileno()),
                    max_streams=max_streams,
                    start_s=start_s + number * apart_s,
                    slots=own,
                )
            )
            for number, source in enumerate(sources)
        ]
        self._ids = count(1)
        self._room = [max_streams] * len(sources)
        self._source_of: dict[int, int] = {}
        self._switch_before_s = sys.getswitchinterval()

    def __enter__(self) -> Self:
        self._switch_before_s = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for thread in self._threads:
            thread.stop()
        sys.setswitchinterval(self._switch_before_s)

    def add(self, stream: OutgoingStream) -> int:
        """Begin a stream within one beat; its number, by which it is removed. Raises `SlotFull`."""
        if self._room[stream.source] == 0:
            raise SlotFull
        self._room[stream.source] -= 1
        stream_id = next(self._ids)
        self._source_of[stream_id] = stream.source
        thread = self._threads[stream.source]
        thread.ask(lambda: thread.sender.add(stream_id, stream))
        return stream_id

    def count(self, stream_id: int) -> Future[StreamCount]:
        """What was sent of a stream so far. Raises `KeyError`."""
        thread = self._threads[self._source_of[stream_id]]
        return thread.ask(lambda: thread.sender.count(stream_id))

    def remove(self, stream_id: int) -> Future[StreamCount]:
        """End a stream; what was sent of it. Raises `KeyError`."""
        source = self._source_of.pop(stream_id)
        self._room[source] += 1
        thread = self._threads[source]
        return thread.ask(lambda: thread.sender.remove(stream_id))

    def report(self) -> MediaReport:
        """The figures of this instant."""
        return MediaReport(
            monotonic_s(),
            self.sent_packets,
            sum(thread.sender.failed_packets for thread in self._threads),
            sum(thread.cpu_s for thread in self._threads),
            np.sum([thread.sender.late_ms for thread in self._threads], axis=0),
        )

    @property
    def sources(self) -> int:
        """From how many sockets it sends."""
        return len(self._threads)

    @property
    def sent_packets(self) -> int:
        """Packets handed to the kernel up to now."""
        return sum(thread.sender.sent_packets for thread in self._threads)
