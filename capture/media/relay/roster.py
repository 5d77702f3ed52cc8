"""The calls of a relay, as signalling's commands make them and a successor finds them.

Carries out `RelayCall` and `RelayGone`, each of which may come again. Knows nothing of the loop.
"""

import select
import socket
import struct
from collections.abc import Callable
from typing import Final

import msgspec
import structlog

from archive.srtp.directions import header_bytes
from archive.srtp.keys import CryptoUnusable
from capture.holder.client import HolderUnreachable
from capture.holder.relay_table import RelayTable
from capture.links.relay_messages import (
    Foreign,
    Keyed,
    Latched,
    LetGo,
    NoSockets,
    Place,
    RelayCall,
    RelayedEnd,
    RelayMessage,
    Side,
)
from capture.media.relay.kernel_addresses import NO_KEY, KernelAddresses
from capture.media.relay.latch import SourceLatch
from capture.media.relay.live_calls import RESTLESS_S, LiveCall, RelayEnd
from capture.media.relay.loop_memory import LoopMemory
from capture.media.relay.outgoing_stream import OutgoingNumbers
from capture.media.relay.pair_sockets import PairSockets, RelaySockets
from capture.media.relay.player import Player
from capture.media.relay.rtcp_reports import RelayReports
from capture.media.relay.table_entries import DECODER, KeptCall

# RFC 4733 §3.2: events 0 to 15 are keys; the first byte of the payload.
DIGITS: Final = "0123456789*#ABCD"
FIRST_REPORT_S: Final = 2.5
# How a pair's sockets are not to be had.
NO_SOCKETS: Final = (OSError, LookupError, HolderUnreachable)
_MICRO: Final = 1_000_000
log = structlog.get_logger("capture.relay")


