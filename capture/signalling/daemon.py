"""Signalling: the shell around `SipCore` and the servers of both front doors.

Feeds them bytes and the clock, carries out what they say, and keeps their state in the holder's
memory before anybody hears of it. Knows no keys and no catalog.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Final

import msgspec
import structlog

from archive.call.event_values import EndReason
from archive.call.live import CONTROLS, LiveCalls, Question, Reloaded, Wish
from capture.admission.capacity_gauge import Gauge
from capture.admission.drain import Drain
from capture.admission.startup_queue import StartupQueue
from capture.endpoints.rtp_sockets import RtpSockets
from capture.endpoints.tcp import UpperLayer
from capture.endpoints.transports import TlsPlan, Transports
from capture.holder.client import HolderClient
from capture.holder.slab import Slab
from capture.holder.state_record import StateStore
from capture.holder.worker_board import Board
from capture.inline.server import InlineServer
from capture.inline.state.exchange import Switch
from capture.links.link_server import ask, away, complete_within
from capture.links.recorder_messages import (
    Answer,
    Closed,
    Command,
    Hello,
    PartBegins,
    PauseBegan,
    PauseEnded,
    SenderAside,
    SenderHeard,
    Unkept,
    Unproved,
)
from capture.links.relay_link import RelayLink
from capture.links.relay_messages import RelayAnswer
from capture.links.worker_link import WorkerLink
from capture.peers.sources import Source, Sources
from capture.recording.outputs import Find, Now, Output
from capture.recording.pause_control import ControlRefused, told
from capture.recording.session_timeouts import SessionTimeouts
from capture.signalling.clocks import Clocks
from capture.signalling.event_dispatch import EventDispatch
from capture.signalling.garbage_collector import Collector, undisturbed
from capture.signalling.live_control import Control
from capture.signalling.live_state import LiveState, pairs_heard
from capture.signalling.output_runner import OutputRunner
from capture.signalling.startup_plan import SignallingPlan, core_of, exchange_of, node_of
from capture.signalling.stray_codecs import StrayCodecs
from capture.signalling.target_lookup import Look, TargetLookup
from capture.signalling.unreadable_calls import UnreadableCalls
from capture.sip.events import Event, MalformedReceived, RequestRefused, SendMessage
from capture.sip.flow import Address, Flow
from capture.sip.stun import answer_to
from capture.sip.targets import Hop
from capture.siprec.server import RecordingServer
from capture.status.publisher import StatusPublisher
from capture.status.refusal_log import write_refusals
from capture.status.status_socket import StatusSocket

TICK_S: Final = 0.5
REST_AFTER_RESTART_US: Final = 30_000_000
# How long a stop waits for workers to seal what is up.
END_GRACE_S: Final = 8.0
# How long a start waits for the workers before it takes calls with those that are there.
WORKERS_S: Final = 5.0

log = structlog.get_logger("capture.signalling")


class Signalling:
    """One process's state; `run` is its life."""

    def __init__(
        self, plan: SignallingPlan, holder: HolderClient, wall_us: Callable[[], int], look: Look
    ) -> None:
        self._plan, self._clocks, self._holder = plan, Clocks(wall_us), holder
        self._board = board = Board(holder.take_one("board"))
        self._slab = Slab(holder.take_one("calls"))
        self._rtp = RtpSockets([holder.take(f"rtp-{worker}") for worker in range(plan.workers)])
        self._sip = core_of(plan)
        now_us = self._clocks.now().us
        self._node = node_of(plan, self._sip, len(self._rtp), board, now_us)
        self._publisher = StatusPublisher(plan.capture_folder, self._node, board, plan.workers)
        self._status = StatusSocket(plan.status, self._told)
        self._drain = Drain(plan.status.parent)
        self._reload: Callable[[], Reloaded] = Reloaded
        self._server = RecordingServer(self._node)
        self._inline = InlineServer(exchange_of(plan, self._node))
        self._dispatch = EventDispatch(self._server, self._inline)
        self._control = Control(self._node, self._dispatch)
        self._publisher.inline = self._inline.view
        self._timeouts = SessionTimeouts(plan.timeouts, board.last_arrival_us)
        self._strays = StrayCodecs(board, self._node)
        absences, store = self._timeouts.absences, StateStore(self._slab)
        unreadable = UnreadableCalls(plan.timeouts, board.last_arrival_us, absences)
        self._state = LiveState(store, self._sip, self._server, self._inline, unreadable)
        self._gauge = Gauge(
            plan.limits, plan.spool, board, self._slab, plan.workers, has_relays=plan.switch.is_open
        )
        with undisturbed():
            self._go_on()
        self._collector = Collector(time.monotonic())
        self._open(holder, look)
        self._startup_queue = StartupQueue()
        self._timer: asyncio.TimerHandle | None = None
        self._empty = asyncio.Event()
        self._ends = False

    def _open(self, holder: HolderClient, look: Look) -> None:
        """The parts of the shell by which others are heard and told."""
        plan = self._plan
        above = UpperLayer(
            receive=self._received, known_as=self._known_as, unreached=self._unreached
        )
        self._transports = Transports(holder, plan.sip, plan.tls, above)
        self._lookup = TargetLookup(look, self._found)
        self._link = WorkerLink(plan.link, self._commands_for, self._worker_said)
        self._relays = RelayLink(plan.relay_link, self._inline.relay_calls, self._relay_said)
        self._links = (self._link, self._relays) if plan.switch.is_open else (self._link,)
        self._publisher.relay_loops = self._relays.loops
        self._runner = OutputRunner(
            sockets=self._rtp,
            workers=self._link,
            relays=self._relays,
            lookup=self._lookup,
            transports=self._transports,
        )

    def reloads_by(self, reload: Callable[[], Reloaded]) -> None:
        """How the configuration is read again."""
        self._reload = reload

    def _go_on(self) -> None:
        """Go on where a predecessor was killed."""
        ports, now_us = self._node.capacity.ports, self._clocks.now().us
        unbound = self._rtp.unbound()
        for pair in unbound:
            ports.take_here(pair)
        if unbound:
            log.warning("ports taken by other programs", pairs=len(unbound))
        self._state.take_over(now_us)
        self._node.peers.sources = Sources(self._plan.sources, self._sip.owners())
        for session in self._server.sessions:
            self._timeouts.see(session)
            # The predecessor may have been killed between keeping the call and hearing it.
            if session.ended is None:
                self._rtp.open(pairs_heard(session))
        for pair in range(len(self._rtp)):
            if now_us - self._board.last_arrival_us(pair) < REST_AFTER_RESTART_US:
                ports.rest(pair, now_us)

    # -- messages -------------------------------------------------------------------------------

    def _known_as(self, host: str, names: tuple[str, ...] = ()) -> str:
        known = self._node.peers.sources.known_as(host, names)
        return known or (host if self._dispatch.may_speak(host) else "")

    def _received(self, data: bytes, flow: Flow) -> None:
        now = self._clocks.now()
        if not self._known_as(flow.remote.host, flow.names):
            if data.startswith(b"INVITE "):
                self._publisher.unknown.note(flow.remote.host, data, now.us)
            return
        if (keep_alive := answer_to(data, flow.remote)) is not None:
            self._transports.send(SendMessage(flow=flow, data=keep_alive))
            return
        if self._startup_queue.keeps(data, flow):
            return
        flow = self._node.peers.sources.as_told(flow)
        self._node.ladder.received(data, flow, now.us)
        self._carry_out(self._sip.receive(data, flow, now.s), now)

    def _unreached(self, flow: Flow, live: frozenset[int]) -> None:
        now = self._clocks.now()
        self._node.ladder.gone(flow.connection)
        self._carry_out(self._sip.unreached(flow, now.s, live), now)

    def _carry_out(self, outputs: Iterable[Event | SendMessage], now: Now) -> None:
        """React to what the SIP layer says, keep the state, then do what is to be done."""
        todo: list[Output] = []
        for output in outputs:
            match output:
                case SendMessage():
                    self._node.ladder.sent(output.data, output.flow, now.us)
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
                    todo += self._dispatch.handle(output, now)
        self._do(todo)
        write_refusals(self._node.ledger.unlogged)
        self._see_empty()

    def _do(self, todo: list[Output]) -> None:
        self._state.persist()
        for output in todo:
            self._runner.do(output)
        fresh = self._server.sessions.take_fresh()
        for session in fresh:
            self._timeouts.see(session)
        if fresh:
            # Hundreds of calls may begin between two ticks; the last that fits is the last taken.
            self._see_room(self._clocks.now())
        self._set_timer()

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
            case PauseBegan() | PauseEnded():
                self._do(told(self._node, answer))
            case Unproved() | SenderHeard() | SenderAside():
                self._do(self._server.stream_said(answer, self._clocks.now()))
            case Unkept():
                self._do(self._dispatch.unkept(answer.recording, self._clocks.now()))
            case Closed():
                self._state.closed(answer, self._clocks.now())
            case Hello():
                pass
        self._state.persist()
        self._see_empty()

    @property
    def _is_busy(self) -> bool:
        """Is a call up, or a registrar still to say goodbye?"""
        return bool(len(self._server.sessions)) or self._dispatch.is_leaving

    def _see_empty(self) -> None:
        if not self._is_busy:
            self._empty.set()

    def _relay_said(self, answer: RelayAnswer) -> None:
        self._do(self._inline.relay_said(answer, self._clocks.now()))

    def _found(self, wanted: Find, hops: tuple[Hop, ...]) -> None:
        """A name was looked up, or could not be."""
        places: list[tuple[str, Address]] = [(hop.transport, hop.remote) for hop in hops]
        self._do(self._dispatch.found(wanted, places, self._clocks.now()))

    # -- twice a second -------------------------------------------------------------------------

    def _tick(self) -> None:
        now = self._clocks.now()
        ask(self._links, now.us)
        self._see_room(now)
        self._see_clock(now)
        todo = [*self._state.end_unreadable(now), *self._server.ask_again(now)]
        todo += [*self._server.settle_ladders(), *self._server.ledger_pages(now)]
        todo += [*self._dispatch.tick(now), *self._control.end_late(now)]
        todo += self._strays.turn(now)
        self._timeouts.absences.note(away(self._links, self._plan.workers), now.us)
        for verdict in list(self._timeouts.due(now.us, self._server.sessions.get)):
            todo += self._dispatch.judged(verdict, now)
        self._do(todo)
        write_refusals(self._node.ledger.unlogged)
        self._publisher.turn(self._gauge, now)
        self._collector.turn(self._server.sessions.live, now.s)

    def _see_room(self, now: Now) -> None:
        """Take calls or refuse them from now on."""
        self._gauge.draining = self._drain.wanted or self._ends
        calls, capacity = self._server.sessions.live, self._node.capacity
        capacity.vacancy = self._gauge.look(calls, now.us, has_ports=capacity.has_ports(now.us))

    def _told(self, question: Question) -> LiveCalls:
        """Do what an operator wishes, and answer."""
        reloaded, refused = Reloaded(), ""
        match question.wish:
            case Wish.DRAIN | Wish.TAKE_CALLS:
                self._drain.want(wanted=question.wish is Wish.DRAIN)
                self._see_room(self._clocks.now())
            case Wish.RELOAD:
                reloaded = self._reload()
            case wish if wish in CONTROLS:
                refused = self._controlled(question)
        found = self._publisher.live(question, self._gauge)
        return msgspec.structs.replace(
            found, draining=self._drain.wanted, reloaded=reloaded, refused=refused
        )

    def _controlled(self, question: Question) -> str:
        """Do what is wished of a live call; why not, "" where it is done."""
        try:
            self._do(self._control.obey(question, self._clocks.now()))
        except ControlRefused as refusal:
            return refusal.why.value
        return ""

    def _see_clock(self, now: Now) -> None:
        """A step of the wall clock looks like silence on every call at once; it is none."""
        step_us = self._clocks.step_us(now)
        if step_us:
            log.warning("the clock was set", by_s=step_us // 1_000_000)
            self._server.clock_stepped(now)
            self._timeouts.absences.clock_stepped()
            self._state.unreadable.clock_stepped(now.us)

    # -- life -----------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Answer until `stop`; then end every call in order."""
        await self._link.open()
        await self._relays.open()
        await self._status.open()
        await complete_within(WORKERS_S, self._links, self._plan.workers)
        self._let_in()
        async with self._publisher.page(self._plan.metrics), asyncio.TaskGroup() as group:
            finding = group.create_task(self._lookup.run(), name="finding")
            self._do(self._inline.driver.go_on(self._clocks.now()))
            ready()
            await self._tick_until(stop)
            await self._end_all()
            finding.cancel()

    def _let_in(self) -> None:
        """From now on it is known what room there is; who came before has waited for that."""
        self._see_room(self._clocks.now())
        for data, flow in self._startup_queue.open():
            self._received(data, flow)

    async def _tick_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._tick()
            try:
                await asyncio.wait_for(stop.wait(), TICK_S)
            except TimeoutError:
                continue

    async def _end_all(self) -> None:
        """A stop: say BYE, close each recording, wait until it is sealed. Without a holder, too.

        Nobody is registered any more; a successor of a killed process never comes this way.
        """
        self._ends = True
        now = self._clocks.now()
        self._see_room(now)
        reason: EndReason = "node_failed" if self._holder.is_away else "node_stopped"
        self._do(self._dispatch.end_all(reason, now))
        if self._is_busy:
            self._empty.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), END_GRACE_S)
        for each in (self._link, self._relays, self._status, self._publisher):
            each.close()

    def reconfigure(self, sources: tuple[Source, ...], switch: Switch, tls: TlsPlan | None) -> None:
        """Other sources, routes and certificates from now on; calls that are up go on as they are.

        Raises `CertificatesUnusable`, and nothing has changed.
        """
        self._transports.use(tls)
        self._inline.exchange.renew(switch)
        self._node.peers.sources = Sources(sources, self._sip.owners())
        self._node.peers.watch.configure(sources, self._clocks.now().us)
        log.info("sources, routes and certificates are read again", sources=len(sources))
