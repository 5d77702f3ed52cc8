"""A recording and its streams as an ingest worker holds them while they live.

Mutable state of one process; everything here can be rebuilt from signalling's `Record`.
"""

from dataclasses import dataclass, field
from typing import Final

from archive.ids import RecordingId, TenantId
from archive.srtp.decryption import Opener, Unopened
from archive.srtp.directions import Direction
from archive.srtp.keys import parse_crypto
from archive.srtp.srtcp import MAX_INDEX, seal_report
from capture.links.recorder_messages import NumberedEvent, Record, StreamWanted
from capture.media.open_part import OpenPart
from capture.media.rtcp import Reporter

# The kernel's counter goes on through the calls of a pair; a stream's first packet sets its zero.
UNKNOWN: Final = -1
SocketEntry = tuple[int, int]
# A new key may be used a moment before we are told of it; three samples are two seconds.
DOUBTS_TOLD: Final = 3
# Sweeps without a sample behind one that was proved: a tag for each was a fifth of a worker.
SWEEPS_OF_REST: Final = 3
_MILLI_US: Final = 1_000


def rtp_owner(pair: int) -> int:
    """The ring's owner value of a pair's RTP socket (0 is nobody)."""
    return pair * 2 + 1


def rtcp_owner(pair: int) -> int:
    """The ring's owner value of a pair's RTCP socket."""
    return pair * 2 + 2


def pair_of(owner: int) -> int:
    """The pair that an owner value belongs to."""
    return (owner - 1) // 2


def is_rtcp(owner: int) -> bool:
    """Whether an owner value is an RTCP socket."""
    return owner % 2 == 0


class StreamSrtp:
    """The keys of one stream, and how often in a row its sample was not proved.

    A sample is proved, reports are opened, ours sealed; what is written stays as it came.
    """

    def __init__(self, wanted: StreamWanted) -> None:
        self._opener, self._own = Opener(), wanted.own_key
        self._sealer: Direction | None = None
        self._began_us = wanted.key_us
        self._doubts = self._rest = 0
        self.learn(wanted)

    def learn(self, wanted: StreamWanted) -> None:
        """Know the keys that are wanted now; raises `CryptoUnusable`."""
        for line in wanted.keys:
            for key in parse_crypto(line).keys:
                self._opener.add(key)
        if wanted.own_key and (self._sealer is None or wanted.own_key != self._own):
            self._sealer = Direction.derived(parse_crypto(wanted.own_key).keys[0])
        self._own, self._rest = wanted.own_key, 0

    def take_turn(self) -> bool:
        """Whether a packet of this sweep is to be tried; each call counts the rest down."""
        due, self._rest = not self._rest, max(0, self._rest - 1)
        return due

    def sample(self, packet: bytes) -> bool:
        """Try one packet of a sweep; true where so many in a row failed that it must be told."""
        if self._opener.fit(packet) is not None:
            self._doubts, self._rest = 0, SWEEPS_OF_REST
            return False
        self._doubts += 1
        return self._doubts == DOUBTS_TOLD

    def open_report(self, packet: bytes) -> bytes:
        """A report in the clear; b"" where no key fits."""
        try:
            return self._opener.open_rtcp(packet)
        except Unopened:
            return b""

    def seal_report(self, compound: bytes, now_us: int) -> bytes | None:
        """A report of ours as SRTCP; None while the peer's suite is not known.

        Its index is the time since the key began, so that no successor of ours repeats one.
        """
        index = (now_us - self._began_us) // _MILLI_US
        if self._sealer is None or not 0 <= index <= MAX_INDEX:
            return None
        return seal_report(self._sealer, compound, index)


@dataclass(slots=True, eq=False)
class LiveStream:
    """One stream on its pair; `rtcp_due` is set when its RTCP socket has something."""

    wanted: StreamWanted
    rtp: SocketEntry
    rtcp: SocketEntry
    recording: "LiveRecording"
    rtcp_due: bool = False
    packets: int = 0
    kernel_drops: int = UNKNOWN
    report_due_s: float = 0.0
    reporter: Reporter | None = None
    secrecy: StreamSrtp | None = None

    @property
    def relayed(self) -> bool:
        """Whether a relay lands its packets, and we have nothing to do with its sockets."""
        return self.wanted.relayed

    def obey(self, wanted: StreamWanted) -> None:
        """Be what is wanted now, with the keys that are known by now."""
        self.wanted = wanted
        if self.secrecy is not None:
            self.secrecy.learn(wanted)
        elif wanted.keys:
            self.secrecy = StreamSrtp(wanted)


@dataclass(frozen=True, slots=True)
class MissingPackets:
    """Packets known to be missing from a stream: a GAP frame to be."""

    stream: int
    cause: int
    packets: int
    from_us: int
    until_us: int


@dataclass(slots=True, eq=False)
class LiveRecording:
    """One recording: its open part, its streams, and the events that no part holds yet.

    It `is_silent` as long as there was no packet of it, nor one that is known to be missing.
    """

    recording: RecordingId
    tenant: TenantId
    streams: dict[int, LiveStream] = field(default_factory=dict)
    events: list[NumberedEvent] = field(default_factory=list)
    unwritten: list[NumberedEvent] = field(default_factory=list)
    gaps: list[MissingPackets] = field(default_factory=list)
    part: OpenPart | None = None
    next_part: int = 0
    announced_part: int = -1
    packets: dict[int, int] = field(default_factory=dict)
    lost: list[MissingPackets] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    clock_offset_us: int = 0
    failed: bool = False
    is_unkept: bool = False
    waits: bool = False
    is_evidence: bool = False
    is_silent: bool = True

    @property
    def has_news(self) -> bool:
        """Is there something to write? Events alone are none where no call is known to be up."""
        if self.runs or self.gaps:
            return True
        return bool(self.unwritten) and (self.next_part > 0 or not self.waits)

    def take_counts(self) -> dict[int, int]:
        """RTP packets by stream since the last call, for the END of a part."""
        for stream in self.streams.values():
            self.settle(stream)
        counts, self.packets = self.packets, {}
        return counts

    def forget_counts(self) -> None:
        """A part is given up as it is: its counts and losses are not those of the next."""
        self.take_counts()
        self.lost.clear()

    def settle(self, stream: LiveStream) -> None:
        """Keep what a stream has counted beyond its own life."""
        number = stream.wanted.stream
        self.packets[number] = self.packets.get(number, 0) + stream.packets
        stream.packets = 0

    @property
    def last_serial(self) -> int:
        """The highest event number known here; −1 before the first."""
        return self.events[-1].serial if self.events else -1

    def learn(self, record: Record) -> list[NumberedEvent]:
        """Take the events that are new; they are also due to be written."""
        self.waits, self.is_evidence = record.waits, record.is_evidence
        new = [event for event in record.events if event.serial > self.last_serial]
        self.events += new
        self.unwritten += new
        return new
