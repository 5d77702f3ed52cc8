"""Prompts played to the ends of calls: each packet at its time, the gate in the last one's breath.

Knows when a prompt is through and what it opens; sends by `PacketForwarder`. Knows nothing of
why it plays.
"""

import heapq
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from capture.links.relay_messages import Outcome, Played, Playing
from capture.media.live import rtp_owner
from capture.media.relay.live_calls import LiveCall, Play, RelayEnd
from capture.media.relay.outgoing_stream import PROMPT
from capture.media.relay.packet_forwarder import PacketForwarder
from capture.media.relay.table_entries import KeptPlay
from capture.prompts.prompt_cache import PromptCache

_HEAD: Final = struct.Struct(">BBHII")
_VERSION: Final = 0x80
_MARKER: Final = 0x80
_STAMP: Final = 0xFFFFFFFF
_NOT_BEGUN: Final = 0
_MICRO: Final = 1_000_000
# A prompt for who is awaited waits so long for a sign of him, and as long each time that the kernel
# takes nothing for where the SDP says; so often.
AWAITED_S: Final = 1.0
MAX_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class PlayerListener:
    """What a player is told by: `keep` has a successor know of a call, `say` tells signalling."""

    keep: Callable[[LiveCall], None]
    say: Callable[[Played], None]
    wall_us: Callable[[], int]


