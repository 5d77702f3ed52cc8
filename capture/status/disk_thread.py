"""Work on disks that nobody waits for: one piece at a time, in a thread of its own.

A disk that hangs keeps the thread, not the loop; what comes meanwhile is left out, to be offered
again. Knows nothing of what is done.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import structlog

# A healthy disk takes a small file within a second, also while it is busy.
PATIENCE_US: Final = 4_000_000

log = structlog.get_logger("capture.signalling")


class DiskThread:
    """The thread, and the piece that is under way."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
        self._work: Future[None] | None = None
        self._since_us = 0
        self._hangs = False

    def offer(self, work: Callable[[], None], now_us: int) -> bool:
        """Begin it, unless another piece is under way; whether it was begun.

        `now_us`: µs since 1970 UTC. Raises what the piece before raised.
        """
        if self._work is not None:
            if not self._work.done():
                self._note_hang(now_us)
                return False
            self._work.result()
        if self._hangs:
            log.info("a disk answers again")
        self._hangs = False
        self._since_us = now_us
        self._work = self._thread.submit(work)
        return True

    @property
    def is_waited_for(self) -> bool:
        """Whether a piece is under way, or nothing was offered since a disk hung."""
        return self._hangs or (self._work is not None and not self._work.done())

    def _note_hang(self, now_us: int) -> None:
        if not self._hangs and now_us - self._since_us >= PATIENCE_US:
            self._hangs = True
            log.error("a disk hangs: files beside the calls are not written")

    def close(self) -> None:
        """Wait for what is under way; nothing is begun any more."""
        self._thread.shutdown()
