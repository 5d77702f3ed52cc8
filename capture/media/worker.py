"""An ingest worker: sweeps its share of the recordings and seals them, until it is told to stop.

The loop around `Sweeper`, and the link to signalling. Holds the data keys of live parts and
nothing that opens a closed one.
"""

import gc
import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from archive.ids import RecordingId
from capture.holder.client import HolderClient
from capture.holder.landing_buffer import LandingRing
from capture.holder.relay_buffer import RelayRing
from capture.holder.relay_table import RelayTable
from capture.holder.worker_board import Board, WorkerState
from capture.links.client_link import ClientLink
from capture.links.framed_messages import Ping, Pong
from capture.links.recorder_messages import (
    Close,
    Everything,
    Hello,
    Message,
    MessageStream,
    PartBegins,
    Record,
    Unkept,
    Unproved,
)
from capture.media.durability import Syncer
from capture.media.open_part import Writer
from capture.media.parts import PartLimits, Parts
from capture.media.relay_intake import RelayIntake, scratch_ring
from capture.media.reports import Reports
from capture.media.roster import Roster, Share
from capture.media.schedule import Batch, Schedule
from capture.media.spool_trial import SpoolTrial
from capture.media.sweep import Sweeper
from capture.media.sweep_writer import SweepWriter

BEAT_S: Final = 1.0

log = structlog.get_logger("capture.ingest")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPlan:
    number: int
    workers: int
    holder: Path
    link: Path
    volumes: tuple[Path, ...]
    own_file_system: bool
    writer: Writer
    sweep_s: float
    limits: PartLimits


