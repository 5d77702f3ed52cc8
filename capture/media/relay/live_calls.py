"""The calls of a relay and their ends, as they are while they live.

Mutable state of one process, kept in the relay's table at every change that is not a number of the
hot loop's. Knows nothing of how packets move.
"""

import socket
from collections.abc import Callable
from ctypes import c_int
from dataclasses import dataclass, field
from typing import Final

from capture.links.relay_messages import Latch, Place, Played, Playing, RelayCall, RelayedEnd, Side
from capture.media.live import rtcp_owner, rtp_owner
from capture.media.relay.kernel_addresses import NO_KEY, KernelAddresses, Key, Target
from capture.media.relay.latch import SourceLatch
from capture.media.relay.outgoing_stream import NO_SOURCE, STAMPS, OutgoingNumbers
from capture.media.relay.payload_types import kinds_of
from capture.media.relay.srtp import SrtpOpener, SrtpSealer, secret_of
from capture.media.relay.table_entries import ENCODER, KeptCall, KeptEnd, KeptPlay
from capture.native.layout import Arrivals, Turn
from capture.prompts.prompt_file import Prompt

Send = Callable[[bytes, Target], int]
# An end whose source changes again within so long is restless: what a successor finds is not
# written with each change, but says that the source begins anew.
RESTLESS_S: Final = 1.0


@dataclass(slots=True, eq=False)
class Play:
    """A prompt that is being played: packet k leaves at `begun_s` + k × its packet time.

    The kernel has `refused` so many of them.
    """

    order: Playing
    prompt: Prompt
    begun_s: float
    from_us: int
    first_index: int
    first_stamp: int
    until_us: int = 0
    refused: int = 0

    def kept(self) -> KeptPlay:
        return KeptPlay(
            serial=self.order.serial,
            begun_s=self.begun_s,
            from_us=self.from_us,
            first_index=self.first_index,
            first_stamp=self.first_stamp,
            packet_ms=self.prompt.packet_ms,
            whole_ms=self.prompt.whole_ms,
            refused=self.refused,
        )


@dataclass(slots=True)
class ReportsHeard:
    """Where a party's reports come from, and the last one of what it sends."""

    key: Key = NO_KEY
    middle_ntp: int = 0
    at_us: int = 0


