"""How packets go from one end of a call to the other, and into the ring.

The hot loop of inline calls: what is done here is done per packet. Knows nothing of prompts, of
signalling or of whether anybody seals what has landed.
"""

import struct
from collections.abc import Callable, Mapping
from ctypes import c_int
from typing import Final, Protocol

from capture.holder.relay_buffer import (
    HEADER_WORDS,
    LENGTH_WORD,
    NAME_WORDS,
    SCRATCH,
    STAMP_WORDS,
    RelayRing,
)
from capture.holder.relay_table import RelayTable
from capture.media.live import is_rtcp, pair_of
from capture.media.relay.kernel_addresses import Key
from capture.media.relay.live_calls import Play, RelayEnd
from capture.media.relay.outgoing_stream import SEQUENCES, STAMPS
from capture.media.rtcp_mux import is_report_type
from capture.native.layout import SMALL_BYTES

FIXED_HEADER: Final = 12
_HEAD: Final = struct.Struct(">BBHII")
_UNPACK: Final = _HEAD.unpack_from
_PACK: Final = _HEAD.pack
_VERSION_BITS: Final = 0xC0
_VERSION: Final = 0x80
_MARKER: Final = 0x80
_SEQUENCE: Final = SEQUENCES - 1
_STAMP: Final = STAMPS - 1
_HALF: Final = SEQUENCES // 2
# One packet in eight is enough for an estimate of jitter.
_JITTER_EVERY: Final = 7
# A stray packet of an early dialog ends no ringback: 60 ms of speech do.
SOUNDING_PACKETS: Final = 3
_COMFORT_NOISE: Final = 13  # RFC 3389 §4


class Listener(Protocol):
    """Who hears what packets tell beside audio."""

    def latched(self, end: RelayEnd) -> None:
        """An end is heard from another place."""

    def changed(self, end: RelayEnd) -> None:
        """What a successor has to know of this end's call is another."""

    def keyed(self, end: RelayEnd, packet: bytes) -> None:
        """An RFC 4733 event packet, in the clear."""

    def reported(self, end: RelayEnd, packet: bytes) -> None:
        """A compound RTCP packet, as it came."""

    def yielded(self, end: RelayEnd) -> None:
        """What is played to this end gives way to the other end's speech."""


