"""RTP headers of many datagrams at once as numpy columns, and the sender reports of RTCP.

Pure. Knows nothing of frames, streams or codecs; what is not RTP is marked, never raised.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

RTP_VERSION: Final = 2
FIXED_HEADER_BYTES: Final = 12
# RFC 5761 section 4: payload types 64 to 95 are RTCP where the two share a port.
RTCP_TYPES: Final = range(64, 96)
SENDER_REPORT: Final = 200
RECEIVER_REPORT: Final = 201
SOURCE_DESCRIPTION: Final = 202
GOODBYE: Final = 203
# RFC 3550 section 6.5.1: sources of one name share a clock.
CNAME: Final = 1
# RFC 3550 section 6.4.1: header, sender SSRC, NTP timestamp, RTP timestamp, packets, octets.
_REPORT: Final = struct.Struct(">BBHIQIII")
_SSRC_BYTES: Final = 4
# One compound packet of a datagram holds few reports; more is an attack.
MAX_RTCP_BLOCKS: Final = 64
# RFC 3550 section 4: NTP counts from 1900, we from 1970.
NTP_TO_UNIX_S: Final = 2_208_988_800

# RFC 3550 section 5.1.
_KIND: Final = 0x7F
_FIXED: Final = np.dtype(
    [("first", "u1"), ("second", "u1"), ("sequence", ">u2"), ("timestamp", ">u4"), ("ssrc", ">u4")]
)

Bytes = NDArray[np.uint8]
Column = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RtpColumns:
    """One row per datagram (RFC 3550 section 5.1); `payload_starts` count from the data's begin.

    Rows where `valid` is false are not RTP or lie about their length; their payload is empty.
    """

    valid: Mask
    payload_type: Column
    sequence: Column
    timestamp: Column
    ssrc: Column
    payload_starts: Column
    payload_lengths: Column


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a sender says of its clock: this RTP timestamp was at this wall time.

    `packets` it has sent since it began, modulo 2^32.
    """

    ssrc: int
    ntp_us: int
    rtp_timestamp: int
    packets: int = 0


class _Cursor:
    """Big-endian fields at computed offsets; out of bounds reads as 0."""

    def __init__(self, data: Bytes) -> None:
        self._data = data if len(data) else np.zeros(1, np.uint8)
        self._last = len(data) - 1

    def byte(self, at: Column) -> Column:
        inside = (at >= 0) & (at <= self._last)
        return np.where(inside, self._data[np.clip(at, 0, max(self._last, 0))], 0).astype(np.int64)

    def short(self, at: Column) -> Column:
        return self.byte(at) << 8 | self.byte(at + 1)


def parse_columns(data: Bytes, starts: Column, lengths: Column) -> RtpColumns:
    """Read the headers of the datagrams that lie at `starts` in `data`; arrays of shape (n,)."""
    fixed = _fixed_headers(data, starts)
    first, second = fixed["first"], fixed["second"]
    payload_type = (second & 0x7F).astype(np.int64)
    header = FIXED_HEADER_BYTES + 4 * (first & 0x0F).astype(np.int64)
    padding = np.zeros(len(starts), np.int64)
    extended, padded = np.flatnonzero(first & 0x10), np.flatnonzero(first & 0x20)
    if len(extended) or len(padded):
        read = _Cursor(data)
        header[extended] += 4 + 4 * read.short(starts[extended] + header[extended] + 2)
        padding[padded] = read.byte(starts[padded] + lengths[padded] - 1)
    body = lengths - header - padding
    valid = (first >> 6 == RTP_VERSION) & (lengths >= FIXED_HEADER_BYTES) & (body >= 0)
    valid &= (payload_type < RTCP_TYPES.start) | (payload_type >= RTCP_TYPES.stop)
    valid[padded] &= padding[padded] > 0
    return RtpColumns(
        valid=valid,
        payload_type=payload_type,
        sequence=fixed["sequence"].astype(np.int64),
        timestamp=fixed["timestamp"].astype(np.int64),
        ssrc=fixed["ssrc"].astype(np.int64),
        payload_starts=starts + header,
        payload_lengths=np.where(valid, body, 0),
    )


def _fixed_headers(data: Bytes, starts: Column) -> NDArray[np.void]:
    """The first 12 bytes at each place; those of a datagram that is shorter mean nothing."""
    if len(data) < FIXED_HEADER_BYTES:
        data = np.concatenate((data, np.zeros(FIXED_HEADER_BYTES, np.uint8)))
    last = len(data) - FIXED_HEADER_BYTES
    everywhere = np.ndarray((last + 1,), _FIXED, data, strides=(1,))
    return everywhere[np.clip(starts, 0, last)]


def muxed_reports(data: Bytes, starts: Column, lengths: Column) -> Mask:
    """Which datagrams on a port of RTP are RTCP (RFC 5761 section 4); shape (n,)."""
    kinds = data[np.minimum(starts + 1, len(data) - 1)] & _KIND if len(data) else starts
    told: Mask = (kinds >= RTCP_TYPES.start) & (kinds < RTCP_TYPES.stop) & (lengths > 1)
    return told


