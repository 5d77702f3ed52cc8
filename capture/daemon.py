"""Signalling: the shell around `SipCore` and `RecordingServer`.

Feeds them bytes and the clock, carries out what they say, and keeps their state in the holder's
memory before anybody hears of it. Knows no keys and no catalog.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import structlog

from archive.ids import uuid7
from capture.admission import Limits
from capture.adrift import Adrift
from capture.clocks import Clocks
from capture.collector import Collector, undisturbed
from capture.drain import Drain
from capture.ears import Ears
from capture.endpoints.certificates import TlsFiles, client_context, server_context
from capture.endpoints.tcp import Carrier, TcpEndpoint
from capture.endpoints.udp import UdpEndpoint
from capture.endpoints.wire import PLAIN, TlsWires
from capture.gauge import Gauge
from capture.kept import Shelf
from capture.link import WorkerLink
from capture.live_state import LiveState
from capture.media.board import Board
from capture.media.handover import Handover
from capture.outlook import MetricsPlan, Outlook
from capture.ports import PortPool
from capture.recorder import Answer, Closed, Command, Hello, PartBegins, Unproved
from capture.sdp.crypto import SRTP_SECRET_BYTES
from capture.sip.digest import SALT_BYTES, DigestGuard
from capture.sip.events import Event, MalformedReceived, RequestRefused, SendMessage
from capture.sip.flow import Address, Flow
from capture.sip.stun import answer_to
from capture.sip.user_agent import SipCore
from capture.siprec.clauses import OPTION
from capture.siprec.outputs import Deafen, Listen, Now, Output, Place, ToWorker
from capture.siprec.premises import Premises
from capture.siprec.server import RecordingServer
from capture.siprec.watch import Probe, Timeouts, Watch
from capture.slab import Slab
from capture.source_watch import SeenFile, SourceWatch
from capture.sources import Source, Sources
from capture.status import LiveCalls, Question, Reloaded, StatusSocket, Wish

TICK_S: Final = 0.5
REST_AFTER_RESTART_US: Final = 30_000_000
TOKEN_BYTES: Final = 12
# Nonces of a predecessor are stale: its clients answer a new challenge by themselves.
SECRET_BYTES: Final = 32
REALM: Final = "rokuon"
# How long a stop waits for workers to seal what is up.
END_GRACE_S: Final = 8.0
# How long a start waits for the workers before it takes calls with those that are there.
WORKERS_S: Final = 5.0

log = structlog.get_logger("capture.signalling")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPlan:
    """SIP over TLS: the address that peers know, and the files that it needs."""

    address: Address
    files: TlsFiles


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
    tls: TlsPlan | None = None
    status: Path
    metrics: MetricsPlan = field(default_factory=MetricsPlan)


class Signalling:
    """One process's state; `run` is its life."""

    def __init__(
        self, plan: SignallingPlan, handover: Handover, wall_us: Callable[[], int]
    ) -> None:
        self._plan, self._clocks = plan, Clocks(wall_us)
        self._board = board = Board(handover.take_one("board"))
        self._slab = Slab(handover.take_one("calls"))
        self._ears = Ears([handover.take(f"rtp-{worker}") for worker in range(plan.workers)])
        self._sip = SipCore(node=plan.node[:8].encode(), tokens=_token, options=frozenset({OPTION}))
        self._premises = Premises(
            sip=self._sip,
            sources=Sources(plan.sources),
            ports=PortPool(len(self._ears), plan.workers, int(plan.rest_s * 1e6)),
            place=Place(node=plan.node, address=plan.rtp_address, first_port=plan.first_port),
            fresh_id=lambda now_us: uuid7(now_us, os.urandom(10)),
            fresh_secret=lambda: os.urandom(SRTP_SECRET_BYTES),
            last_arrival_us=board.last_arrival_us,
            guard=DigestGuard(REALM, os.urandom(SECRET_BYTES), lambda: os.urandom(SALT_BYTES)),
            watch=SourceWatch(
                plan.sources, self._clocks.now().us, SeenFile(plan.capture_folder).read()
            ),
        )
        self._outlook = Outlook(plan.capture_folder, self._premises, board, plan.workers)
        self._status = StatusSocket(plan.status, self._told)
        self._drain = Drain(plan.status.parent)
        self._reload: Callable[[], Reloaded] = Reloaded
        self._server = RecordingServer(self._premises)
        self._watch = Watch(plan.timeouts, board.last_arrival_us)
        adrift = Adrift(plan.timeouts, board.last_arrival_us)
        self._state = LiveState(Shelf(self._slab), self._sip, self._server, adrift)
        self._gauge = Gauge(plan.limits, plan.spool, board, self._slab, plan.workers)
        with undisturbed():
            self._go_on()
        self._collector = Collector(time.monotonic())
        self._link = WorkerLink(plan.link, self._commands_for, self._worker_said)
        self._timer: asyncio.TimerHandle | None = None
        self._open_endpoints(handover)
        self._empty = asyncio.Event()
        self._ends = False

    def reloads_by(self, reload: Callable[[], Reloaded]) -> None:
        """How the configuration is read again."""
        self._reload = reload

    def _open_endpoints(self, handover: Handover) -> None:
        local = self._plan.sip
        self._udp = UdpEndpoint(handover.take_one("sip-udp"), local, self._received)
        self._tcp = TcpEndpoint(
            handover.take_one("sip-tcp"),
            local,
            self._received,
            self._is_known,
            Carrier(transport="tcp", wires=PLAIN, handover=handover),
        )
        self._streams = {"tcp": self._tcp}
        self._wires: TlsWires | None = None
        if self._plan.tls is not None:
            self._streams["tls"] = self._tls_endpoint(handover, self._plan.tls)

    def _tls_endpoint(self, handover: Handover, tls: TlsPlan) -> TcpEndpoint:
        self._wires = wires = TlsWires(server_context(tls.files), client_context(tls.files))
        return TcpEndpoint(
            handover.take_one("sip-tls"),
            tls.address,
            self._received,
            self._is_known,
            Carrier(transport="tls", wires=wires),
        )

    def _go_on(self) -> None:
        """Go on where a predecessor was killed."""
        ports, now_us = self._premises.ports, self._clocks.now().us
        unbound = self._ears.unbound()
        for pair in unbound:
            ports.take_here(pair)
        if unbound:
            log.warning("ports taken by other programs", pairs=len(unbound))
        self._state.take_over(now_us)
        for session in self._server.sessions:
            self._watch.see(session)
            # The predecessor may have been killed between keeping the call and hearing it.
            if session.ended is None:
                self._ears.open(stream.pair for stream in session.streams)
        for pair in range(len(self._ears)):
            if now_us - self._board.last_arrival_us(pair) < REST_AFTER_RESTART_US:
                ports.rest(pair, now_us)

    # -- messages -------------------------------------------------------------------------------

    def _is_known(self, host: str, names: tuple[str, ...] = ()) -> bool:
        return self._premises.sources.may_speak(host, names)

    def _received(self, data: bytes, flow: Flow) -> None:
        now = self._clocks.now()
        if not self._is_known(flow.remote.host, flow.names):
            if data.startswith(b"INVITE "):
                self._outlook.strangers.note(flow.remote.host, data, now.us)
            return
        if (keep_alive := answer_to(data, flow.remote)) is not None:
            self._send(SendMessage(flow=flow, data=keep_alive))
            return
        flow = self._as_told(flow)
        self._premises.ladder.received(data, flow, now.us)
        self._carry_out(self._sip.receive(data, flow, now.s), now)

    def _as_told(self, flow: Flow) -> Flow:
        """The flow with our address as this source knows it, which is what our Contact names."""
        source = self._premises.sources.find(flow.remote.host, flow.names)
        if source is None or not source.sip_advertise:
            return flow
        told = Address(source.sip_advertise, flow.local.port)
        return msgspec.structs.replace(flow, local=told)

    def _carry_out(self, outputs: Iterable[Event | SendMessage], now: Now) -> None:
        """React to what the SIP layer says, keep the state, then do what is to be done."""
        todo: list[Output] = []
        for output in outputs:
            match output:
                case SendMessage():
                    self._premises.ladder.sent(output.data, output.flow, now.us)
                    todo.append(output)
                case MalformedReceived():
                    log.info(
                        "malformed message",
                        peer=output.flow.remote.host,
                        clause=output.clause,
                        status=output.answered_with,
                    )
                    self._server.malformed(output, now)
                case RequestRefused():
                    log.info("request refused", status=output.status)
                    self._server.refused(output, now)
                case _:
                    todo += self._server.handle(output, now)
        self._do(todo)

    def _do(self, todo: list[Output]) -> None:
        self._state.persist()
        for output in todo:
            match output:
                case Listen():
                    self._ears.open(output.pairs)
                case Deafen():
                    self._ears.close(output.pairs)
                case ToWorker():
                    self._link.tell(output.worker, output.command)
                case SendMessage():
                    self._send(output)
        fresh = self._server.sessions.take_fresh()
        for session in fresh:
            self._watch.see(session)
        if fresh:
            # Hundreds of calls may begin between two ticks; the last that fits is the last taken.
            self._see_room(self._clocks.now())
        self._set_timer()

    def _send(self, message: SendMessage) -> None:
        endpoint = self._streams.get(message.flow.transport)
        if endpoint is not None:
            endpoint.send(message.flow, message.data)
        elif message.flow.transport == "udp":
            self._udp.send(message.flow, message.data)

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
        now = self._clocks.now()
        self._carry_out(self._sip.expire_timers(now.s), now)

    # -- workers --------------------------------------------------------------------------------

    def _commands_for(self, worker: int) -> list[Command]:
        """Everything a worker must know; of the numbers of parts also what nobody heard."""
        for session in self._server.sessions.of_worker(worker):
            for each in session.recordings:
                begun = self._board.next_part(session.pairs, each.recording)
                self._server.part_begins(each.recording, begun - 1)
        self._state.persist()
        return self._state.commands_for(worker)

    def _worker_said(self, answer: Answer) -> None:
        match answer:
            case PartBegins():
                self._server.part_begins(answer.recording, answer.part)
            case Unproved():
                now = self._clocks.now()
                self._do(self._server.unproved(answer.recording, answer.stream, now))
            case Closed():
                self._state.closed(answer.recording, self._clocks.now())
            case Hello():
                pass
        self._state.persist()
        if not len(self._server.sessions):
            self._empty.set()

    # -- twice a second -------------------------------------------------------------------------

    def _tick(self) -> None:
        now = self._clocks.now()
        self._see_room(now)
        self._see_clock(now)
        todo = [*self._state.end_adrift(now), *self._server.ask_again(now)]
        todo += [*self._server.settle_ladders(), *self._server.ledger_pages(now)]
        for verdict in list(self._watch.due(now.us, self._server.sessions.get)):
            dialog = verdict.session.dialog
            if isinstance(verdict, Probe):
                todo += self._server.probe(dialog, now)
            else:
                todo += self._server.end(dialog, verdict.reason, now, say_bye=True)
        self._do(todo)
        self._outlook.turn(self._gauge, now)
        self._collector.turn(self._server.sessions.live, now.s)

    def _see_room(self, now: Now) -> None:
        """Take calls or refuse them from now on."""
        self._gauge.draining = self._drain.wanted or self._ends
        self._premises.vacancy = self._gauge.look(self._server.sessions.live, now.us)

    def _told(self, question: Question) -> LiveCalls:
        """Do what an operator wishes, and answer."""
        reloaded = Reloaded()
        match question.wish:
            case Wish.DRAIN | Wish.TAKE_CALLS:
                self._drain.want(wanted=question.wish is Wish.DRAIN)
                self._see_room(self._clocks.now())
            case Wish.RELOAD:
                reloaded = self._reload()
        found = self._outlook.live(question)
        return msgspec.structs.replace(found, draining=self._drain.wanted, reloaded=reloaded)

    def _see_clock(self, now: Now) -> None:
        """A step of the wall clock looks like silence on every call at once; it is none."""
        step_us = self._clocks.step_us(now)
        if step_us:
            log.warning("the clock was set", by_s=step_us // 1_000_000)
            self._server.clock_stepped(now)
            self._state.adrift.clock_stepped(now.us)

    # -- life -----------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Answer until `stop`; then end every call in order."""
        await self._link.open()
        await self._status.open()
        self._outlook.serve(self._plan.metrics)
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
        self._ends = True
        now = self._clocks.now()
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
        self._status.close()

    def reconfigure(self, sources: tuple[Source, ...], tls: TlsPlan | None) -> None:
        """Other sources and certificates from now on; calls that are up go on as they are.

        Raises `CertificatesUnusable`, and nothing has changed.
        """
        if tls is not None and self._wires is not None:
            self._wires.use(server_context(tls.files), client_context(tls.files))
        live = {session.call.peer for session in self._server.sessions}
        self._premises.sources = Sources(sources, frozenset(live))
        self._premises.watch.configure(sources, self._clocks.now().us)
        log.info("sources and certificates are read again", sources=len(sources))


def _token() -> bytes:
    return os.urandom(TOKEN_BYTES).hex().encode()