@dataclass(slots=True, eq=False)
class RelayEnd:
    """One end of a call on its sockets."""

    call: "LiveCall"
    side: Side
    wanted: RelayedEnd
    rtp: socket.socket
    rtcp: socket.socket
    places: KernelAddresses
    source_latch: SourceLatch
    voice: OutgoingNumbers
    arrivals: Arrivals
    turn: Turn
    # What the hot loop looks at; `refresh` sets it.
    pair: int = 0
    owner: int = 0
    descriptor: int = -1
    c_descriptor: c_int = field(default_factory=c_int)
    latched: Key = NO_KEY
    passes: bool = False
    lands: bool = False
    kinds: list[int] = field(default_factory=list)
    sent_kinds: list[int] = field(default_factory=list)
    target: Target | None = None
    send: Send = None  # type: ignore[assignment]  # `refresh` sets it
    hearer: "RelayEnd" = None  # type: ignore[assignment]
    changed_s: float = -RESTLESS_S
    is_restless: bool = False
    # Beside the packets.
    opener: SrtpOpener | None = None
    sealer: SrtpSealer | None = None
    own_key: str = ""
    play: Play | None = None
    over_serial: int = -1
    played: Played | None = None
    own_name: bytes = b""
    last_event: int = -1
    reports: ReportsHeard = field(default_factory=ReportsHeard)
    report_due_s: float = 0.0
    told_latch: Key = NO_KEY
    told_report: tuple[int, int] = (0, 0)
    reported_s: float = 0.0
    # When it was heard last by RTCP.
    reports_s: float = 0.0

    @property
    def other(self) -> "RelayEnd":
        return self.call.ends[1 - self.side]

    @property
    def rtcp_owner(self) -> int:
        """The ring's owner value of what comes on the RTCP port."""
        return rtcp_owner(self.wanted.pair)

    def obey(self, wanted: RelayedEnd, began_us: int) -> None:
        """Be what is wanted now; keys that were named before stay known."""
        self.wanted = wanted
        voice = self.voice
        voice.clock_hz, voice.packet_ms = wanted.clock_hz, wanted.packet_ms
        keys = tuple(self.places.key(place) for place in self._reachable())
        self.source_latch.obey(wanted.latch, keys, is_kept=wanted.keeps_latch)
        if wanted.keys and self.opener is None:
            self.opener = SrtpOpener(self.turn)
        if self.opener is not None:
            self.opener.learn(wanted.keys)
        if not wanted.keys:
            self.opener = None
        if wanted.own_key != self.own_key:
            self.own_key = wanted.own_key
            self.sealer = SrtpSealer(wanted.own_key, began_us) if wanted.own_key else None
            if wanted.own_key:
                self._count_anew(voice.key(secret_of(wanted.own_key)))

    def _count_anew(self, jump: int) -> None:
        """What is being played goes on under the numbers that come now."""
        if self.play is not None:
            self.play.first_index += jump

    def refresh(self) -> None:
        """Work out what the hot loop looks at."""
        wanted, other = self.wanted, self.other
        self.pair, self.owner = wanted.pair, rtp_owner(wanted.pair)
        self.c_descriptor = c_int(self.rtp.fileno())
        self.descriptor, self.send, self.hearer = self.rtp.fileno(), self.rtp.sendto, other
        self.lands = self.call.wanted.is_landed and not self.is_hushed
        self.latched = self.source_latch.key
        self.sent_kinds, self.kinds = kinds_of(wanted)
        self.passes = not self.call.wanted.is_raw and self.may_pass()

    @property
    def is_hushed(self) -> bool:
        """Is nothing of it kept: as wanted, until it has been told?"""
        order = self.wanted.playing
        is_told = order is not None and order.serial in self.call.through
        return self.wanted.is_hushed and not is_told

    @property
    def is_awaited(self) -> bool:
        """Is it behind an address translator and unheard, so that nobody knows where it is?"""
        return self.wanted.latch is Latch.NAT and self.source_latch.key == NO_KEY

    def may_pass(self) -> bool:
        """Whether what comes from here goes to the other end."""
        other = self.other
        return (
            self.call.is_joined and self.wanted.speaks and other.may_hear() and other.play is None
        )

    def may_hear(self) -> bool:
        """Whether anything may be sent to this end."""
        return self.wanted.hears and self.target is not None

    def aim(self) -> None:
        """Send to whom is heard, else where the SDP says."""
        reachable = self._reachable()
        self.target = None
        if reachable:
            key, places = self.source_latch.key, self.places
            place = reachable[0] if key == NO_KEY else places.place(key)
            self.target = places.target(place)

    def _reachable(self) -> list[Place]:
        return [place for place in self.wanted.places if self.places.accepts(place)]

    def sample(self, stamp: int, stamps: memoryview, at: int) -> None:
        """A packet for the estimate of jitter (RFC 3550 §6.4.1), with its arrival in the kernel."""
        arrived_s = stamps[at + 2] + stamps[at + 3] / 1e9
        transit = (arrived_s * self.hearer.wanted.clock_hz - stamp) % STAMPS
        arrivals = self.arrivals
        moved = abs(transit - arrivals.transit)
        arrivals.transit = transit
        if moved < self.wanted.clock_hz:  # else another source or clock
            arrivals.jitter += (moved - arrivals.jitter) / 16

    def reports_from(self, key: Key) -> bool:
        """Whether RTCP from there is this end's: from a host of its, whatever the port.

        Some send it from anywhere; it goes nowhere but into the recording.
        """
        known = (*self.source_latch.signalled, self.source_latch.key)
        hosts = {self.places.place(each).host for each in known if each != NO_KEY}
        if self.wanted.reports_to is not None:
            hosts.add(self.wanted.reports_to.host)
        return self.wanted.latch is Latch.ANY or self.places.place(key).host in hosts

    def kept(self) -> KeptEnd:
        voice, play = self.voice, self.play
        key = self.source_latch.key
        return KeptEnd(
            heard_from=None if key == NO_KEY else self.places.place(key),
            stamp=voice.stamp,
            at_s=voice.at_s,
            source=NO_SOURCE if self.other.is_restless else voice.source,
            sequence_shift=voice.sequence_shift,
            stamp_shift=voice.stamp_shift,
            begun=voice.begun,
            packets=voice.packets,
            octets=voice.octets,
            over_serial=self.over_serial,
            play=None if play is None else play.kept(),
            played=self.played,
            secret=voice.secret,
            floor=voice.floor,
        )

    def take_over(self, kept: KeptEnd, next_index: int) -> None:
        """Go on where a predecessor was."""
        voice = self.voice
        voice.stamp, voice.at_s, voice.source = kept.stamp, kept.at_s, kept.source
        voice.sequence_shift, voice.stamp_shift = kept.sequence_shift, kept.stamp_shift
        voice.begun, voice.packets, voice.octets = kept.begun, kept.packets, kept.octets
        voice.secret, voice.floor = kept.secret, kept.floor
        voice.next_index = voice.source_index = max(next_index, kept.floor)
        self.over_serial, self.played = kept.over_serial, kept.played
        if kept.heard_from is not None:
            self.source_latch.key = self.told_latch = self.places.key(kept.heard_from)


@dataclass(slots=True, eq=False)
class LiveCall:
    """A call; `through` are the serials of the orders with `opens` that are.

    What its ends may do is `show`n to the compiled loop.
    """

    wanted: RelayCall
    began_us: int
    show: Callable[["RelayEnd"], None]
    ends: tuple[RelayEnd, RelayEnd] = ()  # type: ignore[assignment]  # set right after
    through: tuple[int, ...] = ()
    is_named: bool = False

    @property
    def openings(self) -> set[int]:
        """The serials of the orders that join the ends when they are through."""
        orders = (end.wanted.playing for end in self.ends)
        return {order.serial for order in orders if order is not None and order.opens}

    @property
    def is_joined(self) -> bool:
        """Whether the ends hear each other: as wanted, or since the notice was through."""
        openings = self.openings
        return self.wanted.is_joined or bool(openings and openings.issubset(self.through))

    def refresh(self) -> None:
        """Both ends anew: what the one may do depends on the other."""
        for end in self.ends:
            end.aim()
        for end in self.ends:
            end.refresh()
        for end in self.ends:
            self.show(end)

    def part(self) -> None:
        """Its ends know it and each other no more: the collector looks only at what is young."""
        for end in self.ends:
            end.hearer = None  # type: ignore[assignment]  # nothing is heard of it any more
        self.ends = ()  # type: ignore[assignment]

    def kept(self) -> bytes:
        """For the relay's table."""
        first, second = (end.kept() for end in self.ends)
        return ENCODER.encode(
            KeptCall(
                call=self.wanted, began_us=self.began_us, through=self.through, ends=(first, second)
            )
        )