def unwrap(values: Column, bits: int, after: int) -> Column:
    """Extend counters of `bits` bits: each step is the shortest way from the one before.

    `after` is the extended value before the first; RFC 3550 appendix A.1 in both directions.
    """
    half = 1 << (bits - 1)
    steps = np.diff(values, prepend=after)
    return after + np.cumsum((steps + half) % (1 << bits) - half)


def distance(values: Column, origin: int, bits: int) -> Column:
    """Signed shortest distance from `origin` to each value, modulo 2^bits."""
    half = 1 << (bits - 1)
    return (values - origin + half) % (1 << bits) - half


def wrapped(difference: int, bits: int) -> int:
    """The shortest way that a difference of two counters of `bits` bits can mean."""
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half


@dataclass(frozen=True, slots=True)
class SourceName:
    """The canonical name of a source, as its sender spells it."""

    ssrc: int
    name: bytes


class _Rtcp(NamedTuple):
    """One packet of a compound packet: its type, and where it lies in the datagram."""

    kind: int
    at: int
    end: int


@lru_cache(1)  # each is asked for its reports, its names and its goodbyes
def _compound(datagram: bytes) -> tuple[_Rtcp, ...]:
    return tuple(_walked(datagram))


def _walked(datagram: bytes) -> Iterator[_Rtcp]:
    """The packets of a compound packet (RFC 3550 section 6.1); stop where it breaks."""
    at = 0
    for _ in range(MAX_RTCP_BLOCKS):
        if len(datagram) - at < 4:  # noqa: PLR2004 - an RTCP header
            return
        first, kind, words = struct.unpack_from(">BBH", datagram, at)
        end = at + 4 + 4 * words
        if first >> 6 != RTP_VERSION or end > len(datagram):
            return
        yield _Rtcp(kind, at, end)
        at = end


def sender_reports(datagram: bytes) -> Iterator[SenderReport]:
    """Find the sender reports of a compound packet."""
    for one in _compound(datagram):
        if one.kind == SENDER_REPORT and one.end - one.at >= _REPORT.size:
            yield _report(datagram, one.at)


def receiver_reports(datagram: bytes) -> Iterator[int]:
    """Find who of a compound packet reports without having sent (RFC 3550 section 6.4.2)."""
    for one in _compound(datagram):
        if one.kind == RECEIVER_REPORT and one.end - one.at >= 2 * _SSRC_BYTES:
            yield _ssrc(datagram, one.at + _SSRC_BYTES)


def byes(datagram: bytes) -> Iterator[int]:
    """Find the sources that say in a compound packet that they leave (RFC 3550 section 6.6)."""
    for one in _compound(datagram):
        if one.kind == GOODBYE:
            count = min(datagram[one.at] & 0x1F, (one.end - one.at) // _SSRC_BYTES - 1)
            for number in range(1, count + 1):
                yield _ssrc(datagram, one.at + number * _SSRC_BYTES)


def _ssrc(datagram: bytes, at: int) -> int:
    return int.from_bytes(datagram[at : at + _SSRC_BYTES])


def source_names(datagram: bytes) -> Iterator[SourceName]:
    """Find the canonical names of a compound packet."""
    for one in _compound(datagram):
        if one.kind == SOURCE_DESCRIPTION:
            yield from _names(datagram[one.at + 4 : one.end])


def _names(chunks: bytes) -> Iterator[SourceName]:
    """RFC 3550 section 6.5: a source and its items; a 0 and padding to 32 bits end a chunk."""
    at = 0
    while at + 4 < len(chunks):
        ssrc = int.from_bytes(chunks[at : at + 4])
        at += 4
        while at + 1 < len(chunks) and chunks[at]:
            kind, text = chunks[at], chunks[at + 2 : at + 2 + chunks[at + 1]]
            if kind == CNAME and len(text) == chunks[at + 1]:
                yield SourceName(ssrc, text)
            at += 2 + chunks[at + 1]
        at = at // 4 * 4 + 4


def _report(datagram: bytes, at: int) -> SenderReport:
    _, _, _, ssrc, ntp, timestamp, packets, _ = _REPORT.unpack_from(datagram, at)
    return SenderReport(ssrc, ntp_to_us(ntp), timestamp, packets)


def ntp_to_us(ntp: int) -> int:
    """Turn a 64-bit NTP timestamp into µs since 1970 UTC; small seconds lie in the era of 2036."""
    seconds = ntp >> 32
    if seconds < NTP_TO_UNIX_S:
        seconds += 1 << 32
    fraction_us = ((ntp & 0xFFFFFFFF) * 1_000_000) >> 32
    return (seconds - NTP_TO_UNIX_S) * 1_000_000 + fraction_us