class PacketForwarder:
    """Reads sockets that are ready; `wall_us` is asked only where a time is told."""

    def __init__(
        self, ring: RelayRing, table: RelayTable, listener: Listener, wall_us: Callable[[], int]
    ) -> None:
        self.ring, self.table = ring, table
        self._listener, self._wall_us = listener, wall_us
        self._next_index = table.next_index
        self._sounding: dict[int, tuple[Play, int]] = {}  # by pair: what yields, packets so far

    def hear(self, end: RelayEnd, now_s: float) -> None:
        """What has come on an end's RTP port: landed as it is, and sent on with our numbers."""
        slot, count = self.ring.land(end.c_descriptor, end.owner, end.lands)
        self.go_on(end, slot, count, now_s)

    def go_on(self, end: RelayEnd, slot: int, count: int, now_s: float) -> None:
        """Send on what was read of it, `count` packets from `slot` on; then it counts as landed."""
        ring, kept = self.ring, count
        for at in range(slot, slot + count):
            length = ring.header_words[at * HEADER_WORDS + LENGTH_WORD]
            is_plain = (
                end.passes
                and ring.name_words[at * NAME_WORDS] == end.latched
                and FIXED_HEADER <= length <= SMALL_BYTES
            )
            if is_plain and self._carry(end, at, length, now_s):
                continue
            if not self._look(end, at, length, now_s):
                ring.disown(at)
                kept -= 1
        if slot != SCRATCH:
            ring.words[0] += count
        elif count:
            self._leave(end, kept)

    def _carry(self, end: RelayEnd, at: int, length: int, now_s: float) -> bool:  # noqa: C901, PLR0915 — hot
        """Send on an RTP packet of the latched source; False for what has to be looked at."""
        data, start = self.ring.data, at * SMALL_BYTES
        first, second, sequence, stamp, source = _UNPACK(data, start)
        kind = end.kinds[second]
        if kind < 0 or first & _VERSION_BITS != _VERSION:
            return False
        end.arrivals.heard_s = now_s
        rest: bytes | memoryview = data[start + FIXED_HEADER : start + length]
        if end.opener is not None:
            plain = end.opener.open(bytes(data[start : start + length]))
            if not plain:  # as `take` has it
                return True
            rest = plain[FIXED_HEADER:]
        to = end.hearer
        voice, sealer = to.voice, to.sealer
        if source != voice.source:
            kind |= _MARKER
            self._change(end, source, sequence, stamp, now_s)
        sequence = (sequence + voice.sequence_shift) & _SEQUENCE
        stamp = (stamp + voice.stamp_shift) & _STAMP
        ahead = (sequence - voice.next_index) & _SEQUENCE
        index = voice.next_index + (ahead if ahead < _HALF else ahead - SEQUENCES)
        if ahead and sealer is not None and not sealer.may_use(index, voice.next_index):
            return True
        if ahead < _HALF:
            voice.next_index = self._next_index[to.pair] = index + 1
            voice.stamp, voice.at_s = stamp, now_s
        packet = _PACK(first, kind, sequence, stamp, voice.ssrc)
        packet += rest
        voice.packets += 1
        voice.octets += len(packet)
        if not voice.packets & _JITTER_EVERY:
            end.sample(stamp, self.ring.stamp_words, at * STAMP_WORDS)
        if sealer is not None:
            packet = sealer.seal(packet, voice.ssrc, index - voice.floor)
        try:
            to.send(packet, to.target)  # type: ignore[arg-type]  # `passes` says so
        except OSError:  # as a network loses one; the next may be lucky
            voice.failed += 1
        return True

    def _leave(self, end: RelayEnd, packets: int) -> None:
        """What lies in the scratch slots is not kept; where it should have been, it is counted."""
        self.ring.renew_scratch()
        if end.lands and packets:
            self.table.miss(end.pair, packets, self._wall_us())

    def _change(self, end: RelayEnd, source: int, sequence: int, stamp: int, now_s: float) -> None:
        """Another source begins; a successor knows of it before its first packet has left."""
        end.hearer.voice.change(source, sequence, stamp, now_s)
        self._listener.changed(end)

    def _look(self, end: RelayEnd, slot: int, length: int, now_s: float) -> bool:
        """Take what is not plain; whether it is the end's, and kept."""
        key = end.places.key_of(self.ring.name_rows[slot].tobytes())
        if not self._heeds(end, key, now_s):  # before a key is tried on it: that is what costs
            return False
        return self.take(end, self.ring.datagram(slot, length), key, now_s)

    def take(self, end: RelayEnd, packet: bytes, key: Key, now_s: float) -> bool:
        """One packet of an end's RTP port, whatever it is; whether it is the end's, and kept."""
        if end.call.wanted.is_raw:
            return self._take_raw(end, packet, key, now_s)
        if len(packet) < FIXED_HEADER or packet[0] & _VERSION_BITS != _VERSION:
            return key == end.source_latch.key
        if end.wanted.is_muxed and is_report_type(packet[1]):
            return self._take_report(end, packet, key)
        plain = end.opener.open(packet) if end.opener is not None else packet
        if key != end.source_latch.key and not self._admit(end, key, plain, now_s):
            return False
        end.arrivals.heard_s = now_s
        if plain:  # what is not proved, or came before, is kept as it came, and goes no further
            self._take_plain(end, plain, now_s)
        return True

    def _take_plain(self, end: RelayEnd, plain: bytes, now_s: float) -> None:
        if plain[1] & ~_MARKER in end.wanted.event_types:
            self._listener.keyed(end, plain)
        elif self._ends_a_tone(end, plain):
            self._listener.yielded(end.hearer)
        if end.may_pass():
            self._pass_on(end, plain, now_s)

    def _ends_a_tone(self, end: RelayEnd, plain: bytes) -> bool:
        """Is it so much speech that what is played to the other end, a tone, is not to hide it?"""
        play = end.hearer.play
        if play is None or not play.order.yields:
            return False
        is_speech = plain[1] & ~_MARKER != _COMFORT_NOISE
        if not is_speech or not end.call.is_joined or not end.wanted.speaks:
            return False
        before, packets = self._sounding.pop(end.pair, (play, 0))
        packets = packets + 1 if before is play else 1
        if packets < SOUNDING_PACKETS:
            self._sounding[end.pair] = (play, packets)
        return packets >= SOUNDING_PACKETS

    def _take_raw(self, end: RelayEnd, packet: bytes, key: Key, now_s: float) -> bool:
        """A packet that crosses as it is; it has no source of its own to be steady by."""
        if key != end.source_latch.key and not self._admit(end, key, packet, now_s):
            return False
        end.arrivals.heard_s = now_s
        if end.may_pass():
            self._forward(end.hearer, packet)
        return True

    def _forward(self, to: RelayEnd, packet: bytes) -> bool:
        if to.target is None:
            return False
        try:
            to.send(packet, to.target)
        except OSError:  # as a network loses one
            to.voice.failed += 1
            return False
        return True

    def _take_report(self, end: RelayEnd, packet: bytes, key: Key) -> bool:
        if key != end.source_latch.key and key not in end.source_latch.signalled:
            return False
        self._listener.reported(end, packet)
        return True

    def _heeds(self, end: RelayEnd, key: Key, now_s: float) -> bool:
        """Whether what comes from there may be the end's at all; a stranger is counted."""
        source_latch = end.source_latch
        if key == source_latch.key:
            return True
        source_latch.heard_s = max(source_latch.heard_s, end.arrivals.heard_s)
        if source_latch.heeds(key, now_s):
            return True
        source_latch.note_stranger(key)
        return False

    def _admit(self, end: RelayEnd, key: Key, plain: bytes | None, now_s: float) -> bool:
        """Whether a packet from elsewhere is the end's; of SRTP it has to be proved as well."""
        source_latch = end.source_latch
        if not plain:
            source_latch.note_stranger(key)
            return False
        source = 0 if end.call.wanted.is_raw else int.from_bytes(plain[8:12], "big")
        if not source_latch.admit(key, source, now_s):
            return False
        end.call.refresh()
        self._listener.latched(end)
        return True

    def _pass_on(self, end: RelayEnd, plain: bytes, now_s: float) -> None:
        """As the hot loop does it, for what is not plain."""
        first, second, sequence, stamp, source = _UNPACK(plain)
        to, kind = end.hearer, end.sent_kinds[second]
        if source != to.voice.source:
            kind |= _MARKER
            self._change(end, source, sequence, stamp, now_s)
        index = to.voice.index_of(sequence)
        if index < 0:
            return
        if to.sealer is None or to.sealer.may_use(index, to.voice.next_index):
            stamp = (stamp + to.voice.stamp_shift) & _STAMP
            head = _PACK(first, kind, index & _SEQUENCE, stamp, to.voice.ssrc)
            self.transmit(to, head + plain[FIXED_HEADER:], index, stamp, now_s)

    def transmit(self, to: RelayEnd, packet: bytes, index: int, stamp: int, now_s: float) -> bool:
        """Send a packet of our numbers; they are used up before it has left (RFC 3711 §9.1).

        Whether it has.
        """
        voice = to.voice
        voice.sent(index, stamp, len(packet), now_s)
        self._next_index[to.pair] = voice.next_index
        if to.sealer is not None:
            packet = to.sealer.seal(packet, voice.ssrc, index - voice.floor)
        return self._forward(to, packet)

    def hear_reports(self, end: RelayEnd) -> None:
        """What has come on an end's RTCP port: landed, and told."""
        ring = self.ring
        slot, count = ring.land(c_int(end.rtcp.fileno()), end.rtcp_owner, end.lands)
        kept = count
        for at in range(slot, slot + count):
            key = end.places.key_of(ring.name_rows[at].tobytes())
            if end.reports_from(key):
                length = ring.header_words[at * HEADER_WORDS + LENGTH_WORD]
                end.reports.key = key
                self._listener.reported(end, ring.datagram(at, length))
            else:
                ring.disown(at)
                kept -= 1
        if slot != SCRATCH:
            ring.head += count
        elif count:
            self._leave(end, kept)

    def adopt(self, ends: Mapping[int, RelayEnd], now_s: float) -> None:
        """Send on what a killed predecessor had read and not sent; then it counts as landed."""
        ring = self.ring
        owner, slot, count = ring.unlanded()
        for at in range(slot, slot + count):
            end = ends.get(pair_of(owner) % self.table.pairs)
            length = ring.header_words[at * HEADER_WORDS + LENGTH_WORD]
            if end is None:
                ring.disown(at)
            elif pair_of(owner) >= self.table.pairs:
                self._play_again(end, ring.datagram(at, length), now_s)
            elif is_rtcp(owner):
                self._listener.reported(end, ring.datagram(at, length))
            elif not self._look(end, at, length, now_s):
                ring.disown(at)
        ring.head += count

    def _play_again(self, end: RelayEnd, packet: bytes, now_s: float) -> None:
        """A packet of a prompt that may not have left: the same once more, under its number."""
        voice = end.voice
        sequence = int.from_bytes(packet[2:4], "big")
        behind = (voice.next_index - sequence) & _SEQUENCE
        index = voice.next_index - behind if behind <= 1 else -1
        if index >= 0:
            self.transmit(end, packet, index, int.from_bytes(packet[4:8], "big"), now_s)
