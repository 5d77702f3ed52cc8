"""A relay worker: sends on what the ends of inline calls say, and plays them what they must hear.

The loop around `Passing` and `Player`, and the link to signalling. Touches no disk but for prompts,
and goes on with the calls that it knows while signalling is away.
"""

import gc
import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capture.media.board import Board, WorkerState, relay_row
from capture.media.handover import Handover
from capture.media.prompt_shelf import PromptShelf
from capture.media.relay_calls import RelayEnd
from capture.media.relay_link import RelayLink
from capture.media.relay_passing import Passing
from capture.media.relay_player import Player, Voices
from capture.media.relay_ring import RelayRing
from capture.media.relay_roster import RelayRoster
from capture.media.relay_sockets import RelaySockets
from capture.media.relay_table import RelayTable
from capture.relaying import RelayCall, RelayEverything, RelayGone, RelayHello

# Every end is looked after twice a second, a tenth of them at a time: no packet waits for it.
ROUND_S: Final = 0.5
TURNS_A_ROUND: Final = 10
BEAT_S: Final = 1.0
# After packets the next ones may gather for so long: half of the work of a wake-up is the waking.
GATHER_S: Final = 0.001
_TURN_S: Final = ROUND_S / TURNS_A_ROUND
_MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayPlan:
    """What one relay is started with: its ingest worker's number and how many there are."""

    number: int
    workers: int
    link: Path
    prompts: Path


class Relay:
    """One relay process; `run` is its life. `handover` stays open for it."""

    def __init__(self, plan: RelayPlan, handover: Handover, wall_us: Callable[[], int]) -> None:
        self._plan, self._wall_us = plan, wall_us
        self._board = Board(handover.take_one("board"))
        ring = RelayRing(handover.take_one(f"relay-ring-{plan.number}"))
        ring.point()
        table = RelayTable(handover.take_one("relay-table"), self._board.pairs)
        sockets = RelaySockets(handover, plan.number, plan.workers)
        self.link = RelayLink(plan.link)
        self.roster = RelayRoster(sockets, table, self.link.say, wall_us)
        self.passing = Passing(ring, table, self.roster, wall_us)
        self.player = Player(
            self.passing,
            PromptShelf(plan.prompts),
            Voices(keep=self.roster.keep, say=self.link.say, wall_us=wall_us),
        )
        self.roster.player = self.player
        self._round: list[RelayEnd] = []
        self._turn_s = self._beat_s = 0.0
        self._busy_s = self._late_s = 0.0
        self._linked = -1

    def take_over(self, now_s: float) -> None:
        """Go on where a predecessor was killed, if one was."""
        self.roster.now_s = self._turn_s = now_s
        self._beat_s = now_s - BEAT_S  # the first word at once: until then no call comes
        self.roster.take_over(self._plan.number, self._plan.workers)
        self.passing.adopt(self.roster.by_pair, now_s)

    def run(self, stopping: Callable[[], bool]) -> None:
        """Relay until `stopping` says so; calls that are up stay for a successor."""
        self.take_over(time.monotonic())
        # What is alive now stays alive, and what is hot makes no cycles: collect once a beat.
        gc.freeze()
        gc.disable()
        while not stopping():
            ready = self.roster.epoll.poll(self.patience_s(time.monotonic()))
            began = time.monotonic()
            self.step(ready, began)
            self._busy_s += time.monotonic() - began
            if ready:
                time.sleep(GATHER_S)

    def patience_s(self, now_s: float) -> float:
        """How long nothing is due."""
        due_s = self.player.next_due_s()
        until_s = self._turn_s if due_s is None else min(self._turn_s, due_s)
        return max(0.0, until_s - now_s)

    def step(self, ready: list[tuple[int, int]], now_s: float) -> None:
        """Take what is ready, play what is due, look after what has its turn."""
        roster, passing = self.roster, self.passing
        roster.now_s = now_s
        by_rtp, hear = roster.by_rtp, passing.hear
        for descriptor, _ in ready:
            end = by_rtp.get(descriptor)
            if end is not None:
                hear(end, now_s)
            elif descriptor == self._linked:
                self._obey()
            elif descriptor in roster.by_rtcp:
                passing.hear_reports(roster.by_rtcp[descriptor])
        self.player.play_due(now_s)
        if now_s >= self._turn_s:
            self._late_s = max(self._late_s, now_s - self._turn_s)
            self._take_turn(now_s)

    def _take_turn(self, now_s: float) -> None:
        self._turn_s = now_s + _TURN_S
        self._look_after(now_s)
        self.link.flush()
        self._follow_link()
        if self.link.connect(now_s):
            self._follow_link()
            self.link.say(RelayHello(worker=self._plan.number))
            self.roster.connected()
        if now_s >= self._beat_s + BEAT_S:
            self._beat(now_s)

    def _look_after(self, now_s: float) -> None:
        """The next tenth of the ends."""
        if not self._round:
            self._round = list(self.roster.by_rtp.values())
            self._share = -(-len(self._round) // TURNS_A_ROUND)
        wall_us, activity = self._wall_us(), self._board.activity
        for end in self._round[: self._share]:
            if self.roster.by_rtp.get(end.descriptor) is not end:  # its call has ended meanwhile
                continue
            heard_s = max(end.heard_s, end.reports_s)
            if heard_s:
                activity[end.pair] = wall_us - int((now_s - heard_s) * _MICRO)
            self.roster.look_after(end)
        del self._round[: self._share]

    def _beat(self, now_s: float) -> None:
        share = self._busy_s / (now_s - self._beat_s)
        state = WorkerState(
            min(1000, int(share * 1000)), int(self._late_s * 1000), self._wall_us(), failing=False
        )
        self._board.show(relay_row(self._plan.number), state)
        self._beat_s, self._busy_s, self._late_s = now_s, 0.0, 0.0
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
        self._follow_link()

    def _hear_as_before(self, wanted: RelayCall) -> None:
        """Where what an end says is kept from now on, or is not: what waits is from before."""
        live = self.roster.calls.get(wanted.call)
        for end, said in zip(live.ends if live is not None else (), wanted.ends, strict=False):
            if end.is_hushed != said.is_hushed:
                self.passing.hear(end, self.roster.now_s)

    def _hear_out(self, call: bytes) -> None:
        """What has come before the end and waits in the sockets is still the call's."""
        live = self.roster.calls.get(call)
        for end in live.ends if live is not None else ():
            self.passing.hear(end, self.roster.now_s)
            self.passing.hear_reports(end)

    def _follow_link(self) -> None:
        """Wait for the connection that there is now; one that is closed is gone from epoll."""
        if self.link.descriptor != self._linked:
            self._linked = self.link.descriptor
            if self._linked >= 0:
                self.roster.epoll.register(self._linked, select.EPOLLIN)
