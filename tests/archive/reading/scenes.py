"""Made-up calls: streams of packets, and sealed parts that hold them."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.call.events import (
    CallEnded,
    Event,
    Format,
    Side,
    StreamAdded,
    StreamPartyKnown,
    encode_event,
)
from archive.format.frames import RTCP_FLAG, WHOLE_RECORDING, Frame, FrameKind
from archive.format.header import HeaderBlock
from archive.format.packets import PACKET_DTYPE, Source
from archive.ids import DEFAULT_TENANT, KeyId, NodeId, RecordingId, uuid7
from archive.reading.recording import PartOnDisk
from tests.support.parts import PartWriter, encode_packets

START_US = 1_795_000_000_000_000
SWEEP_US = 640_000
KEY = bytes(range(32))
SALT = bytes(32)
RECORDING = RecordingId(uuid7(START_US, bytes(10)))
CUSTOMER_SOURCE = Source(bytes(10) + b"\xff\xff" + bytes((10, 0, 0, 1)), 5004)
PACKET = 160
PACKET_US = 20_000

PCMU = Format(payload_type=0, encoding="PCMU", clock_rate_hz=8000)
PCMA = Format(payload_type=8, encoding="PCMA", clock_rate_hz=8000)
DIGITS = Format(payload_type=101, encoding="telephone-event", clock_rate_hz=8000)
OPUS = Format(payload_type=111, encoding="opus", clock_rate_hz=48000, channels=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One datagram of a scene."""

    arrival_us: int
    datagram: bytes
    stream: int = 0
    rtcp: bool = False
    serial: int = 0
    source: Source = CUSTOMER_SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A stream that runs without fault: what a test then spoils."""

    stream: int = 0
    packets: int = 50
    begin_us: int = START_US
    ssrc: int = 0xC0FFEE
    sequence: int = 1000
    timestamp: int = 40_000
    payload_type: int = 0
    seed: int = 1
    source: Source = CUSTOMER_SOURCE

    def payloads(self) -> NDArray[np.uint8]:
        """Codes of all packets, shape (packets, 160)."""
        made = np.random.default_rng(self.seed).integers(0, 256, (self.packets, PACKET))
        return made.astype(np.uint8)

    def sent(self, *, delay_us: int = 0) -> list[Packet]:
        """The packets, each 20 ms after the one before."""
        return [
            Packet(
                arrival_us=self.begin_us + i * PACKET_US + delay_us,
                datagram=self._head(i) + payload.tobytes(),
                stream=self.stream,
                source=self.source,
            )
            for i, payload in enumerate(self.payloads())
        ]

    def _head(self, i: int) -> bytes:
        return struct.pack(
            ">BBHII",
            0x80,
            self.payload_type,
            (self.sequence + i) % 65536,
            (self.timestamp + i * PACKET) % (1 << 32),
            self.ssrc,
        )

    def report(self, *, at_us: int, clock_us: int) -> Packet:
        """A sender report that arrives at a time and says what time it is; first sample at 0."""
        seconds, micro = divmod(clock_us, 1_000_000)
        ntp = (seconds + 2_208_988_800) << 32 | (micro << 32) // 1_000_000
        stamp = (self.timestamp + (clock_us - self.begin_us) * 8 // 1000) % (1 << 32)
        report = struct.pack(">BBHIQIII", 0x80, 200, 6, self.ssrc, ntp, stamp, 0, 0)
        return Packet(arrival_us=at_us, datagram=report, stream=self.stream, rtcp=True)


def added(stream: int, *formats: Format, at_us: int = START_US) -> StreamAdded:
    """A stream from the offer on; port 10000 + 2 x stream."""
    return StreamAdded(
        at_us=at_us,
        stream=stream,
        label=str(stream),
        local_port=10_000 + 2 * stream,
        formats=formats or (PCMU, PCMA, DIGITS),
        direction="recvonly",
    )


def played(stream: int, to: str, *, at_us: int = START_US) -> tuple[StreamAdded, StreamPartyKnown]:
    """A stream that the node itself plays to a party, as capture writes it."""
    laid = StreamAdded(
        at_us=at_us,
        stream=stream,
        label=f"to {to}",
        local_port=10_000 + 2 * stream,
        formats=(PCMU,),
        direction="sendonly",
    )
    known = StreamPartyKnown(
        at_us=at_us,
        stream=stream,
        participant="rokuon",
        aor="",
        names=(),
        side="node",
        because="played",
    )
    return laid, known


def party(stream: int, side: Side, name: str = "") -> StreamPartyKnown:
    """Who speaks on a stream."""
    return StreamPartyKnown(
        at_us=START_US,
        stream=stream,
        participant=name or side,
        aor="",
        names=(),
        side=side,
        because="internal_domain",
    )


def ended(at_us: int) -> CallEnded:
    """The call is over."""
    return CallEnded(at_us=at_us, reason="bye")


def number(packets: Iterable[Packet]) -> list[Packet]:
    """Ring sequences in the order of arrival."""
    ordered = sorted(packets, key=lambda p: p.arrival_us)
    return [replace(p, serial=7_000_000 + i) for i, p in enumerate(ordered)]


def frame_of(packets: Sequence[Packet], *, clock_offset_us: int = 0) -> Frame:
    """The PACKETS frame of packets with ring sequences that follow one another."""
    columns = np.zeros(len(packets), PACKET_DTYPE)
    at_us = min(p.arrival_us for p in packets)
    columns["offset_us"] = [p.arrival_us - at_us for p in packets]
    columns["length"] = [len(p.datagram) for p in packets]
    sources = list(dict.fromkeys(p.source for p in packets))
    columns["source"] = [sources.index(p.source) for p in packets]
    payload = encode_packets(
        columns,
        b"".join(p.datagram for p in packets),
        sources=sources,
        clock_offset_us=clock_offset_us,
    )
    flags = RTCP_FLAG if packets[0].rtcp else 0
    first = packets[0]
    return Frame(FrameKind.PACKETS, flags, first.stream, at_us, first.serial, payload)


def sweeps(packets: Iterable[Packet]) -> Iterator[list[Frame]]:
    """Frames as capture writes them: one per socket and sweep; ring sequences given anew."""
    turns: dict[int, dict[tuple[int, bool], list[Packet]]] = {}
    for packet in packets:
        turn = turns.setdefault(packet.arrival_us // SWEEP_US, {})
        turn.setdefault((packet.stream, packet.rtcp), []).append(packet)
    serial = 7_000_000
    for _, turn in sorted(turns.items()):
        frames = []
        for _, run in sorted(turn.items()):
            numbered = [replace(p, serial=serial + i) for i, p in enumerate(run)]
            serial += len(run)
            frames.append(frame_of(numbered))
        yield frames


def event_frames(events: Sequence[Event]) -> list[Frame]:
    """EVENT frames numbered from 0."""
    return [
        Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, event.at_us, i, encode_event(event))
        for i, event in enumerate(events)
    ]


@dataclass(slots=True, kw_only=True)
class Shelf:
    """A folder with the parts of one recording."""

    folder: Path
    parts: list[PartOnDisk] = field(default_factory=list)

    def write(
        self, packets: Iterable[Packet], events: Sequence[Event], *, finish: bool = True
    ) -> "Shelf":
        """Write the next part."""
        return self.write_frames([event_frames(events), *sweeps(packets)], finish=finish)

    def write_frames(self, writes: Iterable[list[Frame]], *, finish: bool = True) -> "Shelf":
        """Write the next part from the frames of each write."""
        path = self.folder / f"part-{len(self.parts)}.rkn"
        writer = PartWriter.create(path, header_of(len(self.parts)), KEY)
        for frames in writes:
            writer.append(frames)
        if finish:
            writer.finish(writer.end("bye", last=True), at_us=START_US, sign=lambda _: bytes(64))
        else:
            writer.abandon()
        self.parts.append(PartOnDisk(path=path, data_key=lambda: KEY))
        return self


def header_of(part: int) -> HeaderBlock:
    """The header block of a part of the one recording."""
    return HeaderBlock(
        recording=RECORDING,
        part=part,
        generation=0,
        key=KeyId(bytes(15) + bytes([part])),
        node=NodeId(bytes(16)),
        tenant=DEFAULT_TENANT,
        created_us=START_US,
        oldest_ms=900,
    )


def long_talk(hours: float, stream: int, payload: int = PACKET) -> Iterator[Frame]:
    """Frames of a stream that talks for hours, made column by column."""
    per_sweep = 21
    count = int(hours * 3600 * 50)
    rng = np.random.default_rng(stream)
    for first in range(0, count, per_sweep):
        size = min(per_sweep, count - first)
        index = np.arange(first, first + size)
        rows = np.zeros((size, 12 + payload), np.uint8)
        rows[:, 0] = 0x80
        rows[:, 2:4] = (index % 65536).astype(">u2").view(np.uint8).reshape(-1, 2)
        rows[:, 4:8] = (index * PACKET).astype(">u4").view(np.uint8).reshape(-1, 4)
        rows[:, 11] = stream + 1
        rows[:, 12:] = rng.integers(0, 256, (size, payload), np.uint8)
        columns = np.zeros(size, PACKET_DTYPE)
        columns["offset_us"] = (index - first) * PACKET_US
        columns["length"] = 12 + payload
        laid = encode_packets(columns, rows.tobytes(), sources=[CUSTOMER_SOURCE], clock_offset_us=0)
        at_us = START_US + first * PACKET_US
        yield Frame(FrameKind.PACKETS, 0, stream, at_us, 2 * first + stream * per_sweep, laid)
