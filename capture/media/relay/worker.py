"""A relay worker: sends on what the ends of inline calls say, and plays them what they must hear.

The loop around `PacketForwarder` and `Player`, and the link to signalling. Touches no disk but
for prompts, and goes on with the calls that it knows while signalling is away.
"""

import gc
import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from capture.holder.client import HolderClient
from capture.holder.relay_buffer import RelayRing
from capture.holder.relay_table import RelayTable
from capture.holder.worker_board import Board, WorkerState, relay_row
from capture.links.client_link import ClientLink
from capture.links.framed_messages import Ping, Pong
from capture.links.relay_messages import (
    RelayCall,
    RelayEverything,
    RelayGone,
    RelayHello,
    RelayMessage,
    RelayStream,
)
from capture.media.relay.live_calls import RelayEnd
from capture.media.relay.packet_forwarder import PacketForwarder
from capture.media.relay.packet_loops import loop_of
from capture.media.relay.pair_sockets import RelaySockets
from capture.media.relay.player import Player, PlayerListener
from capture.media.relay.priority import Priority, PriorityWord, ask_kernel
from capture.media.relay.roster import RelayRoster
from capture.native.choice import LoopWord, choose_loop
from capture.prompts.prompt_cache import PromptCache

# Every end is looked after twice a second, a tenth of them at a time: no packet waits for it. While
# there is none a turn is for the beat alone: a process that wakes up for nothing costs a machine
# with few calls as much as they do.
ROUND_S: Final = 0.5
TURNS_A_ROUND: Final = 10
BEAT_S: Final = 1.0
_TURN_S: Final = ROUND_S / TURNS_A_ROUND
_MICRO: Final = 1_000_000
log = structlog.get_logger("capture.relay")


def _tell_priority(priority: PriorityWord, because: str) -> None:
    log.info("relay priority", priority=priority, because=because)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayPlan:
    """What one relay is started with: its ingest worker's number and how many there are.

    `loop` and `priority` are those that are wished.
    """

    number: int
    workers: int
    link: Path
    prompts: Path
    loop: LoopWord = "auto"
    priority: PriorityWord = "normal"


