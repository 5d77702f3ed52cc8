"""Signalling: the shell around `SipCore` and `RecordingServer`.

Feeds them bytes and the clock, carries out what they say, and keeps their state in the holder's
memory before anybody hears of it. Knows no keys and no catalog.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from archive.ids import uuid7
from capture.admission import (
    MAX_BUSY_PERMILLE,
    MAX_LATE_MS,
    Limits,
    Room,
    Vacancy,
    preferred,
    refusal,
)
from capture.adrift import Adrift
from capture.collector import Collector, undisturbed
from capture.endpoints.tcp import TcpEndpoint
from capture.endpoints.udp import UdpEndpoint
from capture.kept import Essentials, Kind, Shelf
from capture.link import WorkerLink
from capture.media.board import Board
from capture.media.handover import Handover
from capture.media.holder import is_bound
from capture.media.kernel import close_ears, open_ears
from capture.ports import PortPool
from capture.recorder import Answer, Closed, Command, Hello, PartBegins
from capture.sip.events import Event, MalformedReceived, RequestRefused, SendMessage
from capture.sip.flow import Address, Flow
from capture.sip.user_agent import SipCore
from capture.siprec.clauses import OPTION
from capture.siprec.outputs import Deafen, Listen, Now, Output, Place, ToWorker
from capture.siprec.premises import Premises
from capture.siprec.server import RecordingServer
from capture.siprec.session import RecordingSession
from capture.siprec.watch import Probe, Timeouts, Watch
from capture.slab import Slab
from capture.sources import Source, Sources, Strangers

TICK_S: Final = 0.5
# A clock that is disciplined gains microseconds in a tick; this one was set, or the host slept.
CLOCK_STEP_US: Final = 5_000_000
STALE_BEAT_US: Final = 5_000_000
# What a call of two streams with its metadata takes in the slab, with room to grow.
CELLS_A_CALL: Final = 64
REST_AFTER_RESTART_US: Final = 30_000_000
TOKEN_BYTES: Final = 12
UNKNOWN_FILE: Final = "unknown-sources.jsonl"
# How long a stop waits for workers to seal what is up.
END_GRACE_S: Final = 8.0
# How long a start waits for the workers before it takes calls with those that are there.
WORKERS_S: Final = 5.0

log = structlog.get_logger("capture.signalling")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignallingPlan:
    """What signalling is started with."""

    node: str
    holder: Path
    link: Path
    spool: Path
    capture_folder: Path
    sip: Address
    rtp_address: str
    first_port: int
    workers: int
    rest_s: float
    sources: tuple[Source, ...]
    limits: Limits
    timeouts: Timeouts


class Signalling:
    """One process's state; `run` is its life."""

    def __init__(
        self, plan: SignallingPlan, handover: Handover, wall_us: Callable[[], int]
    ) -> None:
        self._plan, self._wall_us = plan, wall_us
        self._board = Board(handover.take_one("board"))
        self._slab = Slab(handover.take_one("calls"))
        self._shelf = Shelf(self._slab)
        self._ears = _interleaved(
            [handover.take(f"rtp-{worker}") for worker in range(plan.workers)]
        )
        self._sources, self._strangers = Sources(plan.sources), Strangers()
        self._sip = SipCore(node=plan.node[:8].encode(), tokens=_token, options=frozenset({OPTION}))
        ports = PortPool(len(self._ears), plan.workers, int(plan.rest_s * 1e6))
        self._premises = Premises(
            sip=self._sip,
            sources=self._sources,
            ports=ports,
            place=Place(node=plan.node, address=plan.rtp_address, first_port=plan.first_port),
            fresh_id=lambda now_us: uuid7(now_us, os.urandom(10)),
            last_arrival_us=self._board.last_arrival_us,
        )
        self._server = RecordingServer(self._premises)
        self._watch = Watch(plan.timeouts, self._board.last_arrival_us)
        self._adrift = Adrift(plan.timeouts, self._board.last_arrival_us)
        unbound = [pair for pair, ear in enumerate(self._ears) if not is_bound(ear)]
        for pair in unbound:
            ports.take_here(pair)
        if unbound:
            log.warning("ports taken by other programs", pairs=len(unbound))
        with undisturbed():
            self._restore(ports)
        self._collector = Collector(time.monotonic())
        self._link = WorkerLink(plan.link, self._commands_for, self._worker_said)
        self._timer: asyncio.TimerHandle | None = None
        self._udp = UdpEndpoint(handover.take_one("sip-udp"), plan.sip, self._received)
        self._tcp = TcpEndpoint(
            handover.take_one("sip-tcp"), plan.sip, self._received, handover, self._is_known
        )
        self._draining = False
        self._empty = asyncio.Event()
        self._strangers_written = 0
        self._clock_offset_us = _offset_us(self._now())

    # -- state ----------------------------------------------------------------------------------

    def _restore(self, ports: PortPool) -> None:
        """Go on where a predecessor was killed."""
        now_us = self._wall_us()
        unread = self._shelf.take_over(
            {Kind.CALL: self._sip.restore, Kind.SESSION: self._server.restore}
        )
        self._adrift.take(unread, now_us)
        for pair in self._adrift.pairs():
            ports.take_here(pair)
        for session in self._server.sessions:
            self._watch.see(session)
            # The predecessor may have been killed between keeping the call and hearing it.
            if session.ended is None:
                self._set_ears(tuple(stream.pair for stream in session.streams), open_ears)
        for pair in range(len(self._ears)):
            if now_us - self._board.last_arrival_us(pair) < REST_AFTER_RESTART_US:
                ports.rest(pair, now_us)
        if len(self._server.sessions):
            log.warning("live calls taken over", calls=len(self._server.sessions))
        if unread:
            log.error(
                "calls of another version are recorded on until they are silent",
                calls=len(self._adrift),
                versions=sorted({kept.version for _, kept in unread}),
            )

    def _persist(self) -> None:
        """Keep what changed, before a byte of it leaves."""
        for call_id, call in self._sip.take_changed().items():
            self._shelf.keep_call(call_id, call)
        for recording, state in self._server.sessions.take_changed().items():
            session = self._server.sessions.get(recording)
            kept = None if not (session and state) else (_essentials(session), state)
            self._shelf.keep_session(recording, kept)

    def _commands_for(self, worker: int) -> list[Command]:
        """Everything a worker must know; of the numbers of parts also what nobody heard."""
        for session in self._server.sessions.of_worker(worker):
            begun = self._board.next_part(session.pairs, session.recording)
            self._server.part_begins(session.recording, begun - 1)
        self._persist()
        return [*self._server.commands_for(worker), *self._adrift.commands_for(worker)]

    def _end_adrift(self, now: Now) -> list[Output]:
        """Calls of another version that are silent by now, and the memory of those before them."""
        self._shelf.forget(self._adrift.take_marks())
        todo: list[Output] = []
        for session, close in self._adrift.over(now.us):
            todo += [Deafen(session.pairs), ToWorker(session.worker, close)]
        return todo

    # -- events ---------------------------------------------------------------------------------

    def _now(self) -> Now:
        return Now(time.monotonic(), self._wall_us())

    def _is_known(self, host: str) -> bool:
        return self._sources.find(host) is not None

    def _received(self, data: bytes, flow: Flow) -> None:
        now = self._now()
        if not self._is_known(flow.remote.host):
            if data.startswith(b"INVITE "):
                self._strangers.note(flow.remote.host, now.us)
            return
        self._carry_out(self._sip.receive(data, flow, now.s), now)

    def _carry_out(self, outputs: Iterable[Event | SendMessage], now: Now) -> None:
        """React to what the SIP layer says, keep the state, then do what is to be done."""
        todo: list[Output] = []
        for output in outputs:
            match output:
                case SendMessage():
                    todo.append(output)
                case MalformedReceived():
                    log.info("malformed message", clause=output.clause, status=output.answered_with)
                case RequestRefused():
                    log.info("request refused", status=output.status)
                case _:
                    todo += self._server.handle(output, now)
        self._do(todo)

    def _do(self, todo: list[Output]) -> None:
        self._persist()
        for output in todo:
            match output:
                case Listen():
                    self._set_ears(output.pairs, open_ears)
                case Deafen():
                    self._set_ears(output.pairs, close_ears)
                case ToWorker():
                    self._link.tell(output.worker, output.command)
                case SendMessage():
                    self._send(output)
        fresh = self._server.sessions.take_fresh()
        for session in fresh:
            self._watch.see(session)
        if fresh:
            # Hundreds of calls may begin between two ticks; the last that fits is the last taken.
            self._see_room(self._now())
        self._set_timer()

    def _set_ears(self, pairs: tuple[int, ...], change: Callable[[int], None]) -> None:
        for pair in pairs:
            change(self._ears[pair])

    def _send(self, message: SendMessage) -> None:
        endpoint = self._udp if message.flow.transport == "udp" else self._tcp
        endpoint.send(message.flow, message.data)

    def _worker_said(self, answer: Answer) -> None:
        match answer:
            case PartBegins():
                self._server.part_begins(answer.recording, answer.part)
            case Closed():
                self._closed(answer.recording)
            case Hello():
                pass
        self._persist()
        if not len(self._server.sessions):
            self._empty.set()

    def _closed(self, recording: bytes) -> None:
        now = self._now()
        self._server.closed(recording, now)
        if (session := self._adrift.closed(recording)) is not None:
            self._premises.ports.give_back(session.pairs, now.us)

    def _set_timer(self) -> None:
        due_s = self._sip.next_deadline_s()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if due_s is not None:
            delay_s = max(0.0, due_s - time.monotonic())
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._expire)

    def _expire(self) -> None:
        self._timer = None
        now = self._now()
        self._carry_out(self._sip.expire_timers(now.s), now)

    # -- twice a second -------------------------------------------------------------------------

    def _tick(self) -> None:
        now = self._now()
        self._see_room(now)
        self._see_clock(now)
        todo = self._end_adrift(now)
        for verdict in list(self._watch.due(now.us, self._server.sessions.get)):
            dialog = verdict.session.dialog
            if isinstance(verdict, Probe):
                todo += self._server.probe(dialog, now)
            else:
                todo += self._server.end(dialog, verdict.reason, now, say_bye=True)
        self._do(todo)
        self._write_strangers()
        self._collector.turn(self._server.sessions.live, now.s)

    def _see_clock(self, now: Now) -> None:
        """A step of the wall clock looks like silence on every call at once; it is none."""
        offset_us = _offset_us(now)
        if abs(offset_us - self._clock_offset_us) >= CLOCK_STEP_US:
            log.warning("the clock was set", by_s=(offset_us - self._clock_offset_us) // 1_000_000)
            self._server.clock_stepped(now)
            self._adrift.clock_stepped(now.us)
        self._clock_offset_us = offset_us

    def _see_room(self, now: Now) -> None:
        """Take calls or refuse them from now on; a change is worth a line in the log."""
        before, room = self._premises.vacancy.full, self._room(now.us)
        full = refusal(room, self._plan.limits)
        self._premises.vacancy = Vacancy(full, room.workers)
        if full is not None and full is not before:
            log.warning("new calls are refused", reason=full.value)
        elif full is None and before is not None:
            log.info("new calls are taken again")

    def _room(self, now_us: int) -> Room:
        disk = os.statvfs(self._plan.spool)
        # A worker that was killed is replaced in a second, and its calls go on: it still counts.
        states = {worker: self._board.state(worker) for worker in range(self._plan.workers)}
        alive = {w: s for w, s in states.items() if now_us - s.beat_us < STALE_BEAT_US}
        able = preferred(
            {
                worker: state.busy_permille
                for worker, state in alive.items()
                if state.busy_permille < MAX_BUSY_PERMILLE and state.late_ms < MAX_LATE_MS
            }
        )
        return Room(
            calls=self._server.sessions.live,
            workers=able,
            all_busy=bool(alive) and not able,
            free_bytes=disk.f_bavail * disk.f_frsize,
            # Some file systems make inodes as needed and report none at all.
            free_inodes=disk.f_favail if disk.f_files else self._plan.limits.min_free_inodes,
            free_cells=self._slab.free_cells - CELLS_A_CALL,
            draining=self._draining,
        )

    def _write_strangers(self) -> None:
        """Show unknown callers to `rokuon source unknown`, when there are new ones."""
        total = self._strangers.total
        if total == self._strangers_written:
            return
        self._strangers_written = total
        draft = self._plan.capture_folder / f".{UNKNOWN_FILE}.draft"
        draft.write_text(self._strangers.as_lines(), "utf-8")
        draft.rename(draft.with_name(UNKNOWN_FILE))

    # -- life -----------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Answer until `stop`; then end every call in order."""
        await self._link.open()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._link.complete(self._plan.workers), WORKERS_S)
        self._tick()
        ready()
        while not stop.is_set():
            self._tick()
            try:
                await asyncio.wait_for(stop.wait(), TICK_S)
            except TimeoutError:
                continue
        await self._end_all()

    async def _end_all(self) -> None:
        """A stop that was asked for: say BYE, close each recording, wait until it is sealed."""
        self._draining = True
        now = self._now()
        self._see_room(now)
        todo: list[Output] = []
        for session in self._server.sessions:
            todo += self._server.end(session.dialog, "node_stopped", now, say_bye=True)
        self._do(todo)
        if len(self._server.sessions):
            self._empty.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), END_GRACE_S)
        self._link.close()


def _token() -> bytes:
    return os.urandom(TOKEN_BYTES).hex().encode()


def _essentials(session: RecordingSession) -> Essentials:
    return Essentials(
        recording=session.recording,
        worker=session.worker,
        pairs=session.pairs,
        created_us=session.created_us,
    )


def _offset_us(now: Now) -> int:
    """The wall clock less the monotonic one."""
    return now.us - int(now.s * 1_000_000)


def _interleaved(shares: list[list[int]]) -> list[int]:
    """Descriptors by pair number: pair n is entry n // workers of worker n % workers."""
    total = sum(len(share) for share in shares)
    return [shares[pair % len(shares)][pair // len(shares)] for pair in range(total)]