class Player:
    """All prompts of a relay."""

    def __init__(
        self, forwarder: PacketForwarder, prompts: PromptCache, voices: PlayerListener
    ) -> None:
        self._forwarder, self._prompts, self._voices = forwarder, prompts, voices
        self._table = forwarder.table
        self._due: list[tuple[float, int, RelayEnd, Play]] = []
        self._turn = count()

    def next_due_s(self) -> float | None:
        """When the next packet has to leave."""
        return self._due[0][0] if self._due else None

    def obey(self, end: RelayEnd, now_s: float) -> None:
        """Play what is wanted now, unless it has been played; end what is not."""
        wanted, play = end.wanted.playing, end.play
        if play is not None and (wanted is None or wanted.serial != play.order.serial):
            self.stop(end)
        elif play is not None and not end.may_hear():
            self._over(end, play, Outcome.CUT_SHORT)
        if wanted is not None and end.play is None and wanted.serial > end.over_serial:
            self._begin(end, wanted, now_s)

    def stop(self, end: RelayEnd) -> None:
        """End what is played, if anything is; ringback has no end of its own to miss."""
        if end.play is not None:
            repeats = end.play.order.repeats
            self._over(end, end.play, Outcome.COMPLETE if repeats else Outcome.CUT_SHORT)

    def _begin(self, end: RelayEnd, order: Playing, now_s: float) -> None:
        prompt = self._prompts.find(order.prompt)
        if prompt is None or prompt.clock_hz != end.wanted.clock_hz or not end.may_hear():
            self._fail(end, order)
            return
        voice = end.voice
        begins_s = now_s + AWAITED_S if end.is_awaited else now_s
        first_stamp = voice.next_stamp(begins_s)
        voice.change(PROMPT, 0, 0, now_s)
        end.play = Play(order, prompt, begins_s, _NOT_BEGUN, voice.next_index, first_stamp)
        self._voices.keep(end.call)
        heapq.heappush(self._due, (begins_s, next(self._turn), end, end.play))

    def heard(self, end: RelayEnd, now_s: float) -> None:
        """It is known by now where an end is: what has waited for that begins."""
        play = end.play
        if play is None or play.from_us != _NOT_BEGUN or play.begun_s <= now_s:
            return
        end.play = replace(play, refused=0)
        self._renumber(end, end.play, now_s)
        heapq.heappush(self._due, (now_s, next(self._turn), end, end.play))

    def _renumber(self, end: RelayEnd, play: Play, begins_s: float) -> None:
        """It begins with its first packet then, whatever was tried before."""
        play.begun_s, play.first_index = begins_s, end.voice.next_index
        play.first_stamp = end.voice.next_stamp(begins_s)
        self._voices.keep(end.call)

    def go_on(self, end: RelayEnd, kept: KeptPlay, zero_us: int) -> None:
        """A predecessor was playing this: what is due by now leaves at once.

        `zero_us` is the time (µs UTC) when the monotonic clock was 0.
        """
        order = end.wanted.playing
        prompt = None if order is None else self._prompts.find(order.prompt)
        if order is None or order.serial != kept.serial:
            return
        if prompt is None:
            self._broken_off(end, order, kept, zero_us)
            return
        end.play = Play(
            order, prompt, kept.begun_s, kept.from_us, kept.first_index, kept.first_stamp
        )
        end.play.refused = kept.refused
        heapq.heappush(self._due, (kept.begun_s, next(self._turn), end, end.play))

    def play_due(self, now_s: float) -> None:
        """Send every packet whose time has come."""
        while self._due and self._due[0][0] <= now_s:
            _, turn, end, play = heapq.heappop(self._due)
            if end.play is play:
                due_s = self._send_due(end, play, now_s)
                if end.play is play:
                    heapq.heappush(self._due, (due_s, turn, end, play))

    def _send_due(self, end: RelayEnd, play: Play, now_s: float) -> float:
        """The packets up to now, late ones too; when the next one leaves."""
        prompt = play.prompt
        length, step_s = len(prompt.frames), prompt.packet_ms / 1000
        number = end.voice.next_index - play.first_index
        while play.order.repeats or number < length:
            due_s = play.begun_s + number * step_s
            if due_s > now_s:
                return due_s
            self._send(end, play, number, now_s)
            if play.from_us == _NOT_BEGUN and end.is_awaited:
                return self._tried(end, play, now_s)
            number += 1
        self._through(end, play, now_s)
        return now_s

    def _tried(self, end: RelayEnd, play: Play, now_s: float) -> float:
        """The kernel takes nothing for where the SDP says: when it is tried again."""
        if play.refused >= MAX_TRIES:
            play.refused = 1
            self._over(end, play, Outcome.FAILED)
            return now_s
        self._renumber(end, play, now_s + AWAITED_S)
        return play.begun_s

    def _send(self, end: RelayEnd, play: Play, number: int, now_s: float) -> None:
        """Packet `number`: landed, then sent, then counted as landed where it has left."""
        prompt, ring = play.prompt, self._forwarder.ring
        index = play.first_index + number
        stamp = (play.first_stamp + number * prompt.stamp_step) & _STAMP
        kind = play.order.payload_type | (0 if number else _MARKER)
        packet = _HEAD.pack(_VERSION, kind, index & 0xFFFF, stamp, end.voice.ssrc)
        packet += prompt.frames[number % len(prompt.frames)]
        at_us = self._voices.wall_us()
        slot = self._landed(end, packet, at_us)
        has_left = self._forwarder.transmit(end, packet, index, stamp, now_s)
        if slot is not None:
            if not has_left:
                ring.disown(slot)
            ring.head += 1
        if has_left:
            self._left(end, play, at_us)
        elif not play.order.repeats:
            play.refused += 1
            self._voices.keep(end.call)

    def _landed(self, end: RelayEnd, packet: bytes, at_us: int) -> int | None:
        """The slot in which it lies; None where it is not to be kept, or cannot be."""
        lane, ring = end.pair + self._table.pairs, self._forwarder.ring
        if not end.call.wanted.is_landed:
            return None
        if ring.is_full:
            self._table.miss(lane, 1, at_us)
            return None
        return ring.put(rtp_owner(lane), packet, end.own_name, at_us)

    def _left(self, end: RelayEnd, play: Play, at_us: int) -> None:
        """A packet has left; with the first one the gate may open."""
        play.until_us = at_us
        if play.from_us == _NOT_BEGUN:
            play.from_us = at_us
            if end.is_awaited:  # what was tried before is no part of it
                play.refused = 0
            if play.order.records:
                self._open_gates(end.call)
            self._voices.keep(end.call)

    def _through(self, end: RelayEnd, play: Play, now_s: float) -> None:
        """The last packet has left: the gate, before anything else is read; then the call.

        Where the kernel has refused any of them, signalling decides.
        """
        call, order = end.call, play.order
        if play.refused:
            self._over(end, play, Outcome.CUT_SHORT)
            return
        if play.from_us == _NOT_BEGUN:  # a predecessor was killed behind its only packet
            self._left(end, play, self._voices.wall_us())
        if end.wanted.is_hushed:  # what has come until now is not kept
            self._forwarder.hear(end, now_s)
        if order.opens:
            call.through = (*call.through, order.serial)
            if call.is_joined:
                self._open_gates(call)
        self._over(end, play, Outcome.COMPLETE)

    def _open_gates(self, call: LiveCall) -> None:
        gates, pairs = self._table.gate_us, [end.pair for end in call.ends]
        at_us = max((int(gates[pair]) for pair in pairs), default=0) or self._voices.wall_us()
        for pair in pairs:
            gates[pair] = at_us

    def _fail(self, end: RelayEnd, order: Playing) -> None:
        prompt = self._prompts.find(order.prompt)
        end.over_serial = order.serial
        whole_ms = 0 if prompt is None else prompt.whole_ms
        self._tell(end, order, Outcome.FAILED, whole_ms=whole_ms)

    def _broken_off(self, end: RelayEnd, order: Playing, kept: KeptPlay, zero_us: int) -> None:
        """What a predecessor has begun cannot be gone on with; how far it came is known.

        Each packet left when it was due, the first one perhaps later; of the last one it is known
        that its number was used.
        """
        end.over_serial = order.serial
        behind_first = max(0, end.voice.next_index - kept.first_index - 1)
        outcome = Outcome.CUT_SHORT if kept.from_us else Outcome.FAILED
        last_due_s = kept.begun_s + behind_first * kept.packet_ms / 1000
        until_us = max(kept.from_us, zero_us + round(last_due_s * _MICRO))
        self._tell(end, order, outcome, kept, until_us=until_us)

    def _over(self, end: RelayEnd, play: Play, outcome: Outcome) -> None:
        end.play, end.over_serial = None, play.order.serial
        end.call.refresh()
        until_us = play.until_us or self._voices.wall_us()
        if outcome is Outcome.CUT_SHORT and play.from_us == _NOT_BEGUN:
            outcome = Outcome.FAILED
        self._tell(end, play.order, outcome, play.kept(), until_us=until_us)

    def _tell(  # what an order came to
        self,
        end: RelayEnd,
        order: Playing,
        outcome: Outcome,
        kept: KeptPlay | None = None,
        *,
        whole_ms: int = 0,
        until_us: int = 0,
    ) -> None:
        """Said now, and kept, so that signalling hears it again when it comes back."""
        numbers = 0 if kept is None else end.voice.next_index - kept.first_index
        packets = numbers if kept is None else numbers - kept.refused
        end.played = Played(
            call=end.call.wanted.call,
            side=end.side,
            serial=order.serial,
            outcome=outcome,
            from_us=0 if kept is None else kept.from_us,
            until_us=until_us,
            packets=packets,
            sent_ms=0 if kept is None else packets * kept.packet_ms,
            whole_ms=whole_ms if kept is None else kept.whole_ms,
            first_sequence=end.voice.next_index - numbers,
            gate_us=int(self._table.gate_us[end.pair]),
            refused=numbers - packets,
        )
        self._voices.keep(end.call)
        self._voices.say(end.played)