class RelayRoster:
    """Calls by id, with their ends on the relay's sockets; also who hears what packets tell."""

    def __init__(
        self,
        sockets: RelaySockets,
        table: RelayTable,
        say: Callable[[RelayMessage], None],
        wall_us: Callable[[], int],
    ) -> None:
        self._sockets, self._table, self._say, self._wall_us = sockets, table, say, wall_us
        self.epoll = select.epoll()
        self.memory = LoopMemory(table.pairs)
        self.calls: dict[bytes, LiveCall] = {}
        self.by_rtp: dict[int, RelayEnd] = {}
        self.by_rtcp: dict[int, RelayEnd] = {}
        self.by_pair: dict[int, RelayEnd] = {}
        self.reports = RelayReports(table, say, wall_us)
        self.player: Player
        self.now_s = 0.0

    # Commands.

    def call(self, wanted: RelayCall) -> None:
        """Make the call what `wanted` says."""
        live = self.calls.get(wanted.call) or self._begun(wanted)
        if live is None:
            return
        live.is_named, live.wanted = True, wanted
        for end, said in zip(live.ends, wanted.ends, strict=True):
            self._obey(end, said)
        if wanted.gate_us:
            self._set_gates(live, wanted.gate_us)
        live.refresh()
        for end in live.ends:
            self.player.obey(end, self.now_s)
        live.refresh()
        self.keep(live)

    def _begun(self, wanted: RelayCall) -> LiveCall | None:
        """A new call; None where there are no sockets for it: no other call has to suffer that.

        Signalling hears of it.
        """
        try:
            return self._begin(wanted, self._wall_us())
        except NO_SOCKETS as failed:
            log.error("a call cannot be relayed", reason=str(failed))
            self._say(NoSockets(call=wanted.call))
            return None

    def _begin(self, wanted: RelayCall, began_us: int) -> LiveCall:
        for said in wanted.ends:  # a call that we had and were not told to let go of
            former = self.by_pair.get(said.pair)
            if former is not None:
                self.let_go(former.call)
        sockets = self._opened([said.pair for said in wanted.ends])
        live = LiveCall(wanted, began_us, self.memory.show)
        caller, callee = (self._end(live, side, sockets[side]) for side in Side)
        live.ends = (caller, callee)
        for end in live.ends:
            pair = end.wanted.pair
            self._table.gate_us[pair] = wanted.gate_us
            lanes = [pair, pair + self._table.pairs]
            self._table.began_us[lanes] = began_us
            self._table.missed_told[lanes] = self._table.missed[lanes]
            self._table.next_index[pair] = end.voice.next_index
            self._table.next_report[pair] = 0
        self.calls[wanted.call] = live
        return live

    def _opened(self, pairs: list[int]) -> list[PairSockets]:
        """Before anything is known of a call: of all its pairs, or of none; raises `NO_SOCKETS`."""
        try:
            return [self._sockets.open(pair) for pair in pairs]
        except NO_SOCKETS:
            for pair in pairs:
                self._sockets.close(pair)
            raise

    def _end(self, live: LiveCall, side: Side, sockets: PairSockets) -> RelayEnd:
        wanted = live.wanted.ends[side]
        rtp, rtcp = sockets
        places = KernelAddresses(is_wide=rtp.family == socket.AF_INET6)
        voice = OutgoingNumbers(
            ssrc=wanted.ssrc,
            clock_hz=wanted.clock_hz,
            packet_ms=wanted.packet_ms,
            next_index=wanted.first_sequence,
            stamp=wanted.first_timestamp,
        )
        numbers = self.memory.begin(wanted.pair, voice)
        end = RelayEnd(live, side, wanted, rtp, rtcp, places, SourceLatch(wanted.latch), *numbers)
        end.own_name = places.name(Place(*rtp.getsockname()[:2]))
        end.report_due_s = self.now_s + FIRST_REPORT_S
        self.by_rtp[rtp.fileno()] = self.by_rtcp[rtcp.fileno()] = end
        self.by_pair[wanted.pair] = end
        for sock in (rtp, rtcp):
            self.epoll.register(sock.fileno(), select.EPOLLIN)
        return end

    def _obey(self, end: RelayEnd, wanted: RelayedEnd) -> None:
        """Be as wanted; with a key that is of no use nothing is sent, rather than in the clear."""
        try:
            end.obey(wanted, end.call.began_us)
        except CryptoUnusable as unusable:
            log.error("no key to send with", reason=str(unusable))
            end.obey(msgspec.structs.replace(wanted, own_key="", hears=False), end.call.began_us)
        self._table.next_index[wanted.pair] = end.voice.next_index

    def _set_gates(self, live: LiveCall, gate_us: int) -> None:
        for end in live.ends:
            self._table.gate_us[end.wanted.pair] = gate_us

    def gone(self, call: bytes) -> None:
        """The call is over: say so to both ends, and that it is; also where it was already."""
        live = self.calls.get(call)
        if live is not None:
            for end in live.ends:
                self.player.stop(end)
                self.reports.say_bye(end)
            self.let_go(live)
        self._say(LetGo(call=call))

    def let_go(self, live: LiveCall) -> None:
        """Hear nothing of a call any more; its gates stay for what is not sealed yet."""
        for end in live.ends:
            pair = end.wanted.pair
            end.play = None
            self.memory.end(end)
            self._sockets.close(pair)
            for sock in (end.rtp, end.rtcp):
                self.epoll.unregister(sock.fileno())
            del self.by_rtp[end.rtp.fileno()], self.by_rtcp[end.rtcp.fileno()], self.by_pair[pair]
        self._table.drop(live.ends[0].wanted.pair)
        del self.calls[live.wanted.call]
        live.part()

    def everything(self) -> None:
        """Signalling has named every call that is up."""
        for live in [each for each in self.calls.values() if not each.is_named]:
            self.gone(live.wanted.call)

    def connected(self) -> None:
        """Signalling is (back) there: tell it what it may have missed."""
        for live in self.calls.values():
            live.is_named = False
            for end in live.ends:
                end.told_latch = NO_KEY
                if end.played is not None:
                    self._say(end.played)

    # What a predecessor has left.

    def take_over(self, worker: int, workers: int) -> None:
        """Go on with the calls in the table, before anybody says anything; `now_s` is just now."""
        zero_us = self._wall_us() - round(self.now_s * _MICRO)
        for pair, data in list(self._table.kept()):
            if pair % workers == worker:
                try:
                    self._take_over(DECODER.decode(data), zero_us)
                except (msgspec.MsgspecError, struct.error, *NO_SOCKETS) as broken:
                    log.error("a call cannot be taken over", pair=pair, reason=str(broken))
                    self._table.drop(pair)

    def _take_over(self, kept: KeptCall, zero_us: int) -> None:
        table, wanted = self._table, kept.call
        gates = [int(table.gate_us[end.pair]) for end in wanted.ends]
        following = [table.next_index[end.pair] for end in wanted.ends]
        reports = [int(table.next_report[end.pair]) for end in wanted.ends]
        live = self._begin(wanted, kept.began_us)
        live.through = kept.through
        for end, state in zip(live.ends, kept.ends, strict=True):
            self._obey(end, wanted.ends[end.side])
            end.take_over(state, following[end.side])
            end.source_latch.heard_s = self.now_s
            table.gate_us[end.wanted.pair] = gates[end.side]
            table.next_index[end.wanted.pair] = end.voice.next_index
            table.next_report[end.wanted.pair] = reports[end.side]
        live.refresh()
        for end, state in zip(live.ends, kept.ends, strict=True):
            if state.play is not None:
                self.player.go_on(end, state.play, zero_us)
        live.refresh()

    def keep(self, live: LiveCall) -> None:
        """Have a successor find the call as it is."""
        if not self._table.keep(live.ends[0].wanted.pair, live.kept()):
            log.error("a call is too large to be taken over", call=live.wanted.call.hex())

    # What packets tell (`relay_passing.Listener`).

    def latched(self, end: RelayEnd) -> None:
        """An end is heard from another place."""
        self.keep(end.call)
        self.player.heard(end, self.now_s)
        if end.told_latch == NO_KEY:
            self._tell_latch(end)

    def changed(self, end: RelayEnd) -> None:
        """Another source begins; where that happens all the time, a successor renumbers it."""
        was_restless = end.is_restless
        end.is_restless = self.now_s < end.changed_s + RESTLESS_S
        end.changed_s = self.now_s
        if not (was_restless and end.is_restless):
            self.keep(end.call)

    def keyed(self, end: RelayEnd, packet: bytes) -> None:
        """A key: told at the first packet of its event, which all have one timestamp."""
        event, stamp = packet[header_bytes(packet) :][:1], int.from_bytes(packet[4:8], "big")
        if not event or stamp == end.last_event or event[0] >= len(DIGITS):
            return
        end.last_event = stamp
        call, digit = end.call.wanted.call, DIGITS[event[0]]
        self._say(Keyed(call=call, side=end.side, digit=digit, at_us=self._wall_us()))

    def reported(self, end: RelayEnd, packet: bytes) -> None:
        """A compound RTCP packet."""
        self.reports.heard(end, packet, self.now_s)

    def yielded(self, end: RelayEnd) -> None:
        """A tone gives way to what the other end says."""
        self.player.stop(end)

    def _tell_latch(self, end: RelayEnd) -> None:
        end.told_latch = end.source_latch.key
        place = end.places.place(end.source_latch.key)
        call, at_us = end.call.wanted.call, self._wall_us()
        self._say(Latched(call=call, side=end.side, place=place, at_us=at_us))

    def look_after(self, end: RelayEnd) -> None:
        """Twice a second: what is told of an end, and the report that it is owed."""
        if end.source_latch.key not in (NO_KEY, end.told_latch):
            self._tell_latch(end)
        if end.is_restless and self.now_s >= end.changed_s + RESTLESS_S:
            end.is_restless = False
            self.keep(end.call)
        if end.source_latch.strangers:
            for key, packets in end.source_latch.take_strangers().items():
                place = end.places.place(key)
                call = end.call.wanted.call
                self._say(Foreign(call=call, side=end.side, place=place, packets=packets))
        self.reports.send_due(end, self.now_s)