class Relay:
    """One relay process; `run` is its life. `holder` stays open for it."""

    def __init__(self, plan: RelayPlan, holder: HolderClient, wall_us: Callable[[], int]) -> None:
        self._plan, self._wall_us = plan, wall_us
        self._board = Board(holder.take_one("board"))
        ring = RelayRing(holder.take_one(f"relay-ring-{plan.number}"))
        ring.point()
        table = RelayTable(holder.take_one("relay-table"), self._board.pairs)
        sockets = RelaySockets(holder, plan.number, plan.workers)
        self.link = ClientLink[RelayMessage](plan.link, RelayStream)
        self.roster = RelayRoster(sockets, table, self.link.say, wall_us)
        self.forwarder = PacketForwarder(ring, table, self.roster, wall_us)
        self.player = Player(
            self.forwarder,
            PromptCache(plan.prompts),
            PlayerListener(keep=self.roster.keep, say=self.link.say, wall_us=wall_us),
        )
        self.roster.player = self.player
        self._choice = choose_loop(plan.loop)
        self._loop = loop_of(self._choice, self.roster, self.forwarder, self._hear_other)
        self.priority = Priority(plan.priority, ask_kernel, _tell_priority)
        self._round: list[RelayEnd] = []
        self._turn_s = self._beat_s = 0.0
        self._began_s = self._worked_s = self._late_s = 0.0
        self._linked = -1

    def take_over(self, now_s: float) -> None:
        """Go on where a predecessor was killed, if one was."""
        self.roster.now_s = self._turn_s = self._began_s = now_s
        self._beat_s = now_s - BEAT_S  # the first word at once: until then no call comes
        self.roster.take_over(self._plan.number, self._plan.workers)
        self.forwarder.adopt(self.roster.by_pair, now_s)

    def run(self, stopping: Callable[[], bool]) -> None:
        """Relay until `stopping` says so; calls that are up stay for a successor."""
        choice = self._choice
        tell = log.warning if choice.is_lacking and self._plan.loop == "native" else log.info
        tell("relay loop", loop=choice.loop, because=choice.because)
        self.take_over(time.monotonic())
        # What is alive now stays alive, and what is hot makes no cycles: collect once a beat.
        gc.freeze()
        gc.disable()
        self.priority.begin()
        while not stopping():
            self._do_what_is_due(self._loop.turn(self.due_s))

    @property
    def due_s(self) -> float:
        """Until when there is nothing to do but for packets."""
        due_s = self.player.next_due_s()
        return self._turn_s if due_s is None else min(self._turn_s, due_s)

    def step(self, ready: list[tuple[int, int]], now_s: float) -> None:
        """Take what is ready, play what is due, look after what has its turn."""
        self._loop.hear(ready, now_s)
        self._do_what_is_due(now_s)

    def _hear_other(self, descriptor: int) -> None:
        """What is ready and no audio of an end."""
        reporting = self.roster.by_rtcp.get(descriptor)
        if descriptor == self._linked:
            self._obey()
        elif reporting is not None:
            self.forwarder.hear_reports(reporting)

    def _do_what_is_due(self, now_s: float) -> None:
        self.player.play_due(now_s)
        if now_s >= self._turn_s:
            self._late_s = max(self._late_s, now_s - self._turn_s)
            self._take_turn(now_s)

    def _take_turn(self, now_s: float) -> None:
        self._look_after(now_s)
        self.link.flush()
        self._follow_link()
        if self.link.connect(now_s):
            self._follow_link()
            self.link.say(RelayHello(worker=self._plan.number, loop=self._choice.loop))
            self.roster.connected()
        if now_s >= self._beat_s + BEAT_S:
            self._beat(now_s)
        is_idle = not self.roster.by_rtp and self.link.is_settled
        self._turn_s = self._beat_s + BEAT_S if is_idle else now_s + _TURN_S

    def _look_after(self, now_s: float) -> None:
        """The next tenth of the ends."""
        if not self._round:
            self._round = list(self.roster.by_rtp.values())
            self._share = -(-len(self._round) // TURNS_A_ROUND)
        wall_us, activity = self._wall_us(), self._board.activity
        for end in self._round[: self._share]:
            if self.roster.by_rtp.get(end.descriptor) is not end:  # its call has ended meanwhile
                continue
            heard_s = max(end.arrivals.heard_s, end.reports_s)
            if heard_s:
                activity[end.pair] = wall_us - int((now_s - heard_s) * _MICRO)
            self.roster.look_after(end)
        del self._round[: self._share]

    def _beat(self, now_s: float) -> None:
        worked_s = now_s - self._began_s - self._loop.waited_s
        share = max(0.0, worked_s - self._worked_s) / (now_s - self._beat_s)
        state = WorkerState(
            min(1000, int(share * 1000)), int(self._late_s * 1000), self._wall_us(), failing=False
        )
        self._board.show(relay_row(self._plan.number), state)
        self.priority.follow(share)
        self._beat_s, self._worked_s, self._late_s = now_s, worked_s, 0.0
        gc.collect(0)

    # The link to signalling.

    def _obey(self) -> None:
        for message in self.link.read():
            match message:
                case RelayCall():
                    self._hear_as_before(message)
                    self.roster.call(message)
                case RelayGone():
                    self._hear_out(message.call)
                    self.roster.gone(message.call)
                case RelayEverything():
                    self.roster.everything()
                case Ping():
                    self.link.say(Pong(at_us=message.at_us))
        self._follow_link()
        self._turn_s = min(self._turn_s, self.roster.now_s + _TURN_S)

    def _hear_as_before(self, wanted: RelayCall) -> None:
        """Where what an end says is kept from now on, or is not: what waits is from before."""
        live = self.roster.calls.get(wanted.call)
        for end, said in zip(live.ends if live is not None else (), wanted.ends, strict=False):
            if end.is_hushed != said.is_hushed:
                self.forwarder.hear(end, self.roster.now_s)

    def _hear_out(self, call: bytes) -> None:
        """What has come before the end and waits in the sockets is still the call's."""
        live = self.roster.calls.get(call)
        for end in live.ends if live is not None else ():
            self.forwarder.hear(end, self.roster.now_s)
            self.forwarder.hear_reports(end)

    def _follow_link(self) -> None:
        """Wait for the connection that there is now; one that is closed is gone from epoll."""
        if self.link.descriptor != self._linked:
            self._linked = self.link.descriptor
            if self._linked >= 0:
                self.roster.epoll.register(self._linked, select.EPOLLIN)
