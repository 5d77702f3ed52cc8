"""One side of a self-test call: its speech over RTP, its reports over RTCP, and what it sent.

Knows nothing of SIP; told when to speak, rest and stop.
"""

import asyncio
import secrets
import struct
from dataclasses import dataclass
from typing import Final

from rokuon.machine.clock import monotonic_s, now_us
from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.sender import StreamCount
from rokuon.selftest.session_description import AnsweredStream
from rokuon.selftest.slot import OutgoingStream
from rokuon.selftest.sources import Source
from rokuon.selftest.speech_files import PACKET_SAMPLES, Side

_RATE: Final = 8_000
_SEQUENCES: Final = 1 << 16
_TIMESTAMPS: Final = 1 << 32
_SENDER_REPORT: Final = struct.Struct(">BBHIIIIII")
_SOURCE_CHUNK: Final = struct.Struct(">BBHI")
_SENDER_REPORT_TYPE: Final = 200
_DESCRIPTION_TYPE: Final = 202
_GOODBYE_TYPE: Final = 203
_CNAME: Final = 1
_VERSION_2: Final = 0x80
_ONE_CHUNK: Final = 0x81
# Seconds from 1900, where NTP begins, to 1970.
_NTP_OFFSET_S: Final = 2_208_988_800
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamResult:
    side: Side
    ssrc: int
    packets: int


class Speaker:
    """Speaks from `source` (number `number` of the engine) to where the server answered."""

    def __init__(self, side: Side, engine: MediaEngine, source: Source, number: int) -> None:
        self._side, self._engine, self._source, self._number = side, engine, source, number
        self._ssrc = secrets.randbelow(_TIMESTAMPS)
        self._to = AnsweredStream("", 0)
        self._stream_id = 0
        self._counts: list[StreamCount] = []

    def speak(self, speech: bytes, to: AnsweredStream) -> None:
        """Begin, or go on after a rest: the timestamps count the rest, the sequence does not."""
        self._to = to
        sequence, timestamp = secrets.randbelow(_SEQUENCES), secrets.randbelow(_TIMESTAMPS)
        if self._counts:
            last = self._counts[-1]
            sequence, timestamp = last.next_sequence, self._timestamp_now(last) % _TIMESTAMPS
        stream = OutgoingStream(
            host=to.host,
            port=to.port,
            ssrc=self._ssrc,
            speech=speech,
            source=self._number,
            sequence=sequence,
            timestamp=timestamp,
            first_packet=self._packets(),
        )
        self._stream_id = self._engine.add(stream)

    async def rest(self) -> None:
        """Send no more until `speak`."""
        if self._stream_id:
            count = await asyncio.wrap_future(self._engine.remove(self._stream_id))
            self._counts.append(count)
            self._stream_id = 0

    async def report(self) -> None:
        """Send a sender report with source description."""
        count = await self._count()
        packets = self._packets() + (count.packets if self._stream_id else 0)
        report = sender_report(
            self._ssrc, now_us(), self._timestamp_now(count), packets, packets * PACKET_SAMPLES
        )
        cname = f"{self._side}@selftest.invalid".encode()
        self._send_rtcp(report + description(self._ssrc, cname))

    async def stop(self) -> StreamResult:
        """End the stream; what was sent of it. `speak` must have been called."""
        await self.rest()
        await self.report()
        self._send_rtcp(goodbye(self._ssrc))
        return StreamResult(side=self._side, ssrc=self._ssrc, packets=self._packets())

    async def _count(self) -> StreamCount:
        if self._stream_id:
            return await asyncio.wrap_future(self._engine.count(self._stream_id))
        return self._counts[-1]

    def _packets(self) -> int:
        return sum(count.packets for count in self._counts)

    def _timestamp_now(self, count: StreamCount) -> int:
        since_s = monotonic_s() - count.last_at_s if count.packets else 0.0
        return count.next_timestamp - PACKET_SAMPLES + int(since_s * _RATE)

    def _send_rtcp(self, packet: bytes) -> None:
        self._source.rtcp.sendto(packet, (self._to.host, self._to.port + 1))


def sender_report(ssrc: int, at_us: int, timestamp: int, packets: int, octets: int) -> bytes:
    """An SR without report blocks (RFC 3550 §6.4.1); `timestamp`: RTP time of `at_us` (UTC)."""
    seconds, rest_us = divmod(at_us, _MICROSECONDS)
    return _SENDER_REPORT.pack(
        _VERSION_2,
        _SENDER_REPORT_TYPE,
        _SENDER_REPORT.size // 4 - 1,
        ssrc,
        (seconds + _NTP_OFFSET_S) & 0xFFFFFFFF,
        (rest_us << 32) // _MICROSECONDS,
        timestamp & 0xFFFFFFFF,
        packets & 0xFFFFFFFF,
        octets & 0xFFFFFFFF,
    )


def description(ssrc: int, cname: bytes) -> bytes:
    """An SDES with the CNAME alone (RFC 3550 §6.5)."""
    item = bytes((_CNAME, len(cname))) + cname
    item += bytes(4 - len(item) % 4)  # at least one zero ends the list
    words = (_SOURCE_CHUNK.size + len(item)) // 4 - 1
    return _SOURCE_CHUNK.pack(_ONE_CHUNK, _DESCRIPTION_TYPE, words, ssrc) + item


def goodbye(ssrc: int) -> bytes:
    """A BYE (RFC 3550 §6.6)."""
    return _SOURCE_CHUNK.pack(_ONE_CHUNK, _GOODBYE_TYPE, 1, ssrc)