class Worker:
    """One ingest process; `run` is its life."""

    def __init__(self, plan: WorkerPlan, holder: HolderClient, wall_us: Callable[[], int]) -> None:
        self._plan, self._wall_us = plan, wall_us
        ring = LandingRing(holder.take_one(f"ring-{plan.number}"))
        if ring.is_new:
            ring.begin(wall_us())
        self._board = Board(holder.take_one("board"))
        self._writing = writing = SweepWriter(lambda live: self._parts.open(live))
        self._sweeper = Sweeper(ring, self._board, writing)
        self._parts = Parts(plan.volumes, plan.writer, writing.bench, plan.limits, wall_us)
        self._gatherer = self._gatherer_of(holder, writing)
        self._reports = Reports(self._sweeper.statistics, plan.writer.node.raw.hex().encode())
        self._roster = Roster(
            Share(
                plan.number,
                plan.workers,
                holder.take(f"rtp-{plan.number}"),
                holder.take(f"rtcp-{plan.number}"),
            ),
            self._sweeper,
            self._parts,
            self._reports,
            Schedule(plan.sweep_s, time.monotonic()),
            self._gatherer,
        )
        self._syncer = Syncer(
            plan.volumes,
            whole_file_system=plan.own_file_system,
            open_parts=self._roster.descriptors,
            trial=SpoolTrial(plan.volumes, partial(self._board.show_spool, plan.number)),
        )
        self._parts.syncers.append(self._syncer)
        self._parts.announce = self._part_begins
        self._link = ClientLink[Message](plan.link, MessageStream)
        self._linked = -1
        self._roster.say = self._say
        self._waits_for_landed = bool(ring.landed()) or self._gatherer.waits
        self._roster.waits_for_landed = self._waits_for_landed
        # Until when all that signalling had to say is heard here; 0 where the link broke since.
        self._heard_all_us = 0
        self._beat_at_s = time.monotonic()
        self._busy_s = self._late_s = 0.0
        self._told_trouble = self._told_sync = ""

    def _gatherer_of(self, holder: HolderClient, writing: SweepWriter) -> RelayIntake:
        """What takes the packets of inline calls, whose relay may be there or not."""
        relayed = RelayRing(holder.take_one(f"relay-ring-{self._plan.number}"))
        if relayed.is_new:
            relayed.begin(self._wall_us())
        table = RelayTable(holder.take_one("relay-table"), self._board.pairs)
        return RelayIntake(relayed, table, Sweeper(scratch_ring(), self._board, writing))

    def run(self, stopping: Callable[[], bool]) -> None:
        """Sweep until `stopping` says so; then end every part in order."""
        self._syncer.start()
        # What is alive now stays alive, and the sweep makes no cycles: collect once a beat.
        gc.freeze()
        gc.disable()
        self._beat(time.monotonic() + BEAT_S)
        while not stopping():
            self._wait()
            began = time.monotonic()
            self._sweep_due(began)
            self._housekeeping(began)
            self._busy_s += time.monotonic() - began
        for live in list(self._roster.recordings.values()):
            self._sweeper.sweep([live], self._roster.clock_offset_us)
            self._gatherer.gather([live], self._roster.clock_offset_us)
            self._parts.end(live, "node_stopped", last=False)
        self._syncer.stop()

    def _wait(self) -> None:
        """Until a batch is due, RTCP arrives, or signalling says something."""
        now = time.monotonic()
        due = self._roster.schedule.next_due_s()
        until = min(self._beat_at_s + BEAT_S, due if due is not None else now + BEAT_S)
        until = min(until, self._link.next_due_s(now))
        for descriptor, _ in self._roster.epoll.poll(max(0.0, until - now)):
            if descriptor == self._linked:
                self._read_link()
            else:
                self._roster.heard_rtcp(descriptor)

    def _sweep_due(self, now: float) -> None:
        if self._waits_for_landed:
            return
        self._roster.clock_offset_us = self._wall_us() - time.monotonic_ns() // 1000
        while (turn := self._roster.schedule.take_due(now)) is not None:
            batch, late_s = turn
            self._late_s = max(self._late_s, late_s)
            self._sweep(batch, now)
            now = time.monotonic()

    def _sweep(self, batch: Batch, now: float) -> None:
        self._sweeper.sweep(batch.recordings, self._roster.clock_offset_us)
        self._gatherer.gather(batch.recordings, self._roster.clock_offset_us)
        for stream in (*self._sweeper.take_unproved(), *self._gatherer.sweeper.take_unproved()):
            recording, number = stream.recording.recording.raw, stream.wanted.stream
            self._say(Unproved(recording=recording, stream=number))
        for said in self._sweeper.latches.take_said(time.monotonic_ns() // 1000):
            self._say(said)
        for unkept in self._writing.take_unkept():
            log.error("no volume takes a recording")
            self._say(Unkept(recording=unkept.recording.raw))
        self._reports.send_due(batch.recordings, now, self._wall_us())
        for live in batch.recordings:
            self._parts.roll_over(live)

    def _housekeeping(self, now: float) -> None:
        while self._syncer.published:
            token = self._syncer.published.popleft()
            if isinstance(token, bytes):
                self._say(self._roster.published(token))
        if self._syncer.failure is not None:
            self._tell_sync(self._syncer.failure.strerror or "")
            self._syncer.failure = None
            self._parts.volume_failed(list(self._roster.recordings.values()))
        self._tell_trouble(self._syncer.trouble)
        if now >= self._beat_at_s + BEAT_S:
            self._beat(now)
        self._link.flush()
        self._follow_link()
        if self._link.connect(now):
            self._greet()

    def _tell_sync(self, reason: str) -> None:
        """Once for each reason, until the spool is written again: it fails twice a second."""
        if reason != self._told_sync:
            log.error("spool sync failed", reason=reason)
        self._told_sync = reason

    def _tell_trouble(self, trouble: str) -> None:
        if trouble == self._told_trouble:
            return
        if trouble:
            log.error("the spool cannot be written", reason=trouble)
        else:
            self._told_sync = ""
            log.info("the spool is written again")
        self._told_trouble = trouble

    def _beat(self, now: float) -> None:
        share = self._busy_s / (now - self._beat_at_s)
        late_ms = int(self._late_s * 1000)
        failing = any(live.is_unkept for live in self._roster.recordings.values())
        self._board.show(
            self._plan.number,
            WorkerState(min(1000, int(share * 1000)), late_ms, self._wall_us(), failing=failing),
        )
        self._beat_at_s, self._busy_s, self._late_s = now, 0.0, 0.0
        self._roster.pauses.settle(now)
        self._forget_unknown()
        gc.collect(0)

    def _forget_unknown(self) -> None:
        """Nothing for which signalling may have a word on its way: a link that is down, or behind,
        has told nothing of the calls since.
        """
        if lost := self._gatherer.forget_unknown(self._heard_all_us):
            log.warning("relayed packets without a recording", packets=lost)

    # The link to signalling: everything that is wanted comes again after each connection.

    def _greet(self) -> None:
        """Say who we are and what we have; then what was said to a predecessor, which is lost."""
        self._follow_link()
        known = {each: len(live.events) for each, live in self._roster.recordings.items()}
        self._say(Hello(worker=self._plan.number, known=known))
        for live in self._roster.recordings.values():
            if live.next_part > 0:
                self._say(PartBegins(recording=live.recording.raw, part=live.next_part - 1))
        for said in self._sweeper.latches.everything():
            self._say(said)
        self._roster.pauses.repeat(self._say)

    def _read_link(self) -> None:
        for message in self._link.read():
            self._obey(message)
        self._follow_link()

    def _follow_link(self) -> None:
        """Wait for the connection that there is now; one that is closed is gone from epoll."""
        if self._link.descriptor != self._linked:
            self._linked, self._heard_all_us = self._link.descriptor, 0
            if self._linked >= 0:
                self._roster.epoll.register(self._linked, select.EPOLLIN)

    def _obey(self, message: Message) -> None:
        match message:
            case Record():
                self._roster.record(message)
            case Close():
                answer = self._roster.close(message)
                if answer is not None:
                    self._say(answer)
            case Everything():
                if self._waits_for_landed:
                    self._roster.clock_offset_us = self._wall_us() - time.monotonic_ns() // 1000
                    self._roster.adopt_landed()
                self._waits_for_landed = False
            case Ping():
                self._heard_all_us = message.at_us
                self._say(Pong(at_us=message.at_us))

    def _part_begins(self, recording: RecordingId, part: int) -> None:
        """In the holder's memory, which outlives us and signalling, and to signalling."""
        live = self._roster.recordings[recording.raw]
        if part == live.announced_part:  # said before, and then no volume took it
            return
        live.announced_part = part
        pairs = [stream.wanted.pair for stream in live.streams.values()]
        self._board.begin_part(pairs, recording.raw, part)
        self._say(PartBegins(recording=recording.raw, part=part))

    def _say(self, message: Message) -> None:
        self._link.say(message)
