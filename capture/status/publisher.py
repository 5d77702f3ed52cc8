"""What others see of signalling: files for `doctor` and `source unknown`, metrics, live calls.

Brought up to date twice a second. Knows nothing of SIP.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import structlog

from archive.call.live import LiveCalls, Question, Trouble
from archive.call.refusal_reasons import Reason
from capture.admission.capacity_gauge import Gauge
from capture.holder.worker_board import Board
from capture.inline.view import NO_INLINE
from capture.native.choice import RelayLoop
from capture.peers.source_watch import SeenFile, UnknownSourcesFile
from capture.peers.sources import UnknownSources
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now
from capture.sip.owner import DialogAccess
from capture.status.metrics import Figures, Metrics, WorkerFigures
from capture.status.metrics_page import metrics_page
from capture.status.status_socket import live_calls
from capture.status.troubles import Troubles

log = structlog.get_logger("capture.signalling")
_NONE: Final[frozenset[Trouble]] = frozenset()
_NO_ROOM: Final = frozenset({Reason.FULL, Reason.DRAINING})
# A healthy disk takes a small file within a second, also while it is busy.
PATIENCE_US: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class MetricsPlan:
    """Where metrics are served; port 0: nowhere."""

    address: str = "127.0.0.1"
    port: int = 0


class StatusPublisher:
    """Everything that is shown, and what it was the last time."""

    def __init__(self, folder: Path, node: NodeContext, board: Board, workers: int) -> None:
        self._node, self._board, self._workers = node, board, workers
        self.unknown = UnknownSources()
        self._unknown_file, self._seen_file = UnknownSourcesFile(folder), SeenFile(folder)
        self._beside = DiskThread()
        self._troubles = Troubles(board, node.sessions)
        self._silent: tuple[str, ...] = ()
        self._outsiders: Counter[tuple[str, str]] = Counter()
        self._turned_away_before = 0
        self.metrics = Metrics()
        self.inline = NO_INLINE
        self.relay_loops: Callable[[], Mapping[int, RelayLoop]] = dict

    def page(self, plan: MetricsPlan) -> AbstractAsyncContextManager[object]:
        """Serve metrics while the block lasts."""
        return metrics_page(self.metrics.registry, plan.address, plan.port)

    def turn(self, gauge: Gauge, now: Now) -> None:
        """Look again, and show what can be shown."""
        self._troubles.look(now.us)
        self._see_silent(now)
        self._see_outsiders()
        if not gauge.full:
            self._turned_away_before = self._turned_away()
        self._write(now)
        self._count(gauge)

    def _write(self, now: Now) -> None:
        """Write what says something new; a disk that hangs keeps nobody waiting."""
        news = self._unknown_file.news(self.unknown)
        seen = self._node.peers.watch.as_bytes()
        is_told = not news.lines and self._seen_file.says(seen)
        if is_told and not self._beside.is_waited_for:
            return

        def work() -> None:
            self._unknown_file.show(news)
            self._seen_file.show(seen)

        self._beside.offer(work, now.us)

    def close(self) -> None:
        """Return when all that was begun is written."""
        self._beside.close()

    def live(self, question: Question, gauge: Gauge) -> LiveCalls:
        """The calls that are up, or one of them, and why there may be no more."""
        sessions = [*self._node.sessions]
        found = live_calls(sessions, self._troubles_of, question, self.inline)
        if not gauge.full:
            return found
        turned_away = self._turned_away() - self._turned_away_before
        return msgspec.structs.replace(
            found, full=gauge.full, full_us=gauge.full_us, turned_away=turned_away
        )

    def _turned_away(self) -> int:
        """How many calls found no room since the start."""
        counts = self._node.ledger.counts
        return sum(count for (_, reason), count in counts.items() if reason in _NO_ROOM)

    def _troubles_of(self, key: bytes) -> frozenset[Trouble]:
        return self._troubles.found.get(key, _NONE)

    def _see_silent(self, now: Now) -> None:
        silent = tuple(self._node.peers.watch.silent(now.us))
        for name in set(silent) - set(self._silent):
            log.error("a source lives and sends no call", source=name)
        self._silent = silent

    def _see_outsiders(self) -> None:
        """Who speaks in calls of another tenant is said; "" is no source, but a peer of ours."""
        counts = self._node.peers.outsiders
        for (name, standing), count in (counts - self._outsiders).items():
            if standing == DialogAccess.STRANGER.value:
                log.error("requests within calls of another tenant", source=name, requests=count)
        self._outsiders = counts.copy()

    def _count(self, gauge: Gauge) -> None:
        node = self._node
        states = {worker: self._board.state(worker) for worker in range(self._workers)}
        self.metrics.now = Figures(
            calls=node.sessions.live,
            begun={(name,): count for name, count in node.peers.watch.calls.items()},
            refused={(*key,): count for key, count in node.ledger.counts.items()},
            strangers=self.unknown.total,
            troubles=self._troubled(),
            full=gauge.full,
            workers=WorkerFigures(
                busy_permille={(str(n),): each.busy_permille for n, each in states.items()},
                loops={(str(n), loop): 1 for n, loop in self.relay_loops().items()},
            ),
            silent_sources=self._silent,
            outsiders={(*key,): count for key, count in node.peers.outsiders.items()},
        )

    def _troubled(self) -> dict[tuple[str, ...], int]:
        """How many calls of each source have each trouble."""
        counts: Counter[tuple[str, ...]] = Counter()
        for key, found in self._troubles.found.items():
            session = self._node.sessions.get(key)
            if session is not None:
                counts.update((session.source, trouble.value) for trouble in found)
        return dict(counts)


class DiskThread:
    """Work on disks that nobody waits for: one piece at a time, in a thread of its own.

    A disk that hangs keeps the thread, not the loop; what comes meanwhile is left out, to be
    offered again.
    """

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
