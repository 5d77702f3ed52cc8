"""What room the node has, as its disk, its workers and its memory say now.

Measures and says what changed; what follows from the measures is decided elsewhere. Knows no SIP.
"""

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from capture.admission.capacity import (
    MAX_BUSY_PERMILLE,
    MAX_LATE_MS,
    Full,
    Limits,
    Room,
    Vacancy,
    preferred,
    refusal,
)
from capture.holder.slab import Slab
from capture.holder.worker_board import Board, WorkerState, relay_row

STALE_BEAT_US: Final = 5_000_000
# What has been written for so long and is not safe is more than a power cut may cost.
SPOOL_PATIENCE_US: Final = 4_000_000
# What a call of two streams with its metadata takes in the slab, with room to grow.
CELLS_A_CALL: Final = 64

log = structlog.get_logger("capture.signalling")


class Gauge:
    """Everything that can run out; `draining` once no call may come in any more.

    `has_relays`: each worker has one beside it, without which it takes no inline call.
    """

    def __init__(  # what is measured
        self,
        limits: Limits,
        spool: Path,
        board: Board,
        slab: Slab,
        workers: int,
        *,
        has_relays: bool,
    ) -> None:
        self._limits, self._spool, self._has_relays = limits, spool, has_relays
        self._board, self._slab, self._workers = board, slab, workers
        self._last, self._full_us = Vacancy(None, ()), 0
        self.draining = False

    @property
    def full(self) -> str:
        """Why new calls are refused now; "" where they are taken."""
        return self._last.full.value if self._last.full is not None else ""

    @property
    def full_us(self) -> int:
        """Since when they are, for whatever reason; 0 where they are taken."""
        return self._full_us if self._last.full is not None else 0

    def look(self, calls: int, now_us: int, *, has_ports: bool) -> Vacancy:
        """Whether calls are taken from now on, `calls` being up; a change is worth a log line.

        `has_ports`: those of one more call are free.
        """
        room = self._room(calls, now_us, has_ports=has_ports)
        before, full = self._last.full, refusal(room, self._limits)
        if full is not None and full is not before:
            log.warning("new calls are refused", reason=full.value)
        if full is not None and before is None:
            self._full_us = now_us
        if full is None and before is not None:
            log.info("new calls are taken again")
        mute = self._mute(now_us)
        if mute - self._last.mute:
            log.warning("a relay says nothing: no inline call for its worker", relays=sorted(mute))
        self._last = Vacancy(full, room.workers, mute)
        return self._last

    def _room(self, calls: int, now_us: int, *, has_ports: bool) -> Room:
        free_bytes, free_inodes = self._free()
        # A worker that was killed is replaced in a second, and its calls go on: it still counts.
        states = {worker: self._board.state(worker) for worker in range(self._workers)}
        there = {
            worker: self._with_relay(worker, state, now_us)
            for worker, state in states.items()
            if now_us - state.beat_us < STALE_BEAT_US
        }
        alive = {each: state for each, state in there.items() if self._can_write(each, state)}
        able = preferred(
            {
                worker: state.busy_permille
                for worker, state in alive.items()
                if state.busy_permille < MAX_BUSY_PERMILLE and state.late_ms < MAX_LATE_MS
            }
        )
        lacking = (
            (self.draining, Full.DRAINING),
            (bool(there) and not alive, Full.SPOOL_FAILING),
            (bool(alive) and not able, Full.CPU),
            (not has_ports, Full.PORTS),
        )
        return Room(
            calls=calls,
            workers=able,
            free_bytes=free_bytes,
            free_inodes=free_inodes,
            free_cells=self._slab.free_cells - CELLS_A_CALL,
            lacks=frozenset(full for lacks, full in lacking if lacks),
        )

    def _can_write(self, worker: int, state: WorkerState) -> bool:
        """Whether the spool takes what this worker writes, as it says itself.

        A disk that hangs is one that has been asked for longer than a healthy one needs.
        """
        since_us = self._board.spool_since_us(worker)
        hangs = since_us != 0 and time.monotonic_ns() // 1000 - since_us >= SPOOL_PATIENCE_US
        return not (state.failing or hangs)

    def _mute(self, now_us: int) -> frozenset[int]:
        """Workers whose relay has not said for a while that it is there."""
        beats = {each: self._board.state(relay_row(each)).beat_us for each in range(self._workers)}
        silent = {each for each, beat_us in beats.items() if now_us - beat_us >= STALE_BEAT_US}
        return frozenset(silent if self._has_relays else ())

    def _with_relay(self, worker: int, ingest: WorkerState, now_us: int) -> WorkerState:
        """A worker is as busy as the busier of the two that a call of its needs."""
        relay = self._board.state(relay_row(worker))
        if now_us - relay.beat_us >= STALE_BEAT_US:
            return ingest
        return replace(
            ingest,
            busy_permille=max(ingest.busy_permille, relay.busy_permille),
            late_ms=max(ingest.late_ms, relay.late_ms),
        )

    def _free(self) -> tuple[int, int]:
        """Bytes and inodes of the spool; a spool that is gone has none."""
        try:
            disk = os.statvfs(self._spool)
        except OSError:
            return 0, 0
        # Some file systems make inodes as needed and report none at all.
        inodes = disk.f_favail if disk.f_files else self._limits.min_free_inodes
        return disk.f_bavail * disk.f_frsize, inodes
