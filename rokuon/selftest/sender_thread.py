"""A thread that keeps one sender in time: what others ask for is done between two beats.

Knows nothing of SIP, nor of other threads like it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

from rokuon.machine.clock import monotonic_s
from rokuon.selftest.sender import Sender
from rokuon.selftest.slot import SlotFull

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
        """Begin to send."""
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
