"""Legs of an hour whose clocks run wrong, behind a network that holds packets up.

Each packet's payload is one loud sample: what is not silent in the audio is where one lies.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from archive.format.frames import HEAD_BYTES, RTCP_FLAG, Frame, FrameKind
from archive.format.packets import PACKET_DTYPE
from archive.format.runs import run_of
from archive.reading.map_builder import MapBuilder
from archive.reading.packets.rtp import NTP_TO_UNIX_S, Column
from archive.reading.render import Renderer
from archive.reading.timeline import SampleRange, Timeline, build_timeline
from archive.reading.timemap import TimeMap
from tests.archive.reading.scenes import (
    CUSTOMER_SOURCE,
    PACKET,
    PACKET_US,
    SALT,
    START_US,
    SWEEP_US,
)
from tests.support.parts import encode_packets

HOUR_S = 3_600
DELAY_US = 25_000
JITTER_US = 20_000
SPIKE_US = 150_000
REPORT_NOISE_US = 8_000
LOUD: Final = 0x80
FRAMES_AT_ONCE: Final = 200
BLOCK: Final = 1_000_000

Hold = Literal["timestamps run on", "timestamps stand still"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One party: by how much its clock is slow, when it holds, when its source changes.

    `clock_off_us`: what its wall clock, of which the reports tell, is ahead by, `clock` its
    name; reports come every five seconds if `reports`.
    """

    stream: int
    ppm: float
    length_s: int = HOUR_S
    hold_s: tuple[int, int] = (1_300, 1_540)
    hold: Hold = "timestamps run on"
    change_s: int = 2_700
    shape: float = 2.0
    reports: bool = False
    clock_off_us: int = 0
    clock: bytes = b"client"
    payload: int = 1

    @property
    def _random(self) -> np.random.Generator:
        return np.random.default_rng(10 + self.stream)

    def sent_us(self, device_us: Column) -> Column:
        """True time at which a time of the device's own clock was."""
        return START_US + device_us + (device_us * self.ppm / 1e6).astype(np.int64)

    def packets(self) -> "Packets":
        """Those that arrive, in the order in which they were sent."""
        rng = self._random
        count = self.length_s * 1_000_000 // PACKET_US
        number = np.arange(count)
        device_us = number * PACKET_US
        first, end = (second * 1_000_000 // PACKET_US for second in self.hold_s)
        spoken = (number < first) | (number >= end)
        changed = number >= self.change_s * 1_000_000 // PACKET_US
        held = (end - first) if self.hold == "timestamps stand still" else 0
        stamps = (number - np.where(number >= end, held, 0)) * PACKET
        arrived = spoken & ~_lost(rng, count)
        made = Packets(
            sent_us=self.sent_us(device_us),
            delay_us=DELAY_US + _held_up(rng, count, self.shape),
            sequence=60_000 + np.cumsum(spoken),
            timestamp=np.where(changed, 3_000_000_000, 4_200_000_000) + stamps,
            ssrc=np.where(changed, 77, 7) + self.stream,
        )
        return made.pick(np.flatnonzero(arrived))

    def reported(self, packets: "Packets") -> Iterator[tuple[int, bytes]]:
        """When each sender report arrives, and its datagram."""
        if not self.reports:
            return
        delays = DELAY_US + _held_up(self._random, len(packets), self.shape)
        wrong = self._random.integers(-REPORT_NOISE_US, REPORT_NOISE_US, len(packets))
        for at in range(40, len(packets), 250):
            sent_us = int(packets.sent_us[at])
            told_us = sent_us + self.clock_off_us + int(wrong[at])
            seconds, micro = divmod(told_us, 1_000_000)
            ntp = (seconds + NTP_TO_UNIX_S) << 32 | (micro << 32) // 1_000_000
            source, stamp = int(packets.ssrc[at]), int(packets.timestamp[at]) % (1 << 32)
            report = struct.pack(">BBHIQIII", 0x80, 200, 6, source, ntp, stamp, 0, 0)
            yield sent_us + int(delays[at]), report + _described(source, self.clock)

    def frames(self) -> Iterator[Frame]:
        """What capture writes of it, one frame per sweep."""
        packets = self.packets()
        yield from _report_frames(self.stream, self.reported(packets))
        arrivals = packets.sent_us + packets.delay_us
        packets, arrivals = packets.pick(order := np.argsort(arrivals)), arrivals[order]
        sweeps = (arrivals - START_US) // SWEEP_US
        borders = np.flatnonzero(np.diff(sweeps, prepend=-1, append=sweeps[-1] + 1))
        for first, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
            part = packets.pick(np.arange(first, end))
            yield self._frame(part, arrivals[first:end], first)

    def _frame(self, packets: "Packets", arrivals: Column, serial: int) -> Frame:
        rows = packets.datagrams(self.payload)
        columns = np.zeros(len(rows), PACKET_DTYPE)
        columns["offset_us"] = arrivals - arrivals[0]
        columns["length"] = rows.shape[1]
        laid = encode_packets(columns, rows.tobytes(), sources=[CUSTOMER_SOURCE], clock_offset_us=0)
        return Frame(FrameKind.PACKETS, 0, self.stream, int(arrivals[0]), serial, laid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packets:
    """Packets of a leg, one array entry each."""

    sent_us: Column
    delay_us: Column
    sequence: Column
    timestamp: Column
    ssrc: Column

    def __len__(self) -> int:
        return len(self.sent_us)

    def pick(self, which: Column) -> "Packets":
        """The packets that an index names."""
        return Packets(
            sent_us=self.sent_us[which],
            delay_us=self.delay_us[which],
            sequence=self.sequence[which],
            timestamp=self.timestamp[which],
            ssrc=self.ssrc[which],
        )

    def datagrams(self, payload: int) -> NDArray[np.uint8]:
        """One row each; all samples but the first tell the timestamp."""
        rows = np.zeros((len(self), 12 + payload), np.uint8)
        rows[:, 0] = 0x80
        rows[:, 2:4] = _big_endian(self.sequence % (1 << 16), ">u2")
        rows[:, 4:8] = _big_endian(self.timestamp % (1 << 32), ">u4")
        rows[:, 8:12] = _big_endian(self.ssrc, ">u4")
        along = (self.timestamp // PACKET)[:, None] + 7 * np.arange(payload)
        rows[:, 12:] = along % 251
        rows[:, 12] = LOUD
        return rows


def _big_endian(values: Column, kind: str) -> NDArray[np.uint8]:
    return values.astype(kind).view(np.uint8).reshape(len(values), -1)


def _lost(rng: np.random.Generator, count: int) -> NDArray[np.bool_]:
    """2 % in bursts of five."""
    begins = rng.random(count) < 0.004
    return np.convolve(begins, np.ones(5))[:count] > 0


def _held_up(rng: np.random.Generator, count: int, shape: float) -> Column:
    """Gamma-distributed, 20 ms in the mean; spikes of 150 ms that last ten packets."""
    usual = rng.gamma(shape, JITTER_US / shape, count)
    spikes = np.convolve(rng.random(count) < 0.001, np.ones(10))[:count] > 0
    return (usual + SPIKE_US * spikes).astype(np.int64)


def _described(source: int, name: bytes) -> bytes:
    chunk = struct.pack(">IBB", source, 1, len(name)) + name + b"\0"
    chunk += bytes(-len(chunk) % 4)
    return struct.pack(">BBH", 0x81, 202, len(chunk) // 4) + chunk


def _report_frames(stream: int, reports: Iterable[tuple[int, bytes]]) -> Iterator[Frame]:
    for number, (arrival_us, datagram) in enumerate(reports):
        columns = np.zeros(1, PACKET_DTYPE)
        columns["length"] = len(datagram)
        laid = encode_packets(columns, datagram, sources=[CUSTOMER_SOURCE], clock_offset_us=0)
        yield Frame(FrameKind.PACKETS, RTCP_FLAG, stream, arrival_us, number, laid)


@dataclass(slots=True)
class Held:
    """Frames as a part's reader gives them."""

    held: list[Frame] = field(default_factory=list)
    plain_bytes: int = 0

    def take(self, frame: Frame) -> None:
        """Lay a frame behind the last."""
        self.held.append(replace(frame, position=self.plain_bytes))
        self.plain_bytes += HEAD_BYTES + len(frame.payload)

    def frames(self, start: int = 0, stop: int | None = None) -> Iterable[Frame]:
        """Frames whose heads lie in a plaintext range."""
        first = bisect_left(self.held, start, key=lambda frame: frame.position)
        end = self.plain_bytes if stop is None else stop
        return self.held[first : bisect_left(self.held, end, key=lambda frame: frame.position)]

    def map(self) -> TimeMap:
        """The map of the part."""
        builder = MapBuilder(SALT)
        for first in range(0, len(self.held), FRAMES_AT_ONCE):
            builder.add(run_of(self.held[first : first + FRAMES_AT_ONCE]))
        return builder.finish(self.plain_bytes)


def recorded(*legs: Leg, cuts_s: Sequence[int] = ()) -> Renderer:
    """The recording of a call, its parts cut at some seconds."""
    parts = [Held() for _ in range(len(cuts_s) + 1)]
    for frame in sorted((f for leg in legs for f in leg.frames()), key=lambda frame: frame.at_us):
        second = (frame.at_us - START_US) // 1_000_000
        parts[sum(second >= cut for cut in cuts_s)].take(frame)
    return Renderer(build_timeline([part.map() for part in parts]), parts)


def places_us(renderer: Renderer, lane: int) -> Column:
    """Wall time of each loud sample of a lane."""
    line: Timeline = renderer.timeline
    found = []
    for first in range(0, line.samples, BLOCK):
        wanted = SampleRange(first, min(first + BLOCK, line.samples))
        found.append(first + np.flatnonzero(renderer.render(wanted, [lane])[:, 0]))
    return line.start_us + 125 * np.concatenate(found)
